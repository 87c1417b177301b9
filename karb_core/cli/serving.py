"""`karb run --serve`: finds the server that is installed, and stands it beside the house."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points

from karb_core.cli.app import TerminalApp
from karb_core.cli.served_house import HouseLog, HouseServed
from karb_core.cli.terminal import Terminal
from karb_core.errors import PluginUnusable
from karb_core.ports import Clock, Server, Serving
from karb_core.texts.text import Text
from karb_core.wiring.home import home
from karb_core.wiring.running import Running
from karb_core.wiring.serving_beside import ServingBeside

GROUP = "karb.servers"
NAME = "dashboard"
_FOLDER = "serve"


def served(
    terminal: Terminal, at: str, files: dict[str, str], ledger: str, clock: Clock
) -> tuple[ServingBeside, HouseLog]:
    """The server beside the house, and what the house is to speak through. Errors: PluginUnusable where none is there."""
    server, log = _server(), HouseLog(terminal, clock)

    def opens(opened: Sequence[Running]) -> Serving:
        house = HouseServed(opened, files, ledger, terminal, log)
        return server.open(TerminalApp(terminal), at, home() / _FOLDER, house)

    return ServingBeside(opens, log.say), log


def _server() -> Server:
    point = next((each for each in entry_points(group=GROUP) if each.name == NAME), None)
    if point is None:
        raise PluginUnusable(Text("serve.none"), Text("serve.extra"))
    try:
        found = point.load()
    except ImportError as e:
        raise PluginUnusable(Text("serve.missing", {"what": e.name or str(e)}), Text("serve.extra")) from e
    if not isinstance(found, Server):
        raise PluginUnusable(Text("serve.no_server", {"where": point.value}))
    return found
