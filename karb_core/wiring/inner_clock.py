"""The clock of a desk behind its door: it shows the time of the input that is being dealt with."""

from __future__ import annotations

import asyncio


class InnerClock:
    """`Clock`. It moves only when it is told to; whoever sleeps is woken by the time, or by whatever comes."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns
        self._sleepers: dict[asyncio.Future[None], int | None] = {}

    @property
    def sleeps(self) -> bool:
        """Whether anybody waits."""
        return bool(self._sleepers)

    def now_ns(self) -> int:
        return self._now_ns

    def shows(self, now_ns: int) -> int:
        """The time from now on. Edge: never back."""
        self._now_ns = max(self._now_ns, now_ns)
        return self._now_ns

    def next_ns(self) -> int | None:
        """The first time that somebody waits for."""
        return min((at_ns for at_ns in self._sleepers.values() if at_ns is not None), default=None)

    def wake(self) -> None:
        """Something came."""
        for sleeper in self._sleepers:
            _end(sleeper)

    def rings(self) -> None:
        """Ends each sleep whose time has come."""
        for sleeper, at_ns in self._sleepers.items():
            if at_ns is not None and at_ns <= self._now_ns:
                _end(sleeper)

    async def sleep_until(self, at_ns: int | None) -> None:
        if at_ns is not None and at_ns <= self._now_ns:
            await asyncio.sleep(0)
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers[sleeper] = at_ns
        try:
            await sleeper
        finally:
            del self._sleepers[sleeper]


def _end(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
