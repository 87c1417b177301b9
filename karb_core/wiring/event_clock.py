"""The clock of a backtest: the events move it."""

from __future__ import annotations

from karb_core.venue.bar_market import BarVenues


class EventClock:
    """Never goes back. Whoever sleeps moves it: nothing else happens while a decision is carried out."""

    def __init__(self, venues: BarVenues) -> None:
        self._now_ns = 0
        self._venues = venues

    def now_ns(self) -> int:
        return self._now_ns

    def at(self, now_ns: int) -> None:
        """An event: orders that are placed from here on are placed at its time."""
        self._now_ns = now_ns
        self._venues.at(now_ns)

    async def sleep_until(self, at_ns: int | None) -> None:
        if at_ns is not None:
            self._now_ns = max(self._now_ns, at_ns)
