"""A stretch of time, and what of a series lies in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karb_core.history.bars import Bars
    from karb_core.history.points import Points
    from karb_core.history.tops import Tops


@dataclass(frozen=True, slots=True)
class Span:
    """From `since_ms` until `until_ms`, ms since 1970 UTC; None leaves that side open.

    Errors: ValueError for a stretch that ends before it begins.
    """

    since_ms: int | None = None
    until_ms: int | None = None

    def __post_init__(self) -> None:
        if self.since_ms is not None and self.until_ms is not None and self.until_ms < self.since_ms:
            raise ValueError(f"a stretch of time cannot end at {self.until_ms}, before {self.since_ms}")

    def bars(self, bars: Bars) -> Bars:
        """Those that open and close in it."""
        first, stop = 0, len(bars)
        if self.since_ms is not None:
            first = int(bars.opened_at.searchsorted(self.since_ms))
        if self.until_ms is not None:
            stop = int(bars.opened_at.searchsorted(self.until_ms - bars.length_ms, side="right"))
        rows = slice(first, max(first, stop))
        volume = None if bars.volume is None else bars.volume[rows]
        return replace(
            bars, opened_at=bars.opened_at[rows], open=bars.open[rows], high=bars.high[rows], low=bars.low[rows],
            close=bars.close[rows], volume=volume,
        )  # fmt: skip

    def events(self, points: Points) -> Points:
        """Those that happen in it, both ends included."""
        return self._points(points, last_before=False)

    def known(self, points: Points) -> Points:
        """Those that are the last known at any moment of it: also the one before it begins."""
        return self._points(points, last_before=True)

    def tops(self, tops: Tops) -> Tops:
        """Those that stand at any moment of it: also the one before it begins."""
        first = 0 if self.since_ms is None else max(tops.last_at(self.since_ms), 0)
        stop = len(tops) if self.until_ms is None else tops.last_at(self.until_ms) + 1
        rows = slice(first, max(first, stop))
        return tops if rows == slice(0, len(tops)) else tops.rows(rows)

    def _points(self, points: Points, last_before: bool) -> Points:
        first, stop = 0, len(points)
        if self.since_ms is not None:
            first = int(points.times.searchsorted(self.since_ms, side="right" if last_before else "left"))
            first = max(first - last_before, 0)
        if self.until_ms is not None:
            stop = int(points.times.searchsorted(self.until_ms, side="right"))
        rows = slice(first, max(first, stop))
        return replace(points, times=points.times[rows], values=points.values[rows])
