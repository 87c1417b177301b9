"""One process at its accounts: every strategy's desk, what the market hands them, and what the owner says meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from karb_core.domain.market import Bar, FxRate, MarketEvent
from karb_core.ports import Clock
from karb_core.wiring.latest import Latest

_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


class WakingClock(Clock, Protocol):
    """`wake`: something came, so whoever sleeps looks again."""

    def wake(self) -> None: ...


class Takes(Protocol):
    """A desk, or its door: what a house hands it. `moved`: the market told something else than a bar; `nudged`:
    something may have happened at its account.
    """

    def bar(self, bar: Bar) -> None: ...
    def rate(self, seat: str, rate: FxRate) -> None: ...
    def past(self, bars: tuple[Bar, ...], rates: Mapping[str, Sequence[FxRate]]) -> None: ...
    def moved(self) -> None: ...
    def nudged(self) -> None: ...
    async def end(self) -> None: ...


@dataclass(slots=True)
class House:
    """`before`: where an event goes first, in this order (simulated venues live through the same market); `rounds`: what is done again
    and again beside, by how many nanoseconds lie between two times.
    """

    tradings: Sequence[Takes]
    latest: Latest
    clock: WakingClock
    before: Sequence[Callable[[MarketEvent], None]]
    rounds: Sequence[tuple[int, Callable[[], Awaitable[None]]]] = ()
    _tasks: list[asyncio.Task[Any]] = field(init=False, default_factory=list)

    def take(self, event: MarketEvent) -> None:
        """What a feed told. It returns at once: whatever follows goes on beside."""
        for take in self.before:
            take(event)
        self.latest.take(event)
        for trading in self.tradings:
            if isinstance(event, Bar):
                trading.bar(event)
            else:
                trading.moved()
        self.clock.wake()

    def rate(self, seat: str, rate: FxRate) -> None:
        """What a source of rates told, for its seat."""
        self.latest.rate(seat, rate)
        for trading in self.tradings:
            trading.rate(seat, rate)
        self.clock.wake()

    def past(self, bars: tuple[Bar, ...], rates: Mapping[str, Sequence[FxRate]]) -> None:
        """What lies before, and the rates by seat, oldest first: nothing of it is judged."""
        for trading in self.tradings:
            trading.past(bars, rates)
        for seat, told in rates.items():
            for rate in told[-1:]:
                self.latest.rate(seat, rate)

    def nudge(self) -> None:
        """As a private stream tells at once that something happened to the account."""
        for trading in self.tradings:
            trading.nudged()

    def begin(self) -> None:
        """Starts the rounds."""
        self._tasks += [asyncio.ensure_future(_again(every_ns, done)) for every_ns, done in self.rounds]

    async def rest(self) -> None:
        """Ends the rounds, until `begin`. What one of them was doing is done anew by then."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def end(self) -> None:
        """Ends the rounds, and whatever else still runs where it stands: as a kill would, nothing is lost by it."""
        await self.rest()
        for trading in self.tradings:
            await trading.end()


async def _again(every_ns: int, done: Callable[[], Awaitable[None]]) -> None:
    while True:
        await done()
        await asyncio.sleep(every_ns / _NS)
