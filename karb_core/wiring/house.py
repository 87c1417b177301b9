"""One process at its accounts: every strategy's desk, what the market hands them, and what the owner says meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from karb_core.domain.market import Bar, FxRate, MarketEvent
from karb_core.ports import Clock
from karb_core.wiring.latest import Latest
from karb_core.wiring.trading import Trading

_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


class WakingClock(Clock, Protocol):
    """`wake`: something came, so whoever sleeps looks again."""

    def wake(self) -> None: ...


@dataclass(slots=True)
class House:
    """`before`: where an event goes first (simulated venues live through the same market); `rounds`: what is done again
    and again beside, by how many nanoseconds lie between two times.
    """

    tradings: Sequence[Trading]
    latest: Latest
    clock: WakingClock
    before: Callable[[MarketEvent], None]
    rounds: Sequence[tuple[int, Callable[[], Awaitable[None]]]] = ()
    _tasks: list[asyncio.Task[Any]] = field(init=False, default_factory=list)

    def take(self, event: MarketEvent) -> None:
        """What a feed told. It returns at once: whatever follows goes on beside."""
        self.before(event)
        self.latest.take(event)
        if isinstance(event, Bar):
            for trading in self.tradings:
                trading.bar(event)
        self.clock.wake()

    def rate(self, seat: str, rate: FxRate) -> None:
        """What a source of rates told, for its seat."""
        self.latest.rate(seat, rate)
        for trading in self.tradings:
            for window in trading.windows.values():
                window.rate(seat, rate)
        self.clock.wake()

    def begin(self) -> None:
        """Starts the rounds."""
        self._tasks += [asyncio.ensure_future(_again(every_ns, done)) for every_ns, done in self.rounds]

    async def end(self) -> None:
        """Ends the rounds, and whatever else still runs where it stands: as a kill would, nothing is lost by it."""
        left = [*self._tasks, *(task for trading in self.tradings for task in trading.tasks)]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _again(every_ns: int, done: Callable[[], Awaitable[None]]) -> None:
    while True:
        await done()
        await asyncio.sleep(every_ns / _NS)
