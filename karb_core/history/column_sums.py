"""The exact sums over the window of every row, in limbs that cannot overflow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.columns import Floats, Ints, Mask
from karb_core.history.window import Window

# With |x| < 2**31 and at most 2**22 rows in a window |total| <= 2**53 and squares <= 2**84. Limbs of 26 bits keep every
# product below within 2**56 and every running sum within 2**60, for pieces of up to 2**24 rows.
_BITS = 26
_LOW = 2**_BITS - 1


@dataclass(frozen=True, slots=True)
class ColumnSums:
    """Count, sum and sum of squares of the values present in the window of each row, and that row's value.

    Shape: int64; the sum of squares is `high * 2**52 + middle * 2**26 + low`, the two lower ones below 2**26.
    `enough` says where the window's own conditions hold.
    """

    values: Ints
    present: Mask
    enough: Mask
    count: Ints
    total: Ints
    high: Ints
    middle: Ints
    low: Ints

    def spread(self) -> Floats:
        """count**2 times the population variance: the exact integer, rounded once, as Python's float() would."""
        top, rest = self.total >> _BITS, self.total & _LOW
        low = self.count * self.low - rest * rest
        middle = self.count * self.middle - 2 * top * rest + (low >> _BITS)
        high = self.count * self.high - top * top + (middle >> _BITS)
        # a spread is below 2**106: halved at bit 53 both parts are exact floats, and only their sum is rounded
        low &= _LOW
        low |= (middle & _LOW) << _BITS
        low |= (high & 1) << 2 * _BITS
        rounded: Floats = (high >> 1).astype(np.float64)
        rounded *= 2.0 ** (2 * _BITS + 1)
        rounded += low
        return rounded


def column_sums(values: Ints, present: Mask, window: Window, skip: int) -> ColumnSums:
    """The sums at each row from `skip` on; the rows before it only fill the windows.

    Shape: `values` is 0 where not present, and begins with the series or with the first row of the first window, so
    `skip` is below the window's rows.
    """
    squares = values * values
    carried = _windowed(squares & _LOW, window.rows, skip)
    squares >>= _BITS
    above = _windowed(squares, window.rows, skip)
    above += carried >> _BITS
    count = _windowed(present, window.rows, skip)
    enough = count >= window.min_present
    enough[: max(0, window.rows - 1 - skip)] = False
    return ColumnSums(
        values=values[skip:],
        present=present[skip:],
        enough=enough,
        count=count,
        total=_windowed(values, window.rows, skip),
        high=above >> _BITS,
        middle=above & _LOW,
        low=carried & _LOW,
    )


def _windowed(values: Ints | Mask, rows: int, skip: int) -> Ints:
    """The sum of the last `rows` values at each row from `skip` on, which must lie before row `rows`."""
    running = np.cumsum(values, dtype=np.int64)
    sums = running[skip:].copy()
    sums[rows - skip :] -= running[:-rows]
    return sums
