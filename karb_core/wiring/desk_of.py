"""Furnishes one strategy's desk in a house: over a ledger, from where it stood when it was last there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from karb_core.domain.holdings import Holdings
from karb_core.engine.agreement import Agreement
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.strategy import Strategy
from karb_core.ledger.journal import LedgerJournal
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, lived
from karb_core.ledger.runs import Run
from karb_core.ports import Clock, Executor, Mode, Notice, Recorder
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Words
from karb_core.wiring.pair_window import PairWindow
from karb_core.wiring.recorder import SegmentedRecorder, journal_folder
from karb_core.wiring.restart import Before, before
from karb_core.wiring.telling import Telling
from karb_core.wiring.trading import Market, Trading


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """What a desk is furnished with, whatever its strategy. `executors`: by venue; `mark` goes into every order id;
    `tells`: by which channels a notice is to be told; `called`: venues as people call them;
    `recorder` keeps what the desk is given, in a folder of its own; `wrote` hears each row of its ledger.

    run: as which it is known already; None for a new one.
    """

    ledger: Ledger
    account: str
    mode: Mode
    mark: str
    executors: Mapping[str, Executor]
    clock: Clock
    latest: Market
    told: Callable[[Notice], None]
    tells: Callable[[Notice], Sequence[str]] = lambda _: ()
    called: Mapping[str, Words] = field(default_factory=dict)
    recorder: Callable[[Path], Recorder] = SegmentedRecorder
    run: Run | None = None
    wrote: Callable[[str, Mapping[str, Any]], None] = lambda _table, _row: None


@dataclass(frozen=True, slots=True)
class Seated:
    """`before`: what the desk found in its ledger, of which `unfinished` is still to be finished; `older`: one for each
    set of older rules by which lots are open, which only leaves. `flush`: all that was written is durable when it returns.
    """

    trading: Trading
    older: tuple[Trading, ...]
    before: Before
    run: Run
    end: Callable[[str, int], None]
    flush: Callable[[], None]

    @property
    def tradings(self) -> tuple[Trading, ...]:
        """Those that only leave come first: a way out goes before a way in."""
        return (*self.older, self.trading)

    async def recover(self) -> None:
        """Finishes what was begun before a restart, each intent by the rules that began it."""
        by_older = {each.desk.strategy.terms.rules_digest for each in self.older}
        for older in self.older:
            digest = older.desk.strategy.terms.rules_digest
            await older.recover(left for left in self.before.unfinished if left.rules_digest == digest)
        await self.trading.recover(left for left in self.before.unfinished if left.rules_digest not in by_older)


def desk_of(
    rulebook: Rulebook,
    strategy: Strategy,
    inventory: Holdings,
    given: Furnishing,
    older: Mapping[str, Strategy] = MappingProxyType({}),
    orphans: frozenset[str] = frozenset(),
) -> Seated:
    """Nothing is placed and nobody is asked yet. `older`: by digest, what open lots were opened by; `orphans`: digests of
    rules that nobody can read. Errors: `LedgerUnusable`.
    """
    terms, ledger, now_ns = strategy.terms, given.ledger, given.clock.now_ns()
    whose = Whose(given.account, terms.strategy)
    facts = {**terms.facts, **{i: stated for each in older.values() for i, stated in each.terms.facts.items()}}
    ladders = {digest: each.legs for digest, each in older.items()}
    was = before(ledger, whose, inventory, facts, strategy.legs, ladders)
    journal = ledger.begin(given.run or run_of(rulebook, given.account, given.mode, now_ns), now_ns)
    journal.channels, journal.wrote = given.tells, given.wrote
    journal.rulebook(rulebook.digests.rules, rulebook.source.text)
    recorder = given.recorder(journal_folder(ledger.name, journal.run.id))
    desk = Desk(
        strategy, was.books, _driver(strategy, was, journal, given), journal, recorder, Agreement(), None, orphans
    )
    was.into(desk)
    since = dict.fromkeys(given.executors, first_start_ns(ledger, whose))
    trading = _trading(desk, CatchingUp(desk, given.executors, since), journal, given)
    leaving = [
        Desk(each, was.books, _driver(each, was, journal, given), journal, recorder, beside=desk)
        for each in older.values()
    ]

    def end(how: str, at_ns: int) -> None:
        try:
            recorder.flush()
        finally:
            journal.end(how, at_ns)

    trading.older = tuple(_trading(each, None, journal, given) for each in leaving)
    _tell_bars_apart((trading, *trading.older))
    # What was sent is the desk's now, which lets go of it in time.
    return Seated(trading, trading.older, replace(was, sent={}), journal.run, end, journal.flush)


def _driver(strategy: Strategy, was: Before, journal: LedgerJournal, given: Furnishing) -> Driver:
    return Driver(
        given.executors, journal, given.clock, was.books, was.books.facts, strategy.legs, given.mark,
        lambda: given.latest.tops,
    )  # fmt: skip


def _trading(desk: Desk, watch: CatchingUp | None, journal: LedgerJournal, given: Furnishing) -> Trading:
    strategy = desk.strategy
    return Trading(
        desk=desk,
        latest=given.latest,
        clock=given.clock,
        windows={
            name: PairWindow(pair, strategy.signal, strategy.reads.past_ns)
            for name, pair in strategy.terms.pairs.items()
        },
        watch=watch,
        telling=Telling(desk, given.mode, given.called),
        keeps=journal,
        told=given.told,
    )


def _tell_bars_apart(tradings: Sequence[Trading]) -> None:
    """Bars of a length that another of them reads are passed over, not refused."""
    lengths = {each.desk.strategy.signal.rows().length_ns for each in tradings}
    for each in tradings:
        for window in each.windows.values():
            window.others = frozenset(lengths - {each.desk.strategy.signal.rows().length_ns})


def run_of(rulebook: Rulebook, account: str, mode: Mode, now_ns: int) -> Run:
    """A run that begins now."""
    return Run.started(
        strategy=rulebook.file.name,
        account=account,
        mode=mode,
        rules_digest=rulebook.digests.rules,
        assumptions_digest=rulebook.digests.assumptions,
        started_at_ns=now_ns,
    )


def first_start_ns(ledger: Ledger, whose: Whose) -> int:
    """When the strategy came to this account first: what happened there before is not its own.

    Errors: `LedgerUnusable`.
    """
    return min(each.started_at_ns for each in lived(ledger) if Whose.of(each.run) == whose)
