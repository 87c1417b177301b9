"""One pair while bars come in: as much of them as its signal looks back on, and the row of the last whole bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FxRate
from karb_core.history.bars import Bars
from karb_core.history.growing import BarRow, GrowingBars, GrowingPoints
from karb_core.history.next_rows import row_of
from karb_core.history.pair_columns import PairColumns, pair_columns
from karb_core.history.points import Points
from karb_core.history.resample import resample
from karb_core.ports import PairTerms, PastBar, Signal
from karb_core.wiring.pair_rows import series_of
from karb_core.wiring.past_bars import past_bars

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_SEATS = ("premium", "money")


@dataclass(frozen=True, slots=True)
class Row:
    """A signal's features at the close of a bar that every leg has."""

    at_ns: int
    features: Mapping[str, float | int]


class PairWindow:
    """Rows come out in time order, each once, when the last of its legs' bars came.

    `past_ns`: how far back others than the signal look at bars.
    `others`: how long the bars are, in ns, that other windows of the same house read: those are passed over here.
    Edge: a row that a leg lacks when the next one of another leg has closed never comes out; its bar is still looked
    back on once it is there. `lacked`: those that the last bar showed never to come, by when they closed, with the legs
    that have no bar there; what no leg has is no row.
    """

    def __init__(self, pair: PairTerms, signal: Signal, past_ns: int = 0) -> None:
        rows = signal.rows()
        self.pair = pair
        self._signal = signal
        self._length_ms = rows.length_ns // _NS
        self._most = rows.lookback
        self.others: frozenset[int] = frozenset()
        self.lacked: dict[int, tuple[Instrument, ...]] = {}
        self._lacked_ms = 0  # karb: constant because nothing was lacked before there was time
        self._kept = max(rows.lookback, -(-past_ns // rows.length_ns))
        self._legs = {leg: GrowingBars(leg.text(), self._length_ms, self._kept) for leg in pair.legs}
        self._rates = {seat: GrowingPoints(seat, self._length_ms, self._kept) for seat in _SEATS}

    @property
    def wanted(self) -> int:
        """How many bars of each leg are looked back on."""
        return self._kept

    @property
    def known(self) -> int:
        """How many of them are there, of the leg that has fewest."""
        return min(len(leg) for leg in self._legs.values())

    def seed(self, bars: Mapping[Instrument, Bars], rates: Mapping[str, Points]) -> None:
        """What lies before: bars of the signal's length or finer ones, and the rates by seat."""
        for instrument, leg in self._legs.items():
            if instrument in bars:
                finer = bars[instrument]
                leg.seed(finer if finer.length_ms == self._length_ms else resample(finer, self._length_ms).bars)
        for seat, points in rates.items():
            self._rates[seat].seed(points)

    def rate(self, seat: str, rate: FxRate) -> None:
        """Known from when it reached us."""
        self._rates[seat].add(-(-rate.received_at_ns // _NS), float(rate.rate))

    def remember(self, bars: Iterable[Bar], rates: Mapping[str, Iterable[FxRate]]) -> None:
        """What was before, told late: nothing of it is judged."""
        by_leg: dict[Instrument, list[BarRow]] = {leg: [] for leg in self._legs}
        for bar in bars:
            if bar.instrument in by_leg and not self._is_others(bar):
                by_leg[bar.instrument].append(self._values(bar))
        for instrument, rows in by_leg.items():
            self._legs[instrument].fill(rows)
        for seat, told in rates.items():
            self._rates[seat].fill((-(-rate.received_at_ns // _NS), float(rate.rate)) for rate in told)

    def bar(self, bar: Bar) -> Row | None:
        """The row, where this bar was the last that lacked to it.

        Errors: ValueError for a bar of a length that nobody reads, BadData for one that is none: neither is kept.
        """
        self.lacked = {}
        leg = self._legs.get(bar.instrument)
        if leg is None or self._is_others(bar):
            return None
        before_ms = leg.closed_at_ms
        if not leg.add(self._values(bar)):
            return None
        self._pass_over(bar.instrument, before_ms, bar.end_ns // _NS)
        closed = {leg.closed_at_ms for leg in self._legs.values()}
        return self._row(bar.end_ns) if len(closed) == 1 else None

    def last(self) -> Row | None:
        """The row of the last bar, where every leg has it: what a desk that starts knows."""
        closed = {leg.closed_at_ms for leg in self._legs.values()}
        at_ms = closed.pop()
        return None if closed or at_ms is None else self._row(at_ms * _NS)

    def _pass_over(self, moved: Instrument, before_ms: int | None, now_ms: int) -> None:
        """A leg closed a bar at `now_ms`, and one at `before_ms` before that: what it left behind, or never had itself.

        Edge: what comes after a later one was lacked is not told any more.
        """
        others = {leg: grown.closed_at_ms for leg, grown in self._legs.items() if leg != moved}
        lacked = {}
        if before_ms is not None:
            lacked[before_ms] = [leg for leg, at_ms in others.items() if at_ms is None or at_ms < before_ms]
        lacked[now_ms] = [leg for leg, at_ms in others.items() if at_ms is not None and at_ms > now_ms]
        for at_ms in others.values():
            if at_ms is not None and (before_ms is None or before_ms < at_ms) and at_ms < now_ms:
                lacked[at_ms] = [moved]
        new = {at_ms: tuple(legs) for at_ms, legs in lacked.items() if legs and at_ms > self._lacked_ms}
        self._lacked_ms = max([self._lacked_ms, *new])
        self.lacked = {at_ms * _NS: legs for at_ms, legs in new.items()}

    def _is_others(self, bar: Bar) -> bool:
        return bar.end_ns - bar.start_ns in self.others

    def _values(self, bar: Bar) -> BarRow:
        if (bar.end_ns - bar.start_ns) // _NS != self._length_ms:
            raise ValueError(f"{bar.instrument.text()}: a bar of {bar.end_ns - bar.start_ns} ns is not what is read")
        prices = (float(bar.open), float(bar.high), float(bar.low), float(bar.close), float(bar.volume))
        return (bar.start_ns // _NS, *prices)

    def past(self, at_ns: int) -> tuple[PastBar, ...]:
        """All bars that are kept, up to the last that can have closed then."""
        end = at_ns // _NS // self._length_ms * self._length_ms
        one_quote = len({leg.quote for leg in self.pair.legs}) == 1
        return past_bars(self._columns(end, self._kept), slice(None), one_quote=one_quote)

    def _row(self, at_ns: int) -> Row:
        features = self._signal.features(series_of(self.pair, self._columns(at_ns // _NS, self._most)))
        return Row(at_ns, row_of(features, self._most - 1))

    def _columns(self, end: int, rows: int) -> PairColumns:
        bars = [self._legs[leg].bars() for leg in self.pair.legs]
        rates = (self._rates[seat].points() for seat in _SEATS)
        return pair_columns(bars, self._length_ms, (end - rows * self._length_ms, end), *rates)
