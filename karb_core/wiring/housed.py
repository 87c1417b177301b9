"""Seats a desk behind its door: whoever stands outside, it is the same desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.domain.holdings import Holdings
from karb_core.engine.strategy import Strategy
from karb_core.ledger.ledger import Ledger
from karb_core.ports import Mode, Notice, Recorder, Unrecorded
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.desk_of import Furnishing, Seated, desk_of
from karb_core.wiring.input_line import HouseRun
from karb_core.wiring.intake import Intake
from karb_core.wiring.outside import Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which desk at which account. `mark` goes into every order id; `venues`: those of its legs; `older` and
    `orphans` as for `desk_of`.
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
    orphans: frozenset[str] = frozenset()


def _untold(notice: Notice) -> None:
    """Nobody is told."""


def _unrecorded(folder: Path) -> Recorder:  # noqa: ARG001 - nothing is kept anywhere
    return Unrecorded()


def behind_door(
    place: Place,
    outside: Outside,
    told: Callable[[Notice], None] = _untold,
    recorder: Callable[[Path], Recorder] = _unrecorded,
) -> tuple[Intake, Seated]:
    """The door, and the desk as its ledger left it; `Intake.seats` is for whoever obeys. Errors: `LedgerUnusable`."""
    intake = Intake(outside, place.venues)
    given = Furnishing(
        ledger=place.ledger, account=place.account, mode=place.mode, mark=place.mark, executors=intake.executors,
        clock=intake.clock, latest=intake.market, told=told, recorder=recorder,
    )  # fmt: skip
    try:
        return intake, desk_of(place.rulebook, place.strategy, place.inventory, given, place.older, place.orphans)
    except BaseException:
        intake.shut()
        raise


def run_of(place: Place, started_at_ns: int) -> HouseRun:
    """What a recording of it begins with."""
    terms = place.strategy.terms
    return HouseRun(
        account=place.account,
        strategy=terms.strategy,
        mode=place.mode,
        mark=place.mark,
        rules_digest=terms.rules_digest,
        started_at_ns=started_at_ns,
        venues=tuple(place.venues),
        facts=tuple(terms.facts.values()),
    )
