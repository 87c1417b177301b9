"""Columns that grow at their end while a desk runs, and forget what no window looks back on any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from karb_core.history.bars import Bars
from karb_core.history.points import Points

BarRow = tuple[int, float, float, float, float, float]


class GrowingBars:
    """The last bars of one instrument. Unit: ms since 1970 UTC; a row is opened_at, open, high, low, close, volume."""

    def __init__(self, series: str, length_ms: int, most: int) -> None:
        self._series = series
        self._length_ms = length_ms
        self._rows = _Tail(6, most)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def closed_at_ms(self) -> int | None:
        """When the last one closed; None before there is one."""
        return None if self._rows.last_ms is None else self._rows.last_ms + self._length_ms

    def seed(self, bars: Bars) -> None:
        """Takes what is known already, of this length. Errors: ValueError for another."""
        if bars.length_ms != self._length_ms:
            raise ValueError(f"{self._series} has bars of {self._length_ms} ms, not of {bars.length_ms} ms")
        volume = np.zeros(len(bars)) if bars.volume is None else bars.volume
        columns = (bars.opened_at, bars.open, bars.high, bars.low, bars.close, volume)
        rows: list[BarRow] = list(zip(*(column.tolist() for column in columns), strict=True))
        if len(self):
            self.fill(rows)
        else:
            for row in rows:  # proven when the bars were made
                self._rows.append(row)

    def add(self, row: BarRow) -> bool:
        """False for a bar that is no newer than the last: where it was missing it is put in, and what is known stays.

        Errors: BadData for one that is none; it is not kept.
        """
        if self._rows.last_ms is not None and row[0] <= self._rows.last_ms:
            self.fill([row])
            return False
        self._bars(np.array([row], dtype=np.float64).T)
        self._rows.append(row)
        return True

    def fill(self, rows: Iterable[BarRow]) -> None:
        """Puts in what is missing, wherever it lies; what is known stays as it came. Errors: as `add`, for all of them."""
        told: dict[int, Sequence[float]] = {row[0]: row for row in rows}
        self._bars(np.array([told[at] for at in sorted(told)], dtype=np.float64).reshape(-1, 6).T)
        known = told | {int(row[0]): row for row in self._rows.rows()}
        self._rows.clear()
        for at_ms in sorted(known):
            self._rows.append(known[at_ms])

    def bars(self) -> Bars:
        return self._bars(self._rows.columns())

    def _bars(self, columns: Iterable[np.ndarray[Any, np.dtype[np.float64]]]) -> Bars:
        opened_at, opened, high, low, close, volume = columns
        return Bars(self._series, self._length_ms, opened_at.astype(np.int64), opened, high, low, close, volume)


class GrowingPoints:
    """The last values of a rate, of which only those are kept that were in force when a bar closed, and the newest.

    Unit: ms since 1970 UTC at which each became known. Twice as many as a window has bars: those of a whole window may
    come late, and are judged by what was known when they closed.
    """

    def __init__(self, series: str, length_ms: int, most: int) -> None:
        self._series = series
        self._length_ms = length_ms
        self._rows = _Tail(2, 2 * most + 1)

    def seed(self, points: Points) -> None:
        for at_ms, value in zip(points.times.tolist(), points.values.tolist(), strict=True):
            self.add(at_ms, value)

    def fill(self, rows: Iterable[tuple[int, float]]) -> None:
        """What became known before all that is known here, oldest first."""
        since = [(int(at_ms), value) for at_ms, value in self._rows.rows()]
        self._rows.clear()
        first_ms = since[0][0] if since else None
        for at_ms, value in (*(row for row in rows if first_ms is None or row[0] < first_ms), *since):
            self.add(at_ms, value)

    def add(self, at_ms: int, value: float) -> bool:
        """False for one that became known before the last: what was known then was the other."""
        last_ms = self._rows.last_ms
        if last_ms is not None and at_ms < last_ms:
            return False
        if last_ms is not None and (at_ms == last_ms or self._close(at_ms) == self._close(last_ms)):
            self._rows.pop()
        self._rows.append((at_ms, value))
        return True

    def points(self) -> Points | None:
        """None before the first."""
        if not len(self._rows):
            return None
        times, values = self._rows.columns()
        return Points(self._series, times.astype(np.int64), values)

    def _close(self, at_ms: int) -> int:
        """The first close at or after a time."""
        return -(-at_ms // self._length_ms)


class _Tail:
    """The last `most` rows of a table that grows at its end; the first column is a time.

    Milliseconds of UTC are whole in a float for 285,000 years. There is room for twice as many rows, so that those that
    are kept are moved to the front only once in a while.
    """

    def __init__(self, width: int, most: int) -> None:
        self._table = np.empty((width, 2 * most), dtype=np.float64)
        self._most, self._end = most, 0
        self.last_ms: int | None = None

    def __len__(self) -> int:
        return min(self._end, self._most)

    def append(self, row: Sequence[float]) -> None:
        if self._end == self._table.shape[1]:
            self._table[:, : self._most] = self._table[:, self._most :]
            self._end = self._most
        self._table[:, self._end] = row
        self._end += 1
        self.last_ms = int(row[0])

    def pop(self) -> None:
        """Takes the last one away."""
        self._end -= 1
        self.last_ms = int(self._table[0, self._end - 1]) if self._end else None

    def clear(self) -> None:
        self._end, self.last_ms = 0, None

    def columns(self) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """As they are now, whatever comes after."""
        return [column[self._end - len(self) : self._end].copy() for column in self._table]

    def rows(self) -> list[list[float]]:
        return [list(row) for row in zip(*(column.tolist() for column in self.columns()), strict=True)]
