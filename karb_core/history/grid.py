"""Bars on a grid without gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.columns import Floats, Ints, Mask


@dataclass(frozen=True, slots=True, eq=False)
class GridBars:
    """One row per bar length from `start` on, whether a bar is there or not.

    Shape: float64 columns, NaN where `present` is false; `volume` is None where the series has none.
    Unit: `start` in ms since 1970 UTC, the opening time of row 0; prices in the quote asset, volume in the base asset.
    """

    start: int
    length_ms: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None
    present: Mask

    def __len__(self) -> int:
        return len(self.present)

    @property
    def opened_at(self) -> Ints:
        """The opening time of every row."""
        return np.arange(len(self), dtype=np.int64) * self.length_ms + self.start

    @property
    def closed_at(self) -> Ints:
        """The time from which every row is known."""
        return self.opened_at + self.length_ms
