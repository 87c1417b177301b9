"""The rolling statistics; every formula stands here twice, for a moment and for a column, with equal bits.

Equal, because both take exact integers and then the same correctly rounded operations of IEEE 754 in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import Protocol

import numpy as np

from karb_core.history.carried_sums import CarriedSums
from karb_core.history.column_sums import ColumnSums
from karb_core.history.columns import Floats, Ints, Mask
from karb_core.history.premium import WIDEST
from karb_core.history.window import Window


class Statistic(Protocol):
    """A function of the exact sums over a window and of the last value in it; NaN where it is undefined."""

    @property
    def window(self) -> Window: ...

    def at(self, sums: CarriedSums) -> float: ...

    def of(self, sums: ColumnSums) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of the window hold a value. Edge: defined from the first row on, so that warm-up can be told."""

    window: Window

    def at(self, sums: CarriedSums) -> float:
        return float(sums.count)

    def of(self, sums: ColumnSums) -> Floats:
        return sums.count.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the values in the window. Unit: theirs."""

    window: Window

    def at(self, sums: CarriedSums) -> float:
        return sums.total / sums.count if sums.enough else nan

    def of(self, sums: ColumnSums) -> Floats:
        return _divide(sums.total, sums.count, sums.enough)


@dataclass(frozen=True, slots=True)
class Deviation:
    """The population deviation (ddof 0) of the values in the window. Unit: theirs."""

    window: Window

    def at(self, sums: CarriedSums) -> float:
        return sqrt(float(sums.spread)) / sums.count if sums.enough else nan

    def of(self, sums: ColumnSums) -> Floats:
        return _divide(np.sqrt(sums.spread()), sums.count, sums.enough)


@dataclass(frozen=True, slots=True)
class ZScore:
    """(value - mean) / max(deviation, floor), both over the window that includes the value.

    Unit: deviations; `floor` is in the unit of the values. Edge: undefined where the row holds no value, and where
    deviation and floor are both zero. Errors: ValueError for a floor below 0 or of 2**31 or more.
    """

    window: Window
    floor: int

    def __post_init__(self) -> None:
        if not 0 <= self.floor < WIDEST:
            raise ValueError(f"the least deviation lies between 0 and 2**31 units, not at {self.floor}")

    def at(self, sums: CarriedSums) -> float:
        if sums.last is None or not sums.enough:
            return nan
        least = max(sqrt(float(sums.spread)), float(sums.count * self.floor))
        return float(sums.count * sums.last - sums.total) / least if least else nan

    def of(self, sums: ColumnSums) -> Floats:
        least = sums.spread()
        np.sqrt(least, out=least)
        np.maximum(least, sums.count * self.floor, out=least)
        return _divide(sums.count * sums.values - sums.total, least, sums.enough & sums.present & (least > 0))


def _divide(over: Ints | Floats, under: Ints | Floats, where: Mask) -> Floats:
    out = np.full(len(over), nan)
    np.divide(over, under, out=out, where=where)
    return out
