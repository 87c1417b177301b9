"""`karb run` where a desk lives through its data once: until it is told to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.live_run import furnished_live
from karb_core.cli.terminal import Terminal
from karb_core.cli.to_run import ToRun
from karb_core.errors import LedgerUnusable, PluginUnusable, StrategyInvalid, UsageMistake
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.rulebook.source import read_source
from karb_core.texts.text import Text
from karb_core.wiring.home import home
from karb_core.wiring.last_rules import last_rules
from karb_core.wiring.paper import paper
from karb_core.wiring.trading_house import trade
from karb_core.wiring.wall_clock import WallClock

_MODES = ("live", "paper")


@dataclass(frozen=True, slots=True)
class HouseAsked:
    """`known_marks`: of other ledgers whose karb the owner says has ended for good."""

    mode: str
    ledger: str | None
    known_marks: tuple[str, ...]


def ran_last(
    terminal: Terminal, file: str, broken: StrategyInvalid | PluginUnusable, mode: str | None, ledger: str | None
) -> ToRun:
    """Where lots of a file that cannot be used are open, the rules it ran by last in that mode: by those they leave.

    Without a mode, live goes before paper: real lots before those that are not. Errors: `broken` as it was, where
    nothing is open.
    """
    for each in _MODES if mode is None else (mode,):
        last = _last_rules(file, each, ledger, broken)
        if last is not None:
            assert last.only_leaves is not None
            terminal.out(last.only_leaves)
            return last
    raise broken


def _last_rules(file: str, mode: str, ledger: str | None, broken: StrategyInvalid | PluginUnusable) -> ToRun | None:
    """Whoever only looks makes nothing: where no ledger is, nothing is open."""
    try:
        opened = open_ledger(home() / "ledger.sqlite" if ledger is None else ledger, read_only=True)
    except LedgerUnusable:
        return None
    try:
        last = last_rules(opened, read_source(file), mode)
    finally:
        opened.close()
    said = Text("run.only_leaves", {"path": file, "why": broken.said})
    return None if last is None else ToRun(file, last, said)


def run_house(terminal: Terminal, wanted: Sequence[ToRun], asked: HouseAsked) -> int:
    """The exit code. Errors: those of `Running`, each before anything is placed."""
    names = [each.rulebook.file.name for each in wanted]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageMistake(Text("run.same_name", {"name": twice}), Text("run.same_name.help"))
    opened = open_ledger(ledger_path(asked.ledger))
    try:
        return asyncio.run(_run(terminal, wanted, asked, opened))
    finally:
        opened.close()


async def _run(terminal: Terminal, wanted: Sequence[ToRun], asked: HouseAsked, ledger: Ledger) -> int:
    clock = WallClock()
    if asked.mode == "paper":
        papers = [paper(each.rulebook, ledger, clock, terminal.out, each.only_leaves) for each in wanted]
        return await trade(papers, clock, terminal.out)
    accounts, runnings = furnished_live(terminal.out, wanted, ledger, clock, asked.known_marks)
    try:
        return await trade(runnings, clock, terminal.out, accounts)
    finally:
        await accounts.close()
