"""What one run had decided by a time: whether it could have decided there what another did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from karb_core.domain.decisions import Cited, DecisionKind
from karb_core.ports import Decided, Ran


@dataclass(slots=True)
class DecidedBefore:
    """`cited`: every rule that any decision of the run cites."""

    ran: Ran
    cited: frozenset[str] = field(init=False)
    _by_pair: Mapping[str, list[Decided]] = field(init=False)
    _refusals: Mapping[str, list[Decided]] = field(init=False)

    def __post_init__(self) -> None:
        acts: dict[str, list[Decided]] = defaultdict(list)
        refusals: dict[str, list[Decided]] = defaultdict(list)
        for one in self.ran.decisions:
            (refusals if one.kind is DecisionKind.REFUSAL else acts)[one.pair].append(one)
        self._by_pair, self._refusals = acts, refusals
        self.cited = frozenset(cited.rule for one in self.ran.decisions for cited in one.by)

    def refused(self, decided: Decided) -> Cited | None:
        """The line that said no to the same then: to an entry of that side and tier, or to a way out of the pair."""
        refusals = (one for one in self._refusals.get(decided.pair, ()) if one.denied)
        return next((one.denied[0] for one in refusals if _says_no_to(one, decided)), None)

    def could(self, decided: Decided) -> bool:
        """Whether, by what it had decided before, an entry of that tier was still to come, or there was a lot to leave."""
        before = [one for one in self._by_pair.get(decided.pair, ()) if one.at_ns < decided.at_ns]
        if decided.kind is DecisionKind.ENTRY:
            since = next((one for one in reversed(before) if _matters(one, decided)), None)
            return since is None or since.kind is DecisionKind.REARM
        mine = [one for one in before if (one.side, one.tier) == (decided.side, decided.tier)]
        return bool(mine) and mine[-1].kind is DecisionKind.ENTRY


def _matters(one: Decided, entry: Decided) -> bool:
    """An entry of the same tier spends it, a re-arming frees every tier."""
    return one.kind is DecisionKind.REARM or (one.kind is DecisionKind.ENTRY and one.tier == entry.tier)


def _says_no_to(refusal: Decided, decided: Decided) -> bool:
    if not refusal.at_ns <= decided.at_ns <= refusal.until_ns:
        return False
    if decided.kind is not DecisionKind.ENTRY:
        return bool(refusal.lot_ids)
    return not refusal.lot_ids and (refusal.side, refusal.tier) == (decided.side, decided.tier)
