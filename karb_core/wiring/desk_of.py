"""Furnishes one strategy's desk in a house: over a ledger, from where it stood when it was last there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from karb_core.domain.holdings import Holdings
from karb_core.engine.agreement import Agreement
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.strategy import Strategy
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, lived
from karb_core.ledger.runs import Run
from karb_core.ports import Clock, Executor, Mode, Notice, Recorder
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.pair_window import PairWindow
from karb_core.wiring.recorder import SegmentedRecorder, journal_folder
from karb_core.wiring.restart import Before, before
from karb_core.wiring.telling import Telling
from karb_core.wiring.trading import Market, Trading


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """What a desk is furnished with, whatever its strategy. `executors`: by venue; `mark` goes into every order id;
    `recorder` keeps what the desk is given, in a folder of its own.
    """

    ledger: Ledger
    account: str
    mode: Mode
    mark: str
    executors: Mapping[str, Executor]
    clock: Clock
    latest: Market
    told: Callable[[Notice], None]
    recorder: Callable[[Path], Recorder] = SegmentedRecorder


@dataclass(frozen=True, slots=True)
class Seated:
    """`before`: what the desk found in its ledger, of which `unfinished` is still to be finished."""

    trading: Trading
    before: Before
    run: Run
    end: Callable[[str, int], None]


def desk_of(rulebook: Rulebook, strategy: Strategy, inventory: Holdings, given: Furnishing) -> Seated:
    """Nothing is placed and nobody is asked yet. Errors: `LedgerUnusable`."""
    terms, ledger, now_ns = strategy.terms, given.ledger, given.clock.now_ns()
    whose = Whose(given.account, terms.strategy)
    was = before(ledger, whose, inventory, terms.facts, strategy.legs)
    run = Run.started(
        strategy=terms.strategy,
        account=given.account,
        mode=given.mode,
        rules_digest=rulebook.digests.rules,
        assumptions_digest=rulebook.digests.assumptions,
        started_at_ns=now_ns,
    )
    journal = ledger.begin(run, now_ns)
    journal.rulebook(rulebook.digests.rules, rulebook.source.text)
    recorder = given.recorder(journal_folder(ledger.name, journal.run.id))
    driver = Driver(
        given.executors, journal, given.clock, was.books, terms.facts, strategy.legs, given.mark,
        lambda: given.latest.tops,
    )
    desk = Desk(strategy, was.books, driver, journal, recorder, Agreement())
    was.into(desk)
    since = first_start_ns(ledger, given.account)
    trading = Trading(
        desk=desk,
        latest=given.latest,
        clock=given.clock,
        windows={name: PairWindow(pair, strategy.signal) for name, pair in terms.pairs.items()},
        watch=CatchingUp(desk, given.executors, dict.fromkeys(given.executors, since)),
        telling=Telling(desk, given.mode),
        keeps=journal,
        told=given.told,
    )

    def end(how: str, at_ns: int) -> None:
        try:
            recorder.flush()
        finally:
            journal.end(how, at_ns)

    return Seated(trading, was, journal.run, end)


def first_start_ns(ledger: Ledger, account: str) -> int:
    """When karb came to this account first: what happened there before is the owner's. Errors: `LedgerUnusable`."""
    return min(each.started_at_ns for each in lived(ledger) if each.run.account == account)
