"""Bars, marks and funding of several instruments, asked one time at a time; the answers are exact."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate
from karb_core.history.bars import Bars
from karb_core.history.columns import Floats, Ints, first_row
from karb_core.history.points import Points
from karb_core.history.prices import exact

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(frozen=True, slots=True, eq=False)
class Traded:
    """What there is of one instrument: its finest bars; the mark's bars and settled funding where it has any."""

    bars: Bars
    marks: Bars | None = None
    funding: Points | None = None


class BarColumns:
    """The columns of a run over bars. `together`: instruments that are traded together, group by group.

    Unit: nanoseconds of UTC since 1970 in and out, which must be whole milliseconds to meet a bar; prices in quote.
    Edge: a question about a bar that is not there is answered None; where an instrument has no mark bars its traded
    bars stand for them. Errors: KeyError for an instrument that is not here, also one in a group.
    """

    def __init__(self, traded: Mapping[Instrument, Traded], together: Iterable[Collection[Instrument]] = ()) -> None:
        self._traded = dict(traded)
        groups: dict[Instrument, set[Instrument]] = {instrument: {instrument} for instrument in traded}
        for group in together:
            for instrument in group:
                groups[instrument].update(group)
        self._groups = {
            instrument: tuple(self._traded[each].bars for each in sorted(group)) for instrument, group in groups.items()
        }

    def open_at(self, instrument: Instrument, at_ns: int) -> Decimal | None:
        """The open of the bar that opens at exactly that time."""
        bars = self._traded[instrument].bars
        row = _row(bars.opened_at, at_ns)
        return None if row is None else exact(bars.open[row])

    def close_at(self, instrument: Instrument, closed_at_ns: int) -> Decimal | None:
        """The close of the bar that closes at exactly that time."""
        bars = self._traded[instrument].bars
        row = _row(bars.opened_at, closed_at_ns - bars.length_ms * _NS)
        return None if row is None else exact(bars.close[row])

    def volume_at(self, instrument: Instrument, closed_at_ns: int) -> Decimal | None:
        """The volume of the bar that closes at exactly that time; None also where the series has none."""
        bars = self._traded[instrument].bars
        row = _row(bars.opened_at, closed_at_ns - bars.length_ms * _NS)
        return None if row is None or bars.volume is None else _number(bars.volume[row])

    def opens_together(self, instrument: Instrument, at_ns: int) -> bool:
        """Whether every instrument of its groups has a bar that opens at exactly that time."""
        return all(_row(bars.opened_at, at_ns) is not None for bars in self._groups[instrument])

    def grid_from(self, instrument: Instrument, at_ns: int) -> int:
        """The first time at or after, at which a bar of this instrument may open."""
        length_ns = self._traded[instrument].bars.length_ms * _NS
        return -(-at_ns // length_ns) * length_ns

    def mark_at(self, instrument: Instrument, at_ns: int) -> Decimal | None:
        """The open of the mark bar that spans the time; failing that of the traded bar; failing that the last close.

        Edge: a bar that opens at exactly that time spans it. None before the first bar.
        """
        traded = self._traded[instrument]
        series = [bars for bars in (traded.marks, traded.bars) if bars is not None]
        before = [(bars, row) for bars in series if (row := _last(bars.opened_at, at_ns)) >= 0]
        for bars, row in before:
            if at_ns < (int(bars.opened_at[row]) + bars.length_ms) * _NS:
                return exact(bars.open[row])
        if not before:
            return None
        latest, row = max(before, key=lambda each: int(each[0].opened_at[each[1]]) + each[0].length_ms)
        return exact(latest.close[row])

    def next_funding(self, instrument: Instrument, after_ns: int) -> int | None:
        """The first settlement after that time."""
        funding = self._traded[instrument].funding
        if funding is None:
            return None
        row = _last(funding.times, after_ns) + 1
        return int(funding.times[row]) * _NS if row < len(funding) else None

    def funding_at(self, instrument: Instrument, at_ns: int) -> Decimal | None:
        """The rate settled at exactly that time."""
        funding = self._traded[instrument].funding
        row = None if funding is None else _row(funding.times, at_ns)
        return None if funding is None or row is None else _number(funding.values[row])

    def last_funding(self, instrument: Instrument, at_ns: int) -> FundingRate | None:
        """The settlement that was last by that time, at it included; its interval is that since the one before it."""
        funding = self._traded[instrument].funding
        row = -1 if funding is None else _last(funding.times, at_ns)
        if funding is None or row < 0:
            return None
        settled = int(funding.times[row]) * _NS
        interval = settled - int(funding.times[row - 1]) * _NS if row else None
        return FundingRate(instrument, _number(funding.values[row]), settled, True, interval, settled, settled)

    def first_crossing(
        self,
        instrument: Instrument,
        price: Decimal,
        *,
        rising: bool,
        opened_from_ns: int,
        after_ns: int,
        until_ns: int | None,
    ) -> int | None:
        """When the first mark bar closes that reaches the price, of those that open at or after `opened_from_ns` and
        close after `after_ns` and not after `until_ns`.

        A price as a float is the nearest one, and so is every row: a row that reaches the price is never missed, one
        that falls short by less than a float can tell may be told.
        """
        marks = self._marks(instrument)
        opened, length_ns = marks.opened_at, marks.length_ms * _NS
        first = max(_last(opened, opened_from_ns - 1), _last(opened, after_ns - length_ns)) + 1
        stop = len(opened) if until_ns is None else _last(opened, until_ns - length_ns) + 1
        sought = float(price)
        found = first_row(marks.high[first:stop] >= sought if rising else marks.low[first:stop] <= sought)
        return None if found is None else int(opened[first + found]) * _NS + length_ns

    def extreme(
        self, instrument: Instrument, closed_at_ns: int, *, rising: bool, opened_from_ns: int
    ) -> Decimal | None:
        """The high (rising) or the low of the mark bar that closes then; None if it opens before `opened_from_ns`."""
        marks = self._marks(instrument)
        opened_ns = closed_at_ns - marks.length_ms * _NS
        row = None if opened_ns < opened_from_ns else _row(marks.opened_at, opened_ns)
        return None if row is None else exact(_side(marks, rising)[row])

    def _marks(self, instrument: Instrument) -> Bars:
        traded = self._traded[instrument]
        return traded.bars if traded.marks is None else traded.marks


def _side(bars: Bars, rising: bool) -> Floats:
    return bars.high if rising else bars.low


def _last(times: Ints, at_ns: int) -> int:
    """The last row at or before a time; -1 before the first."""
    return int(times.searchsorted(at_ns // _NS, side="right")) - 1


def _row(times: Ints, at_ns: int) -> int | None:
    """The row of exactly that time."""
    row = _last(times, at_ns)
    return row if row >= 0 and int(times[row]) * _NS == at_ns else None


def _number(value: float) -> Decimal:
    """The shortest decimal that reads back as this float: the convention of `prices`, for zero and below too."""
    return Decimal(repr(float(value)))
