"""Every run of a strategy at its account handed in again, in one of three ways, and held against what it decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from karb_core.engine.strategy import Strategy
from karb_core.errors import LedgerUnusable
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import Mode
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text
from karb_core.wiring.asking_feeds import traded
from karb_core.wiring.course import Parted
from karb_core.wiring.explain import ran_by
from karb_core.wiring.housed import Place
from karb_core.wiring.older_rules import read_rules
from karb_core.wiring.opening import Opening
from karb_core.wiring.parity import Difference, differences, first_difference
from karb_core.wiring.recorder import journal_folder
from karb_core.wiring.recording import Recording, recording
from karb_core.wiring.replay_events import replay_events
from karb_core.wiring.replay_house import replay_live, replay_on_paper
from karb_core.wiring.seats_of_rules import seats_of_rules
from karb_core.wiring.strategy_of import strategy_of

#: Three ways to furnish the same desk over a recording.
WAYS: Mapping[Mode, Callable[[Recording, Place], Parted | None]] = {
    "backtest": replay_events,
    "paper": replay_on_paper,
    "live": replay_live,
}


@dataclass(frozen=True, slots=True)
class Came:
    """What a replay of one run came to. `decided`: how many decisions the run had; `difference`: the first.

    differences: all of them, but for what is only missing because the replay could not go on.
    """

    run: Run
    decided: int
    difference: Difference | None
    parted: Parted | None
    differences: tuple[Difference, ...] = ()

    @property
    def apart(self) -> int:
        """How many things are not the same; that it could not go on is one."""
        return len(self.differences) + (self.parted is not None)

    @property
    def other(self) -> Said | None:
        """What is not the same, None if nothing. Edge: a decision is missing where the replay could not go on: then why."""
        if self.difference is not None and (self.difference.replayed is not None or self.parted is None):
            return self.difference.said()
        return None if self.parted is None else self.parted.said


def replayed(ledger: Ledger, runs: Iterable[Run], now: Rulebook, mode: Mode, into: Ledger) -> Iterator[Came]:
    """The runs in their order, each from where the one before left `into`, which begins empty; up to the first that is
    not the same. `now`: the file as it is, for the rules that it still has.

    Errors: `LedgerUnusable` for inputs or rules that were not kept.
    """
    for run in runs:
        came = _replayed(ledger, run, now, mode, into)
        yield came
        if came.other is not None:
            return


def _replayed(ledger: Ledger, run: Run, now: Rulebook, mode: Mode, into: Ledger) -> Came:
    recorded = recording(journal_folder(ledger.name, run.id))
    rulebook = ran_by(ledger, run, now).rulebook
    if rulebook is None:
        raise LedgerUnusable(Text("replay.rules_gone", {"run": run.id}))
    facts = {each.instrument: each for each in recorded.run.facts}
    strategy = strategy_of(rulebook, {leg: facts[leg] for leg in traded(rulebook)})
    place = Place(
        rulebook=rulebook,
        strategy=strategy,
        inventory=Opening(rulebook.file, strategy.terms, {}).inventory(),
        venues=recorded.run.venues,
        ledger=into,
        account=recorded.run.account,
        mode=mode,
        mark=recorded.run.mark,
        older=_older(ledger, recorded, strategy, now.source.name),
        orphans=dict(recorded.run.orphans),
        still=dict(recorded.run.still),
    )
    parted = WAYS[mode](recorded, place)
    was = list(reading.decisions(ledger, Whose(run.account, run_id=run.id)))
    last = list(reading.runs(into))[-1]
    again = list(reading.decisions(into, Whose(last.account, run_id=last.id)))
    first = first_difference(was, again)
    every = [*differences(was, again)] or ([] if first is None else [first])
    apart = tuple(each for each in every if each.replayed is not None or parted is None)
    return Came(run, len(was), first, parted, apart)


def _older(ledger: Ledger, recorded: Recording, strategy: Strategy, name: str) -> Mapping[str, Strategy]:
    """The older rules by which the recorded run had lots open. Errors: `LedgerUnusable` where they cannot be read now."""
    found = read_rules(ledger, recorded.run.older, name)
    seats = seats_of_rules(strategy, found, {each.instrument: each for each in recorded.run.facts})
    if seats.orphans:
        raise LedgerUnusable(Text("replay.older_gone", {"why": next(iter(seats.orphans.values()))}))
    return seats.older
