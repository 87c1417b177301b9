"""A series of tops of book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.bad_data import BadData
from karb_core.history.columns import Floats, Ints, Mask, first_row, frozen, same_length
from karb_core.history.price_column import need_prices
from karb_core.history.times import need_times

_COLUMNS = ("bid", "bid_amount", "ask", "ask_amount")


@dataclass(frozen=True, slots=True, eq=False)
class Tops:
    """The tops of one instrument, each known from its time on and standing until the next.

    Shape: `times` int64, the others float64 by the convention of `prices`. Unit: ms since 1970 UTC; prices in the quote
    asset, amounts in the base asset. every_ms: the longest a top that stands goes without being written again, None where
    only changes are written. Edge: no rows are allowed. Errors: BadData naming series, column and row for times that do
    not rise, for what is no price, for a bid that does not lie below its ask, for an amount that is not above zero.
    """

    series: str
    every_ms: int | None
    times: Ints
    bid: Floats
    bid_amount: Floats
    ask: Floats
    ask_amount: Floats

    def __post_init__(self) -> None:
        if self.every_ms is not None and self.every_ms < 1:
            raise ValueError(f"tops cannot be written every {self.every_ms} ms")
        object.__setattr__(self, "times", frozen(self.times, np.int64))
        for name in _COLUMNS:
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))
        same_length(self.times, self.bid, self.bid_amount, self.ask, self.ask_amount)
        need_times(self.times, series=self.series, column="times")
        need_prices(self.bid, series=self.series, name="bid")
        need_prices(self.ask, series=self.series, name="ask")
        self._refuse("ask", self.ask <= self.bid, "the ask is not above the bid")
        for name in ("bid_amount", "ask_amount"):
            amount = getattr(self, name)
            self._refuse(name, ~((amount > 0) & (amount < np.inf)), "this is not an amount above zero")

    def __len__(self) -> int:
        return len(self.times)

    def rows(self, rows: slice) -> Tops:
        """Some of them."""
        parts = (getattr(self, name)[rows] for name in ("times", *_COLUMNS))
        return Tops(self.series, self.every_ms, *parts)

    def last_at(self, at_ms: int) -> int:
        """The row that stands at a time; -1 before the first. Edge: a top of exactly that time stands."""
        return int(self.times.searchsorted(at_ms, side="right")) - 1

    def _refuse(self, column: str, wrong: Mask, problem: str) -> None:
        row = first_row(wrong)
        if row is not None:
            value = float(getattr(self, column)[row])
            raise BadData(f"{value!r}: {problem}", series=self.series, column=column, row=row)
