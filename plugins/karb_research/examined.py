"""Everything `karb bias` asks of a strategy over data, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from karb_core.domain.decisions import Cited
from karb_core.errors import DataUnusable
from karb_core.ports import Course, Piece, Piecewise
from karb_core.texts.text import Words
from karb_research.begun_later import begun_later
from karb_research.cuts import Cut, beginnings, cuts
from karb_research.decided_otherwise import decided_otherwise, first_other, told
from karb_research.filled_at import fills_ahead, last_stamp, own_prices, placed_at
from karb_research.found_bias import Found, Kind, joined
from karb_research.looking_ahead import looked_ahead, unrepeatable
from karb_research.whole_run import Whole

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Examined:
    """cuts, begun: where the data were cut, and at how many later rows they began; filled: at how many of the cuts orders
    filled, so that their prices could be held against others; runs: how often the strategy was carried out."""

    found: tuple[Found, ...]
    cuts: tuple[Cut, ...]
    begun: int
    filled: int
    runs: int


@dataclass(slots=True)
class _Runs:
    over: Piecewise
    progress: Progress
    made: int = field(default=0)

    def decide(self, piece: Piece) -> Course:
        self.made += 1
        self.progress(self.made)
        return self.over.decide(piece)


def examined(
    over: Piecewise, lines: Mapping[str, Cited], most_cuts: int, most_begun: int, progress: Progress
) -> Examined:
    """`progress` hears the number of each run as it begins. Errors: as `Piecewise`; DataUnusable where no two rows have
    their whole lookback, so that nothing could be tried."""
    _need_rows(over)
    runs = _Runs(over, progress)
    whole = Whole(over, lines, over.seen(Piece()), runs.decide(Piece()))
    drawn = tuple(unrepeatable(whole))
    if drawn:
        return Examined(joined(drawn), (), 0, 0, runs.made)
    closed = next(iter(whole.seen.values())).closed_at_ms
    made = cuts(closed, over.lookback, whole.course.decisions, list(over.rates.values()), most_cuts)
    begun = beginnings(len(closed), over.lookback, most_begun)
    found = [one for cut in made for one in _at(whole, cut.at_ns, runs)]
    # what rests on all of the data is another too where they begin later: the same error is told once
    known = {(one.use, one.what) for one in found}
    found += [one for one in begun_later(whole, begun, runs.decide) if (one.use, one.what) not in known]
    filled = sum(placed_at(whole.course, cut.at_ns) for cut in made)
    return Examined(joined(found), made, len(begun), filled, runs.made)


def _need_rows(over: Piecewise) -> None:
    rows = (over.span_ns[1] - over.span_ns[0]) // over.row_ns
    if rows < over.lookback + 2:
        raise DataUnusable(
            Words(
                f"{rows} bars are too few to try anything: the signal looks back over {over.lookback}",
                f"봉 {rows}개로는 시험할 수 없습니다: 신호가 {over.lookback}개를 돌아봅니다",
            ),
            Words("give it more data, or a longer stretch of them", "데이터를 더 주거나 기간을 늘리세요"),
        )


def _at(whole: Whole, cut_ns: int, runs: _Runs) -> list[Found]:
    """What shows at one cut. A decision that differs is told with what it was made from, if that differs."""
    piece = Piece(until_ns=cut_ns, traded_other_ns=last_stamp(whole.course, cut_ns))
    course = runs.decide(piece)
    seen = looked_ahead(whole, cut_ns)
    booked = [one for one in seen if one.kind is Kind.BOOKED_EARLY]
    found = [one for one in seen if one not in booked] + list(fills_ahead(whole, cut_ns, course))
    other = first_other(whole.course.decisions, course.decisions, cut_ns)
    if other is not None and found:
        found[0] = replace(found[0], decides=told(other))
    elif other is not None:
        found.append(decided_otherwise(whole, Kind.LOOK_AHEAD, other, cut_ns))
    # an order at tops takes the one that stands when it arrives, which may be the very one it was decided by
    if placed_at(whole.course, cut_ns) and not whole.over.on_tops:
        found += own_prices(whole, cut_ns, runs.decide(replace(piece, traded_other_ns=cut_ns, opens_too=True)))
    return [*found, *_booked(cut_ns, booked, runs.decide, piece, course)]


def _booked(
    cut_ns: int, booked: list[Found], decide: Callable[[Piece], Course], piece: Piece, course: Course
) -> list[Found]:
    """What was decided otherwise by such a rate alone: so it hides no other look-ahead, and is not hidden by one."""
    if not booked:
        return []
    other = first_other(course.decisions, decide(replace(piece, published_ns=cut_ns)).decisions, cut_ns)
    return booked if other is None else [replace(booked[0], decides=told(other)), *booked[1:]]
