"""At which moments the data are cut, and at which the series begin later: few, spread out, and the same every time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from karb_core.domain.decisions import Decision, DecisionKind
from karb_core.history.columns import Ints
from karb_core.ports import RecordedRate

T = TypeVar("T")
Why = Literal["decision", "publication", "other"]

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
# karb: constant because it only spreads moments: the golden ratio's part repeats no phase of an hour or a day
_STEP = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment after which nothing is known: the close of a row. why: something was decided there; it is the last row
    before a rate was published; or neither."""

    at_ns: int
    why: Why


def cuts(
    closed_at_ms: Ints, lookback: int, decisions: Sequence[Decision], rates: Collection[RecordedRate], most: int
) -> tuple[Cut, ...]:
    """At most so many, in time order: half of them at decisions, a quarter before publications, the rest elsewhere.

    Of decisions those that did something come first. No cut is at the last row, after which nothing could be seen, and
    only those at decisions lie before the lookback is full. Edge: fewer where there are not so many rows.
    """
    last_ns = int(closed_at_ms[-1]) * _NS
    acted, others = _decided_at(decisions, last_ns)
    found: dict[int, Why] = {}
    _add(found, _spread(acted, -(-most // 2)), "decision")
    _add(found, _spread(others, -(-most // 2) - len(found)), "decision")
    first = min(lookback, len(closed_at_ms) - 1)
    judged = closed_at_ms[first:-1]
    # karb: constant because it says how the cuts are shared out, and changes nothing that is decided
    _add(found, _spread(_before(judged, rates), most // 4), "publication")
    for number in range(len(judged)):
        if len(found) >= most:
            break
        row = int((number + 1) * _STEP % 1 * len(judged))
        _add(found, [int(judged[row]) * _NS], "other")
    return tuple(Cut(at_ns, found[at_ns]) for at_ns in sorted(found))


def beginnings(rows: int, lookback: int, most: int) -> tuple[int, ...]:
    """Rows at which a series may begin later, so that at least half of the rows that could be compared remain.

    Edge: none where the series is no longer than the lookback.
    """
    room = (rows - lookback) // 2
    return tuple(sorted({int((number + 1) * _STEP % 1 * room) + 1 for number in range(most)})) if room > 0 else ()


def _decided_at(decisions: Sequence[Decision], before_ns: int) -> tuple[list[int], list[int]]:
    acts: dict[int, bool] = {}
    for decision in decisions:
        if decision.at_ns < before_ns:
            trades = decision.kind in (DecisionKind.ENTRY, DecisionKind.EXIT)
            acts[decision.at_ns] = acts.get(decision.at_ns, False) or trades
    acted, others = ([at for at, did in sorted(acts.items()) if did is wanted] for wanted in (True, False))
    return acted, others


def _before(closed_at_ms: Ints, rates: Collection[RecordedRate]) -> list[int]:
    """The last row before each publication, in ns."""
    published = [rate.published_ms for rate in rates]
    if not published or not len(closed_at_ms):
        return []
    times = np.unique(np.concatenate(published))
    rows = closed_at_ms.searchsorted(times[times > closed_at_ms[0]]) - 1
    return [int(closed_at_ms[row]) * _NS for row in np.unique(rows).tolist()]


def _spread(times: Sequence[T], most: int) -> list[T]:
    """So many of them, evenly."""
    take = min(most, len(times))
    return [times[(2 * number + 1) * len(times) // (2 * take)] for number in range(take)]


def _add(found: dict[int, Why], times: Collection[int], why: Why) -> None:
    for at_ns in times:
        found.setdefault(at_ns, why)


def told(made: Collection[Cut]) -> Mapping[Why, int]:
    """How many of each kind."""
    return {why: sum(cut.why == why for cut in made) for why in ("decision", "publication", "other")}
