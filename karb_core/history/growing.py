"""Columns that grow at their end while a desk runs, and forget what no window looks back on any more."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from karb_core.history.bars import Bars
from karb_core.history.points import Points

BarRow = tuple[int, float, float, float, float, float]


class GrowingBars:
    """The last bars of one instrument. Unit: ms since 1970 UTC; a row is opened_at, open, high, low, close, volume."""

    def __init__(self, series: str, length_ms: int, most: int) -> None:
        self._series = series
        self._length_ms = length_ms
        self._rows: deque[BarRow] = deque(maxlen=most)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def closed_at_ms(self) -> int | None:
        """When the last one closed; None before there is one."""
        return self._rows[-1][0] + self._length_ms if self._rows else None

    def seed(self, bars: Bars) -> None:
        """Takes what is known already, of this length. Errors: ValueError for another."""
        if bars.length_ms != self._length_ms:
            raise ValueError(f"{self._series} has bars of {self._length_ms} ms, not of {bars.length_ms} ms")
        volume = np.zeros(len(bars)) if bars.volume is None else bars.volume
        columns = (bars.opened_at, bars.open, bars.high, bars.low, bars.close, volume)
        for row in zip(*(column.tolist() for column in columns), strict=True):
            self.add(row)

    def add(self, row: BarRow) -> bool:
        """False for a bar that is no newer than the last: where it was missing it is put in, and what is known stays.

        Errors: BadData for one that is none; it is not kept.
        """
        if self._rows and row[0] <= self._rows[-1][0]:
            self.fill([row])
            return False
        self._bars([row])
        self._rows.append(row)
        return True

    def fill(self, rows: Iterable[BarRow]) -> None:
        """Puts in what is missing, wherever it lies; what is known stays as it came. Errors: as `add`, for all of them."""
        told = {row[0]: row for row in rows}
        self._bars(told[at] for at in sorted(told))
        known = told | {row[0]: row for row in self._rows}
        self._rows = deque((known[at] for at in sorted(known)), self._rows.maxlen)

    def bars(self) -> Bars:
        return self._bars(self._rows)

    def _bars(self, rows: Iterable[BarRow]) -> Bars:
        opened_at, opened, high, low, close, volume = _columns(rows, 6)
        return Bars(self._series, self._length_ms, opened_at.astype(np.int64), opened, high, low, close, volume)


class GrowingPoints:
    """The last values of a rate, of which only those are kept that were in force when a bar closed, and the newest.

    Unit: ms since 1970 UTC at which each became known. Twice as many as a window has bars: those of a whole window may
    come late, and are judged by what was known when they closed.
    """

    def __init__(self, series: str, length_ms: int, most: int) -> None:
        self._series = series
        self._length_ms = length_ms
        self._rows: deque[tuple[int, float]] = deque(maxlen=2 * most + 1)

    def seed(self, points: Points) -> None:
        for at_ms, value in zip(points.times.tolist(), points.values.tolist(), strict=True):
            self.add(at_ms, value)

    def fill(self, rows: Iterable[tuple[int, float]]) -> None:
        """What became known before all that is known here, oldest first."""
        since, self._rows = tuple(self._rows), deque(maxlen=self._rows.maxlen)
        first_ms = since[0][0] if since else None
        for at_ms, value in (*(row for row in rows if first_ms is None or row[0] < first_ms), *since):
            self.add(at_ms, value)

    def add(self, at_ms: int, value: float) -> bool:
        """False for one that became known before the last: what was known then was the other."""
        if self._rows and at_ms < self._rows[-1][0]:
            return False
        if self._rows and (at_ms == self._rows[-1][0] or self._close(at_ms) == self._close(self._rows[-1][0])):
            self._rows.pop()
        self._rows.append((at_ms, value))
        return True

    def points(self) -> Points | None:
        """None before the first."""
        if not self._rows:
            return None
        times, values = _columns(self._rows, 2)
        return Points(self._series, times.astype(np.int64), values)

    def _close(self, at_ms: int) -> int:
        """The first close at or after a time."""
        return -(-at_ms // self._length_ms)


def _columns(rows: Iterable[tuple[float, ...]], width: int) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Milliseconds of UTC are whole in a float for 285,000 years."""
    table = np.array(list(rows), dtype=np.float64).reshape(-1, width)
    return [np.ascontiguousarray(table[:, i]) for i in range(width)]
