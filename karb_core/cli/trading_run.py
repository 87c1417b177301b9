"""`karb run` where a desk lives through its data once: until it is told to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.terminal import Terminal
from karb_core.errors import LedgerUnusable, PluginUnusable, StrategyInvalid, UsageMistake
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import read_source
from karb_core.texts.text import Text
from karb_core.wiring.home import home
from karb_core.wiring.last_rules import last_rules
from karb_core.wiring.paper import paper
from karb_core.wiring.trading_house import trade
from karb_core.wiring.wall_clock import WallClock

#: The rules to run, and why the file itself cannot be used, where they are those that it ran by last.
ToRun = tuple[Rulebook, Text | None]


def ran_last(terminal: Terminal, file: str, broken: StrategyInvalid | PluginUnusable, ledger: str | None) -> ToRun:
    """Where lots of a file that cannot be used are open on paper, the rules it ran by last: by those they leave.

    Errors: `broken` as it was, where nothing is open.
    """
    last = _last_rules(file, ledger)
    if last is None:
        raise broken
    said = Text("run.only_leaves", {"path": file, "why": broken.said})
    terminal.out(said)
    return last, said


def _last_rules(file: str, ledger: str | None) -> Rulebook | None:
    """Whoever only looks makes nothing: where no ledger is, nothing is open."""
    try:
        opened = open_ledger(home() / "ledger.sqlite" if ledger is None else ledger, read_only=True)
    except LedgerUnusable:
        return None
    try:
        return last_rules(opened, read_source(file), "paper")
    finally:
        opened.close()


def run_on_paper(terminal: Terminal, wanted: Sequence[ToRun], ledger: str | None) -> int:
    """The exit code. Errors: those of `Running`, each before anything is placed."""
    names = [rulebook.file.name for rulebook, _ in wanted]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageMistake(Text("run.same_name", {"name": twice}), Text("run.same_name.help"))
    opened = open_ledger(ledger_path(ledger))
    try:
        return asyncio.run(_run(terminal, wanted, opened))
    finally:
        opened.close()


async def _run(terminal: Terminal, wanted: Sequence[ToRun], ledger: Ledger) -> int:
    clock = WallClock()
    runnings = [paper(rulebook, ledger, clock, terminal.out, leaves) for rulebook, leaves in wanted]
    return await trade(runnings, clock, terminal.out)
