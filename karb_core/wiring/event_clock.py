"""The clock of a backtest: the events move it."""

from __future__ import annotations

from collections.abc import Callable

from karb_core.venue.bar_market import BarVenues


class EventClock:
    """Never goes back. Whoever sleeps moves it: nothing else happens while a decision is carried out.

    `comes`: what comes next after a time, where anything is known to come between events: it ends a sleep as it does on a
    desk that is live, and what is placed then meets what is there then. Over bars there is nothing: a bar knows no
    price between, and all of a decision is placed at its time.
    """

    def __init__(self, venues: BarVenues, comes: Callable[[int], int | None] | None = None) -> None:
        self._now_ns = 0
        self._venues = venues
        self._comes = comes

    def now_ns(self) -> int:
        return self._now_ns

    def at(self, now_ns: int) -> None:
        """An event: orders that are placed from here on are placed at its time."""
        self._now_ns = now_ns
        self._venues.at(now_ns)

    async def sleep_until(self, at_ns: int | None) -> None:
        if self._comes is None:
            if at_ns is not None:
                self._now_ns = max(self._now_ns, at_ns)
            return
        times = [ns for ns in (at_ns, self._comes(self._now_ns)) if ns is not None]
        self.at(max(self._now_ns, min(times, default=self._now_ns)))
