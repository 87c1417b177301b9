"""Which row comes next, of those at which something could happen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from karb_core.history.columns import Ints, Mask

#: Rows that are looked at first, and at most, in one go. The next row is mostly near: a year is not gone through for it.
_FIRST = 2**7
_MOST = 2**16

#: The mask of a slice of the rows, and by row which of several things it is passed by for, below zero for none. Both may
#: depend on nothing but these rows.
Wakes = Callable[[slice], Mask]
Codes = Callable[[slice], Ints]


class NextRows:
    """Walks forward over the rows that a mask leaves; the mask may change on the way, the way back is never taken.

    A mask is asked for piece by piece, as far as the walk comes.
    """

    def __init__(self, closed_at_ms: Ints, judged: Mask) -> None:
        """`judged`: rows that may be looked at at all, whatever a mask says."""
        self._closed_at = closed_at_ms
        self._judged = judged
        self._taken = -1
        self._wakes: Wakes | None = None
        self._passes: Codes | None = None
        self._looked, self._piece = 0, _FIRST
        self._near: list[int] = []
        self._at = 0
        self._passed: deque[tuple[int, int]] = deque()

    def ask(self, wakes: Wakes | None, from_ms: int, passes: Codes | None = None) -> None:
        """From now on the rows of this mask that close at `from_ms` or later; None for every row. Of these, rows for
        which `passes` has a code are passed by, and told by `passed`.

        What could not matter when its time came is over, even if it could have mattered with what is known since.
        """
        self._wakes, self._passes = wakes, passes
        self._looked = max(int(np.searchsorted(self._closed_at, from_ms)), self._taken + 1)
        self._piece = _FIRST
        self._near, self._at = [], 0
        self._passed.clear()

    def next(self, until_ms: int) -> tuple[int, int] | None:
        """The next row and the ms of its close; None when none is known that closes by then: no further is looked."""
        while True:
            while self._at < len(self._near):
                row = self._near[self._at]
                if row > self._taken:
                    return row, int(self._closed_at[row])
                self._at += 1
            if self._looked >= len(self._judged) or self._closed_at[self._looked] > until_ms:
                return None
            self._look_on()

    def take(self, row: int) -> None:
        self._taken = row

    def passed(self, until_ms: int) -> Iterator[tuple[int, int]]:
        """The ms of each close that was passed by, up to that time, and its code; each is told once.

        Edge: only what was looked at is told, so the next row by then is asked for first. What was told is over.
        """
        while self._passed and self._closed_at[self._passed[0][0]] <= until_ms:
            row, code = self._passed.popleft()
            self._taken = max(self._taken, row)
            yield int(self._closed_at[row]), code

    def _look_on(self) -> None:
        rows = slice(self._looked, min(self._looked + self._piece, len(self._judged)))
        mask = self._judged[rows] if self._wakes is None else self._judged[rows] & self._wakes(rows)
        if self._passes is not None and mask.any():
            codes = self._passes(rows)
            told = np.flatnonzero(mask & (codes >= 0))
            self._passed.extend(zip((told + rows.start).tolist(), codes[told].tolist(), strict=True))
            mask = mask & (codes < 0)
        self._near, self._at = (np.flatnonzero(mask) + rows.start).tolist(), 0
        self._looked, self._piece = rows.stop, min(2 * self._piece, _MOST)


def row_of(columns: Mapping[str, Any], row: int) -> dict[str, float | int]:
    """One row of several columns as plain Python values."""
    return {name: column[row].item() for name, column in columns.items()}
