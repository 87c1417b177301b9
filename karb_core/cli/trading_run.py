"""`karb run` where a desk lives through its data once: until it is told to end."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from karb_core.cli.app import TerminalApp
from karb_core.cli.at_lab import LabAsked, local_venues, need_no_real_account
from karb_core.cli.keeping_log import event_log
from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.live_run import furnished_live
from karb_core.cli.terminal import Terminal
from karb_core.cli.to_run import ToRun
from karb_core.errors import LedgerUnusable, PluginUnusable, StrategyInvalid, UsageMistake
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ports import HaltStore, LocalVenues, Secrets
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import read_source
from karb_core.texts.text import Said, Text
from karb_core.wiring.event_log import EventLog
from karb_core.wiring.hiding import Hiding
from karb_core.wiring.home import home
from karb_core.wiring.house import WakingClock
from karb_core.wiring.last_rules import last_rules
from karb_core.wiring.local_venues import localised
from karb_core.wiring.paper import paper
from karb_core.wiring.running import Running, Say
from karb_core.wiring.secret_values import secret_value
from karb_core.wiring.supervised import Supervised
from karb_core.wiring.trading_house import Beside, trade
from karb_core.wiring.wall_clock import WallClock

_MODES = ("live", "paper")


@dataclass(frozen=True, slots=True)
class HouseAsked:
    """`known_marks`: of other ledgers whose karb the owner says has ended for good; `lab`: for a run at local venues;
    `serve`: at which address the house is shown, None for nowhere; `halts`: where a halt for several hosts stands, likewise.
    """

    mode: str
    ledger: str | None
    known_marks: tuple[str, ...]
    lab: LabAsked | None = None
    serve: str | None = None
    halts: str | None = None


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


def run_house(
    terminal: Terminal, wanted: Sequence[ToRun], asked: HouseAsked, clock: Callable[[], WakingClock] = WallClock
) -> int:
    """The exit code. `clock` is made in the loop that uses it. Errors: those of `Running`, each before anything is placed."""
    names = [each.rulebook.file.name for each in wanted]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageMistake(Text("run.same_name", {"name": twice}), Text("run.same_name.help"))
    opened = open_ledger(ledger_path(asked.ledger))
    # A desk goes on for weeks: what only refers to itself is taken back before it is much.
    gc.set_threshold(50_000)
    try:
        if asked.lab is None:
            return asyncio.run(_run(terminal, wanted, asked, opened, None, clock))
        need_no_real_account(opened)
        with local_venues(terminal, wanted, asked.lab) as local:
            return asyncio.run(_run(terminal, wanted, asked, opened, local, clock))
    finally:
        opened.close()


async def _run(
    terminal: Terminal,
    wanted: Sequence[ToRun],
    asked: HouseAsked,
    ledger: Ledger,
    local: LocalVenues | None,
    makes: Callable[[], WakingClock],
) -> int:
    clock = makes()
    log = event_log(clock, TerminalApp(terminal))
    try:
        spoken = terminal if log.stdout is None else _Unspoken(terminal.lang, terminal.color)
        with _beside(spoken, wanted, asked, clock) as (tells, shown):
            hiding = Hiding(secret_value, _said_and_logged(tells, log))
            log.hidden = hiding.hidden
            for value in () if local is None else local.keys.values():
                hiding.knows(value)
            try:
                return await _traded(wanted, asked, ledger, local, clock, hiding, (*shown, Supervised(os.environ)), log)
            except Exception as e:
                hiding.hide_in(e)
                raise
    finally:
        log.close()


async def _traded(
    wanted: Sequence[ToRun],
    asked: HouseAsked,
    ledger: Ledger,
    local: LocalVenues | None,
    clock: WakingClock,
    hiding: Hiding,
    beside: tuple[Beside, ...],
    log: EventLog,
) -> int:
    async with _halts_at(asked.halts, hiding.value) as halts:
        if asked.mode == "paper":
            papers = _papers(wanted, ledger, clock, hiding, local)
            return await trade(_joined(papers, halts, log), clock, hiding.says, *beside)
        marks = asked.known_marks
        accounts, runnings = furnished_live(hiding.says, wanted, ledger, clock, marks, local, hiding.value)
        try:
            return await trade(_joined(runnings, halts, log), clock, hiding.says, accounts, *beside)
        finally:
            await accounts.close()


class _Unspoken(Terminal):
    """Under systemd the log's lines stand in the terminal's place."""

    def out(self, line: Said | str = "") -> None:
        """Nothing: it is logged."""


def _said_and_logged(tells: Say, log: EventLog) -> Say:
    def says(said: Said) -> None:
        log.said(said)
        tells(said)

    return says


def _papers(
    wanted: Sequence[ToRun], ledger: Ledger, clock: WakingClock, hiding: Hiding, local: LocalVenues | None
) -> list[Running]:
    lab = local is not None
    return [
        paper(
            _there(each, local), ledger, clock, hiding.says, each.only_leaves, hiding.value, at_lab=lab,
            file=each.file(local),
        )
        for each in wanted
    ]  # fmt: skip


@asynccontextmanager
async def _halts_at(address: str | None, secrets: Secrets) -> AsyncIterator[HaltStore | None]:
    """Errors: those of `halt_store`."""
    if address is None:
        yield None
        return
    from karb_core.cli.halt_store import halt_store

    store = halt_store(address, secrets)
    try:
        yield store
    finally:
        await store.close()


def _joined(runnings: list[Running], halts: HaltStore | None, log: EventLog) -> list[Running]:
    for each in runnings:
        each.halts_at, each.wrote = halts, log.wrote
    return runnings


@contextmanager
def _beside(
    terminal: Terminal, wanted: Sequence[ToRun], asked: HouseAsked, clock: WakingClock
) -> Iterator[tuple[Say, tuple[Beside, ...]]]:
    """What the house speaks through, and who shows it. A server is there until the last word was said."""
    if asked.serve is None:
        yield terminal.out, ()
        return
    from karb_core.cli.serving import served

    files = {each.rulebook.file.name: each.path for each in wanted}
    serving, log = served(terminal, asked.serve, files, ledger_path(asked.ledger), clock)
    try:
        yield log.say, (serving,)
    finally:
        serving.end()


def _there(wanted: ToRun, local: LocalVenues | None) -> Rulebook:
    return wanted.rulebook if local is None else localised(wanted.rulebook, local.addresses)
