"""Which commands there are: ours by file, plugins' by entry point; each is imported when it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import click

from karb_core.texts.text import Text

GROUP = "karb.commands"


@dataclass(frozen=True, slots=True)
class _Command:
    module: str

    @property
    def about(self) -> Text:
        return Text(f"about.{self.module}")


#: In the order in which an owner meets them.
COMMANDS = {
    "new": _Command("new"),
    "check": _Command("check"),
    "test": _Command("test"),
    "plan": _Command("plan"),
    "run": _Command("run"),
    "why": _Command("why"),
    "replay": _Command("replay"),
    "parity": _Command("parity"),
    "status": _Command("status"),
    "positions": _Command("positions"),
    "pnl": _Command("pnl"),
    "report": _Command("report"),
    "halt": _Command("halt"),
    "resume": _Command("resume"),
    "approve": _Command("approve"),
    "ack": _Command("ack"),
    "reload": _Command("reload"),
    "ledger": _Command("ledger"),
    "keys": _Command("keys"),
    "lock": _Command("lock"),
    "diff": _Command("diff"),
    "list": _Command("list"),
    "describe": _Command("describe"),
    "explain": _Command("explain"),
    "schema": _Command("schema"),
    "doctor": _Command("doctor"),
}


def command_names() -> list[str]:
    return [*COMMANDS, *sorted(_of_plugins())]


def about(name: str) -> Text:
    """One line on the command; a plugin's is not imported to be listed, so its package stands there."""
    if name in COMMANDS:
        return COMMANDS[name].about
    return Text("about.plugin", {"package": _of_plugins()[name].module.partition(".")[0]})


def command_named(name: str) -> click.Command | None:
    """The command; a plugin cannot take a name of ours."""
    if name in COMMANDS:
        found: click.Command = import_module(f"karb_core.cli.{COMMANDS[name].module}_command").command
        return found
    point = _of_plugins().get(name)
    if point is None:
        return None
    loaded = point.load()
    return loaded if isinstance(loaded, click.Command) else None


@cache
def _of_plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP) if point.name not in COMMANDS}
