"""What the rows of one pair are made of, and at what we could have traded in each: bars, or tops on a grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from karb_core.domain.orders import Side
from karb_core.history.bars import Bars
from karb_core.history.columns import Floats, Ints
from karb_core.history.load import LoadedDataset
from karb_core.history.pair_columns import PairColumns
from karb_core.history.points import Points
from karb_core.history.prices import exact
from karb_core.history.top_columns import top_columns
from karb_core.history.tops import Tops
from karb_core.ports import BarRows, GridRows, PairTerms
from karb_core.wiring.made_columns import MadeColumns

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class RowPrices(Protocol):
    """columns: what features are made from. facing: by leg, the prices an order of that side would face at each row,
    before a venue moves them; facings: the same of all rows, for features, None where both sides are the close. ages_ms:
    how old these are, None where they have no age. last: by leg, the last price known at a time.
    """

    columns: PairColumns

    def facing(self, leg: int, rows: slice, side: Side) -> Floats: ...
    def facings(self) -> Callable[[int, Side], Floats] | None: ...
    def ages_ms(self, rows: slice) -> tuple[Ints, ...] | None: ...
    def last(self, leg: int, at_ms: int) -> Decimal: ...


class BarPrices:
    """`RowPrices` of bars: each row's closes, on both sides."""

    def __init__(self, bars: Sequence[Bars], columns: PairColumns) -> None:
        self._bars = tuple(bars)
        self.columns = columns

    def facing(self, leg: int, rows: slice, side: Side) -> Floats:  # noqa: ARG002
        return self.columns.closes[leg][rows]

    def facings(self) -> None:
        return None

    def ages_ms(self, rows: slice) -> tuple[Ints, ...] | None:  # noqa: ARG002
        return None

    def last(self, leg: int, at_ms: int) -> Decimal:
        """Of the last bar that closed by then, however short it is."""
        bars = self._bars[leg]
        closed = int(bars.opened_at.searchsorted(at_ms - bars.length_ms, side="right"))
        return exact(bars.close[closed - 1])


class TopPrices:
    """`RowPrices` of tops: each row's sides, and their middles."""

    def __init__(
        self, tops: Sequence[Tops], rows: GridRows, span: tuple[int, int], rate: Points | None, money: Points | None
    ) -> None:
        self._tops = tuple(tops)
        made = top_columns(self._tops, rows.length_ns // _NS, rows.max_age_ns // _NS, span, rate, money)
        self.columns, self._standing = made.columns, made.standing

    def facing(self, leg: int, rows: slice, side: Side) -> Floats:
        tops, standing = self._tops[leg], self._standing[leg][rows]
        column: Floats = (tops.ask if side is Side.BUY else tops.bid)[standing]
        return column

    def facings(self) -> Callable[[int, Side], Floats]:
        return lambda leg, side: self.facing(leg, slice(None), side)

    def ages_ms(self, rows: slice) -> tuple[Ints, ...] | None:
        at = self.columns.closed_at_ms[rows]
        return tuple(at - tops.times[s[rows]] for tops, s in zip(self._tops, self._standing, strict=True))

    def last(self, leg: int, at_ms: int) -> Decimal:
        """The middle of the top that stands then; before the first, of the first."""
        tops = self._tops[leg]
        row = max(tops.last_at(at_ms), 0)
        return exact(float(tops.bid[row] + tops.ask[row]) / 2)


def row_prices(
    pair: PairTerms,
    rows: BarRows | GridRows,
    data: LoadedDataset,
    span: tuple[int, int],
    points: Mapping[str, Points],
    made: MadeColumns,
) -> RowPrices:
    """`points`: by seat, the rate as it became known."""
    rate, money = points.get("premium"), points.get("money")
    if isinstance(rows, GridRows):
        return TopPrices([data.tops[leg].tops for leg in pair.legs], rows, span, rate, money)
    bars = [data.series[leg].bars for leg in pair.legs]
    return BarPrices(bars, made.columns(bars, rows.length_ns // _NS, span, rate, money))
