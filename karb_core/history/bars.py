"""A series of bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.bad_data import BadData
from karb_core.history.columns import Floats, Ints, Mask, first_row, frozen, same_length
from karb_core.history.grid import GridBars
from karb_core.history.price_column import need_prices
from karb_core.history.times import moment, need_times

_PRICES = ("open", "high", "low", "close")


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """The bars of one length that a venue wrote; where it wrote none, there is no row.

    Shape: `opened_at` int64, the others float64 by the convention of `prices`; `volume` None where there is none.
    Unit: ms since 1970 UTC, on a grid that counts from there; prices in the quote asset, volume in the base asset.
    Edge: no rows are allowed. Errors: BadData naming series, column and row for times that do not rise or are off the
    grid, for what is no price, for a high or low that does not enclose open and close, for a volume below zero.
    """

    series: str
    length_ms: int
    opened_at: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None = None

    def __post_init__(self) -> None:
        if self.length_ms < 1:
            raise ValueError(f"a bar cannot be {self.length_ms} ms long")
        object.__setattr__(self, "opened_at", frozen(self.opened_at, np.int64))
        for name in (*_PRICES, "volume"):
            column = getattr(self, name)
            if column is not None:
                object.__setattr__(self, name, frozen(column, np.float64))
        same_length(self.opened_at, self.open, self.high, self.low, self.close, self.volume)
        self._check_times()
        self._check_prices()
        self._check_volume()

    def __len__(self) -> int:
        return len(self.opened_at)

    def on_grid(self, start: int, end: int) -> GridBars:
        """The bars that open at or after `start` and before `end`, one row per bar length.

        Errors: ValueError if either is off the grid or the end does not come after the start.
        """
        if start % self.length_ms or end % self.length_ms or end <= start:
            raise ValueError(f"{start} to {end} is not a span of whole bars of {self.length_ms} ms")
        first, stop = np.searchsorted(self.opened_at, [start, end]).tolist()
        rows = (self.opened_at[first:stop] - start) // self.length_ms
        present = np.zeros((end - start) // self.length_ms, dtype=np.bool_)
        present[rows] = True
        laid = {name: _lay(getattr(self, name)[first:stop], rows, len(present)) for name in _PRICES}
        volume = None if self.volume is None else _lay(self.volume[first:stop], rows, len(present))
        return GridBars(start, self.length_ms, **laid, volume=volume, present=frozen(present, np.bool_))

    def _check_times(self) -> None:
        need_times(self.opened_at, series=self.series, column="opened_at")
        row = first_row(self.opened_at % self.length_ms != 0)
        if row is not None:
            problem = f"{moment(int(self.opened_at[row]))} is not where a bar of {self.length_ms} ms opens"
            raise BadData(problem, series=self.series, column="opened_at", row=row)

    def _check_prices(self) -> None:
        for name in _PRICES:
            need_prices(getattr(self, name), series=self.series, name=name)
        above = np.maximum(self.open, self.close) > self.high
        self._refuse("high", above, "the high is below open or close")
        below = np.minimum(self.open, self.close) < self.low
        self._refuse("low", below, "the low is above open or close")

    def _check_volume(self) -> None:
        if self.volume is not None:
            self._refuse("volume", ~((self.volume >= 0) & (self.volume < np.inf)), "this is not a volume")

    def _refuse(self, column: str, wrong: Mask, problem: str) -> None:
        row = first_row(wrong)
        if row is not None:
            value = float(getattr(self, column)[row])
            raise BadData(f"{value!r}: {problem}", series=self.series, column=column, row=row)


def _lay(column: Floats, rows: Ints, length: int) -> Floats:
    laid = np.full(length, np.nan)
    laid[rows] = column
    return frozen(laid, np.float64)
