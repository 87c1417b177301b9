"""Which plugin keeps a halt for several hosts, by the address that a command line names."""

from __future__ import annotations

from importlib.metadata import entry_points

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.ports import HaltStore, OpensHaltStore, Secrets
from karb_core.texts.text import Text

GROUP = "karb.halts"


def halt_store(address: str, secrets: Secrets) -> HaltStore:
    """Errors: UsageMistake for an address of no scheme that is known; PluginUnusable where what it needs is missing."""
    scheme = address.partition("://")[0] if "://" in address else ""
    point = next((each for each in entry_points(group=GROUP) if each.name == scheme), None)
    if point is None:
        known = ", ".join(sorted(f"{each.name}://" for each in entry_points(group=GROUP)))
        raise UsageMistake(Text("halts.scheme", {"known": known or "-"}), Text("halts.scheme.help"))
    try:
        opens = point.load()
    except ImportError as e:
        raise PluginUnusable(Text("halts.missing", {"what": e.name or str(e)}), Text("halts.extra")) from e
    if not isinstance(opens, OpensHaltStore):
        raise PluginUnusable(Text("halts.no_store", {"where": point.value}))
    return opens.open_halts(address, secrets)
