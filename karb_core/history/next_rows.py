"""Which row comes next, of those at which something could happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from karb_core.history.columns import Ints, Mask


class NextRows:
    """Walks forward over the rows that a mask leaves; the mask may change on the way, the way back is never taken."""

    def __init__(self, closed_at_ms: Ints, judged: Mask) -> None:
        """`judged`: rows that may be looked at at all, whatever a mask says."""
        self._closed_at = closed_at_ms
        self._judged = judged
        self._rows: Ints = np.flatnonzero(judged)
        self._taken = -1

    def ask(self, mask: Mask | None, from_ms: int) -> None:
        """From now on the rows of this mask that close at `from_ms` or later; None for every row.

        What could not matter when its time came is over, even if it could have mattered with what is known since.
        """
        rows = np.flatnonzero(self._judged if mask is None else self._judged & mask)
        self._rows = rows[np.searchsorted(self._closed_at[rows], from_ms) :]

    def next(self) -> tuple[int, int] | None:
        """The next row and the ms of its close; None when there is none."""
        at = int(np.searchsorted(self._rows, self._taken, side="right"))
        if at >= len(self._rows):
            return None
        row = int(self._rows[at])
        return row, int(self._closed_at[row])

    def take(self, row: int) -> None:
        self._taken = row


def row_of(columns: Mapping[str, Any], row: int) -> dict[str, float | int]:
    """One row of several columns as plain Python values."""
    return {name: column[row].item() for name, column in columns.items()}
