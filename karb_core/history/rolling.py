"""A statistic in its two forms: a column over years, and a value carried from row to row; equal bit for bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from karb_core.history.bad_data import BadData
from karb_core.history.carried_sums import CarriedSums
from karb_core.history.column_sums import column_sums
from karb_core.history.columns import Floats, Ints, Mask, first_row, frozen, same_length
from karb_core.history.premium import WIDEST
from karb_core.history.statistics import Statistic

# A piece of this many rows stays in the processor's cache; a long window asks for longer ones, as each piece has to
# sum one window before its first row.
_PIECE = 2**16


def column(statistic: Statistic, values: Ints, present: Mask) -> Floats:
    """The statistic at every row, NaN where it is undefined.

    Edge: a row depends on the rows of its window alone, so the same window gives the same bits wherever the series
    began. Errors: BadData for a present value of 2**31 or more, either way; ValueError for different lengths.
    """
    length = same_length(values, present)
    x = _within_limits(frozen(values, np.int64), frozen(present, np.bool_))
    rows = statistic.window.rows
    out = np.empty(length)
    for start, stop in _pieces(length, max(_PIECE, 2 * rows)):
        first = max(0, start - rows + 1)
        sums = column_sums(x[first:stop], present[first:stop], statistic.window, start - first)
        out[start:stop] = statistic.of(sums)
    out.flags.writeable = False
    return out


class Carried:
    """The statistic of a series that comes row by row; `push` gives what `column` has at that row."""

    __slots__ = ("_statistic", "_sums")

    def __init__(self, statistic: Statistic) -> None:
        self._statistic = statistic
        self._sums = CarriedSums(statistic.window)

    def push(self, value: int | None) -> float:
        """The statistic at this row, NaN where undefined; None is a row that holds no value. Errors: as `column`."""
        self._sums.push(value)
        return self._statistic.at(self._sums)


def _within_limits(values: Ints, present: Mask) -> Ints:
    x = values if present.all() else np.where(present, values, 0)
    if len(x) and not (x.min() > -WIDEST and x.max() < WIDEST):
        row = first_row((x <= -WIDEST) | (x >= WIDEST))
        raise BadData("the value does not lie within 2**31", row=row)
    return x


def _pieces(length: int, piece: int) -> Iterator[tuple[int, int]]:
    for start in range(0, length, piece):
        yield start, min(start + piece, length)
