"""What differs where a series begins later: a row may depend on its lookback, and on nothing before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from karb_core.ports import Course, Piece
from karb_research.decided_otherwise import decided_otherwise, first_other
from karb_research.differing import differing
from karb_research.found_bias import Found, Kind
from karb_research.whole_run import Whole

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def begun_later(whole: Whole, rows: Sequence[int], decide: Callable[[Piece], Course]) -> Iterator[Found]:
    """`rows`: at which series begin. All are judged from the same row on, where the last of them has its lookback."""
    if not rows:
        return
    lookback = whole.over.lookback
    closed = next(iter(whole.seen.values())).closed_at_ms
    judged_from = int(closed[rows[-1] + lookback - 1]) * _NS
    longer = decide(Piece(judged_from_ns=judged_from))
    for row in rows:
        since = int(closed[row]) * _NS - whole.over.row_ns
        found = list(_features(whole, row, since))
        shorter = decide(Piece(since_ns=since, judged_from_ns=judged_from))
        other = first_other(longer.decisions, shorter.decisions)
        if other is not None and not found:
            found.append(decided_otherwise(whole, Kind.RECURSION, other, since))
        yield from found


def _features(whole: Whole, row: int, since_ns: int) -> Iterator[Found]:
    shorter = whole.over.seen(Piece(since_ns=since_ns))
    first = whole.over.lookback - 1
    for pair, mine in whole.seen.items():
        rows = len(mine.closed_at_ms) - row
        later = {name: column[row:] for name, column in mine.features.items()}
        for other in differing(later, shorter[pair].features, rows, first):
            yield Found(
                kind=Kind.RECURSION,
                use=whole.use("/signal"),
                lines=whole.lines_of("/signal")[:1],
                pair=pair,
                what=other.name,
                at_ns=int(mine.closed_at_ms[row + other.row]) * _NS,
                whole=None if other.one is None else f"{other.one}",
                piece=None if other.other is None else f"{other.other}",
                apart=other.apart,
                piece_ns=since_ns,
            )
