"""The exact sums over a window, carried from row to row."""

from __future__ import annotations

from array import array
from operator import index

from karb_core.history.bad_data import BadData
from karb_core.history.premium import WIDEST
from karb_core.history.window import Window

_ABSENT = WIDEST


class CarriedSums:
    """Count, sum and sum of squares of the values present in the window, as Python integers, and the last value.

    Unit: that of the values. `enough` says whether the window's own conditions hold at the last row pushed.
    """

    __slots__ = ("_rows", "_seen", "_window", "count", "last", "squares", "total")

    def __init__(self, window: Window) -> None:
        self._window = window
        self._rows = array("q", [_ABSENT]) * window.rows
        self._seen = 0
        self.last: int | None = None
        self.count = 0
        self.total = 0
        self.squares = 0

    def push(self, value: int | None) -> None:
        """Takes the next row, None where it holds no value.

        Errors: BadData for a value of 2**31 or more, either way; TypeError for what is no integer.
        """
        if value is not None:
            # an integer of NumPy's would wrap in the sums; index() makes it Python's
            value = index(value)
        if value is not None and not -WIDEST < value < WIDEST:
            raise BadData(f"{value} does not lie within 2**31", row=self._seen)
        at = self._seen % self._window.rows
        left = self._rows[at]
        if left != _ABSENT:
            self._add(left, -1)
        if value is not None:
            self._add(value, 1)
        self._rows[at] = _ABSENT if value is None else value
        self._seen += 1
        self.last = value

    @property
    def enough(self) -> bool:
        return self._seen >= self._window.rows and self.count >= self._window.min_present

    @property
    def spread(self) -> int:
        """count**2 times the population variance."""
        return self.count * self.squares - self.total * self.total

    def _add(self, value: int, sign: int) -> None:
        self.count += sign
        self.total += sign * value
        self.squares += sign * value * value
