"""A pair's bars and its rate as columns of one grid, row for row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karb_core.history.bars import Bars
from karb_core.history.columns import Floats, Ints, Mask
from karb_core.history.known import last_known
from karb_core.history.points import Points
from karb_core.history.resample import resample


@dataclass(frozen=True, slots=True, eq=False)
class PairColumns:
    """One row a bar. Shape: closes and volumes one column per leg, 0 where the leg has no bar; rate and money 0 where none
    was known yet. Unit: ms since 1970 UTC; closes in each leg's quote; age in ms."""

    closed_at_ms: Ints
    closes: tuple[Floats, ...]
    volumes: tuple[Floats, ...]
    present: tuple[Mask, ...]
    rate: Floats | None
    rate_age_ms: Ints | None
    money: Floats | None

    @property
    def whole(self) -> Mask:
        """Rows in which every leg has a bar."""
        return self.whole_in(slice(None))

    def whole_in(self, rows: slice) -> Mask:
        """As `whole`, of some of them."""
        mask = self.present[0][rows]
        for more in self.present[1:]:
            mask = mask & more[rows]
        return mask


def pair_columns(
    bars: Sequence[Bars], length_ms: int, span: tuple[int, int], rate: Points | None, money: Points | None
) -> PairColumns:
    """The legs' bars, made coarser where they are finer, on the grid of `span` (ms, whole bars), with both rates.

    A bar is judged by what was known at its close, so the rate of a row is the last one known then.
    Errors: ValueError for bars coarser than the length that is asked for.
    """
    start, end = span
    grids = []
    for series in bars:
        if series.length_ms > length_ms:
            raise ValueError(f"{series.series} has bars of {series.length_ms} ms, coarser than {length_ms} ms")
        coarse = series if series.length_ms == length_ms else resample(series, length_ms, start, end).bars
        grids.append(coarse.on_grid(start, end))
    closed = grids[0].closed_at
    known = None if rate is None else last_known(rate, closed)
    booked = None if money is None else last_known(money, closed)
    return PairColumns(
        closed_at_ms=closed,
        closes=tuple(np.where(g.present, g.close, 0.0) for g in grids),
        volumes=tuple(np.zeros(len(g)) if g.volume is None else np.where(g.present, g.volume, 0.0) for g in grids),
        present=tuple(g.present for g in grids),
        rate=None if known is None else np.where(known.present, known.values, 0.0),
        rate_age_ms=None if known is None else known.age_ms,
        money=None if booked is None else np.where(booked.present, booked.values, 0.0),
    )
