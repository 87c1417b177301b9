"""Seats a desk behind its door: whoever stands outside, it is the same desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Holdings
from karb_core.engine.strategy import Strategy
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.ports import Mode, Notice, Recorder, Unrecorded
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text, render
from karb_core.wiring.desk_of import Furnishing, Seated, desk_of
from karb_core.wiring.input_line import HouseRun
from karb_core.wiring.intake import Intake
from karb_core.wiring.outside import Outside
from karb_core.wiring.venues_called import venues_called

#: A row of the ledger, as it is written down: its table, its columns.
Wrote = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which desk at which account. `mark` goes into every order id; `venues`: those of its legs; `older` as for
    `desk_of`; `orphans`: by digest, why nobody can read those rules;
    `still`: by reason, what is stopped from the beginning.
    """

    rulebook: Rulebook
    strategy: Strategy
    inventory: Holdings
    venues: Iterable[str]
    ledger: Ledger
    account: str
    mode: Mode
    mark: str
    older: Mapping[str, Strategy] = field(default_factory=dict)
    orphans: Mapping[str, str] = field(default_factory=dict)
    still: Mapping[str, Halt] = field(default_factory=dict)


def _untold(notice: Notice) -> None:
    """Nobody is told."""


def _by_none(notice: Notice) -> Sequence[str]:  # noqa: ARG001 - nobody is told
    return ()


def _unlogged(table: str, row: Mapping[str, Any]) -> None:
    """Nobody keeps a log."""


def _unrecorded(folder: Path) -> Recorder:  # noqa: ARG001 - nothing is kept anywhere
    return Unrecorded()


def behind_door(
    place: Place,
    outside: Outside,
    told: Callable[[Notice], None] = _untold,
    recorder: Callable[[Path], Recorder] = _unrecorded,
    run: Run | None = None,
    tells: Callable[[Notice], Sequence[str]] = _by_none,
    wrote: Wrote = _unlogged,
) -> tuple[Intake, Seated]:
    """The door, and the desk as its ledger left it; `Intake.seats` is for whoever obeys. `run`: as for `Furnishing`.

    Edge: a lot that nobody can judge stops entries until it is settled. Errors: `LedgerUnusable`.
    """
    intake = Intake(outside, place.venues)
    given = Furnishing(
        ledger=place.ledger, account=place.account, mode=place.mode, mark=place.mark, executors=intake.executors,
        clock=intake.clock, latest=intake.market, told=told, tells=tells, called=venues_called(place.rulebook), recorder=recorder, run=run,
        wrote=wrote,
    )  # fmt: skip
    try:
        orphans = frozenset(place.orphans)
        seated = desk_of(place.rulebook, place.strategy, place.inventory, given, place.older, orphans)
        unread = {render(said): Halt.NO_ENTRIES for said in orphaned(place, seated)}
        for reason, strength in {**place.still, **unread}.items():
            seated.trading.desk.halts.latch(strength, reason, "desk", intake.clock.now_ns())
    except BaseException:
        intake.shut()
        raise
    return intake, seated


def orphaned(place: Place, seated: Seated) -> tuple[Text, ...]:
    """Each open lot that nobody can judge, and why."""
    lots = [lot for lot in seated.trading.desk.books.open_lots() if lot.rules_digest in place.orphans]
    return tuple(
        Text("run.orphan", {"lot": lot.id, "pair": lot.pair, "why": place.orphans[lot.rules_digest]}) for lot in lots
    )


def house_run(place: Place, started_at_ns: int) -> HouseRun:
    """What a recording of it begins with."""
    terms = place.strategy.terms
    facts = {i: stated for each in (*place.older.values(), place.strategy) for i, stated in each.terms.facts.items()}
    return HouseRun(
        account=place.account,
        strategy=terms.strategy,
        mode=place.mode,
        mark=place.mark,
        rules_digest=terms.rules_digest,
        started_at_ns=started_at_ns,
        venues=tuple(place.venues),
        facts=tuple(facts.values()),
        older=tuple(place.older),
        orphans=tuple(place.orphans.items()),
        still=tuple(place.still.items()),
    )
