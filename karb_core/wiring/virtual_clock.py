"""The clock port in virtual time, right or wrong."""

from __future__ import annotations

import asyncio

from karb_core.wiring.virtual_loop import VirtualLoop


class VirtualClock:
    """Made inside `virtual_loop.run`. `off_by_ns` is how far our clock is ahead of the world's.

    A sleep may end before its time: whoever sleeps looks at the clock again.
    """

    def __init__(self, off_by_ns: int = 0) -> None:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, VirtualLoop):
            raise TypeError("a virtual clock needs virtual time")
        self._loop = loop
        self._off_by_ns = off_by_ns
        self._sleepers: list[asyncio.Future[None]] = []
        self._missed = False

    def now_ns(self) -> int:
        return self._loop.now_ns() + self._off_by_ns

    def world_ns(self) -> int:
        """The time it really is, which is what venues' clocks show."""
        return self._loop.now_ns()

    def jump(self, by_ns: int) -> None:
        """Somebody sets our clock: it is that much later at once, and every sleep ends, as its time is another now."""
        self._off_by_ns += by_ns
        self.wake()

    def wake(self) -> None:
        """Something came: ends every sleep, and if nobody sleeps, the next one before it begins."""
        self._missed = not self._sleepers
        for sleeper in self._sleepers:
            _end(sleeper)

    async def sleep_until(self, at_ns: int | None) -> None:
        if self._missed or (at_ns is not None and at_ns <= self.now_ns()):
            self._missed = False
            await asyncio.sleep(0)
            return
        sleeper: asyncio.Future[None] = self._loop.create_future()
        timer = None if at_ns is None else self._loop.call_at_ns(at_ns - self._off_by_ns, _end, sleeper)
        self._sleepers.append(sleeper)
        try:
            await sleeper
        finally:
            self._sleepers.remove(sleeper)
            if timer is not None:
                timer.cancel()


def _end(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
