"""One pair of a backtest: its columns, its signal's features, and which row comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.market import FxRate, Top
from karb_core.engine.beyond import beyond
from karb_core.history.columns import Floats, Mask, floats
from karb_core.history.load import LoadedDataset, LoadedRate
from karb_core.history.next_rows import Codes, NextRows, row_of
from karb_core.history.pair_columns import PairColumns
from karb_core.history.points import Points
from karb_core.history.prices import exact
from karb_core.ports import LeavingColumns, Moment, PairSeries, PairTerms, PastBar, Signal, Standing, Stood, Terms
from karb_core.venue.bar_market import BarVenues
from karb_core.wiring.made_columns import MadeColumns
from karb_core.wiring.past_bars import past_bars
from karb_core.wiring.row_prices import row_prices

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(frozen=True, slots=True)
class SeatedRate:
    """A seat of rates and the series that stands for it; `base` and `quote` are what it converts here."""

    seat: str
    rate: LoadedRate
    base: str
    quote: str
    _told: dict[int, tuple[int, FxRate]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def at(self, at_ms: int) -> FxRate | None:
        """The last one known then; a rate never known is None."""
        return self._last(self.rate.points, at_ms)

    def filled_at(self, at_ms: int) -> FxRate | None:
        """What is filled then is booked at this one: as `at`, but where the dataset says that each bar has its own."""
        return self._last(self.rate.fills, at_ms)

    def _last(self, points: Points, at_ms: int) -> FxRate | None:
        terms = self.rate.terms
        row = int(points.times.searchsorted(at_ms, side="right")) - 1
        if row < 0:
            return None
        before = self._told.get(id(points))
        if before is not None and before[0] == row:
            return before[1]
        known_ns = int(points.times[row]) * _NS
        rate = FxRate(self.base, self.quote, exact(points.values[row]), terms.source, terms.kind, known_ns, known_ns)
        self._told[id(points)] = row, rate
        return rate


class PairRows:
    """Walks one pair's rows in time. Only rows in which every leg has a bar are judged."""

    def __init__(
        self, pair: PairTerms, signal: Signal, terms: Terms, data: LoadedDataset, span: tuple[int, int],
        rates: Mapping[str, SeatedRate], every_row: bool, made: MadeColumns | None = None,
    ) -> None:  # fmt: skip
        self.pair = pair
        self._signal = signal
        self._terms = terms
        self._every_row = every_row
        self._uneven = False
        points = {seat: seated.rate.points for seat, seated in rates.items()}
        made = MadeColumns() if made is None else made
        self._prices = row_prices(pair, signal.rows(), data, span, points, made)
        self._columns: PairColumns = self._prices.columns
        series = replace(series_of(pair, self._columns), facing=self._prices.facings())
        self._features: Mapping[str, Any] = made.features(signal, series)
        self._rows = NextRows(self._columns.closed_at_ms, self._columns.whole)

    def ask(self, standing: Standing, from_ns: int, passes: Codes | None = None, *, settled: bool = False) -> None:
        """Asks the signal anew which rows from that time on could matter, now that the pair stands otherwise; of these
        `passes` says which are passed by. Lots that are uneven by whole steps are evened at the next row, whichever it is.
        `settled`: only funding was booked, which makes nothing uneven."""
        if not settled:
            self._uneven = bool(beyond(standing.lots, self._terms.facts))
        every_row = self._every_row or self._uneven
        wakes = None if every_row else partial(self._wakes, standing)
        self._rows.ask(wakes, from_ns // _NS, None if every_row else passes)

    def passed(self, until_ns: int) -> Iterator[tuple[int, int]]:
        """As `NextRows.passed`."""
        return self._rows.passed(until_ns // _NS)

    def features_of(self, rows: slice) -> Mapping[str, Any]:
        return {name: column[rows] for name, column in self._features.items()}

    def leaving(self, lot: Lot, rows: slice, venues: BarVenues) -> LeavingColumns:
        """At what the lot could be left at each of these rows."""
        columns = self._columns
        sides = [leg.side.opposite for leg in lot.legs]
        prices = tuple(venues.sides(self._prices.facing(at, rows, side), side) for at, side in enumerate(sides))
        same = len({leg.instrument.quote for leg in lot.legs}) == 1
        premium, money = (_rates(rate, rows, len(prices[0]), same=same) for rate in (columns.rate, columns.money))
        return LeavingColumns(prices, premium, money, self._prices.ages_ms(rows))

    def _wakes(self, standing: Standing, rows: slice) -> Mask:
        """A slice of the features gives the slice of the mask: the port says so."""
        return self._signal.wakes(self.features_of(rows), standing, self._terms)

    def next(self, until_ns: int) -> tuple[int, int] | None:
        """The next row and its close, in ns; None where none is known by then."""
        found = self._rows.next(until_ns // _NS)
        return None if found is None else (found[0], found[1] * _NS)

    def take(self, row: int) -> None:
        self._rows.take(row)

    def moment(self, row: int, at_ns: int, venues: BarVenues, rates: Mapping[str, FxRate]) -> Moment:
        """The row as values, its closes moved to the sides at which we would trade."""
        return Moment(
            pair=self.pair.name,
            at_ns=at_ns,
            features=row_of(self._features, row),
            legs=self.pair.legs,
            tops=self.tops(row, at_ns, venues),
            rates=rates,
        )

    def tops(self, row: int, at_ns: int, venues: BarVenues) -> tuple[Top, ...]:
        """By leg, what we would trade at at the close of a row."""
        return tuple(venues.top(leg, close, at_ns) for leg, close in self._closes(row))

    def forced_moment(self, at_ns: int, venues: BarVenues, rates: Mapping[str, FxRate]) -> Moment | None:
        """A time that is no row of the signal's, for a way out that nobody proposed: the last whole row's features,
        and the prices of the last bars that closed, however short they are. None before there is a row.
        """
        at_ms = at_ns // _NS
        row = int(self._columns.closed_at_ms.searchsorted(at_ms, side="right")) - 1
        while row >= 0 and not bool(self._columns.whole[row]):
            row -= 1
        if row < 0:
            return None
        tops = tuple(venues.top(leg, close, at_ns) for leg, close in self.last_closes(at_ms))
        return replace(self.moment(row, at_ns, venues, rates), tops=tops)

    def last_closes(self, at_ms: int) -> list[tuple[Instrument, Decimal]]:
        """By leg, the last price known then: of the last bar that closed, however short it is, or of the last top."""
        return [(leg, self._prices.last(at, at_ms)) for at, leg in enumerate(self.pair.legs)]

    def past(self, at_ns: int, back_ns: int) -> tuple[PastBar, ...]:
        """Rows that closed by then, and no further back."""
        one_quote = len({leg.quote for leg in self.pair.legs}) == 1
        return past_bars(self._columns, self._back(at_ns, back_ns), one_quote=one_quote)

    def stood(self, leg: int, at_ns: int, back_ns: int) -> tuple[Stood, ...]:
        """The closes of a leg so far back, and the one that stood when that began."""
        rows, present, closes = self._back(at_ns, back_ns), self._columns.present[leg], self._columns.closes[leg]
        first = rows.start
        while first > 0:
            first -= 1
            if present[first]:
                break
        there = (row for row in range(first, rows.stop) if present[row])
        return tuple(Stood(int(self._columns.closed_at_ms[row]) * _NS, exact(closes[row])) for row in there)

    def _back(self, at_ns: int, back_ns: int) -> slice:
        first, last = self._columns.closed_at_ms.searchsorted([(at_ns - back_ns) // _NS, at_ns // _NS], side="right")
        return slice(int(first), int(last))

    @property
    def columns(self) -> PairColumns:
        return self._columns

    @property
    def features(self) -> Mapping[str, Any]:
        return self._features

    def _closes(self, row: int) -> list[tuple[Instrument, Decimal]]:
        return [(leg, exact(close[row])) for leg, close in zip(self.pair.legs, self._columns.closes, strict=True)]


def _rates(rate: Floats | None, rows: slice, length: int, *, same: bool) -> Floats:
    """1 where both legs have one quote, 0 where none is known."""
    if same:
        return floats(length, 1.0)
    return floats(length, 0.0) if rate is None else rate[rows]


def tops_of(moment: Moment) -> dict[Instrument, Top]:
    return dict(zip(moment.legs, moment.tops, strict=True))


def series_of(pair: PairTerms, columns: PairColumns) -> PairSeries:
    """What a signal is given of a pair."""
    return PairSeries(
        pair=pair.name,
        legs=pair.legs,
        closed_at_ms=columns.closed_at_ms,
        closes=columns.closes,
        present=columns.present,
        rate=columns.rate,
        rate_age_ms=columns.rate_age_ms,
        money=columns.money,
    )
