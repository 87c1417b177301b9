"""The clock of a house that trades: read from the machine once, and carried on by its steady clock.

The steady clock counts while the machine is asleep too: a lid that was closed makes everything that is known old.
"""

from __future__ import annotations

import asyncio
import sys
import time

_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


class WallClock:
    """`Clock` over the machine's. Made in the loop that uses it. A sleep may end before its time: something came."""

    def __init__(self) -> None:
        self._began_ns = time.time_ns() - _steady_ns()
        self._came = asyncio.Event()

    def now_ns(self) -> int:
        return self._began_ns + _steady_ns()

    def wake(self) -> None:
        """Something came: ends every sleep, and if nobody sleeps, the next one before it begins."""
        self._came.set()

    async def sleep_until(self, at_ns: int | None) -> None:
        left_ns = None if at_ns is None else at_ns - self.now_ns()
        if self._came.is_set() or (left_ns is not None and left_ns <= 0):
            await asyncio.sleep(0)
        else:
            try:
                await asyncio.wait_for(self._came.wait(), None if left_ns is None else left_ns / _NS)
            except TimeoutError:
                return
        self._came.clear()


def _steady_ns() -> int:
    """Linux' monotonic clock stands still while the machine sleeps, its boot time goes on; others have only one."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.monotonic_ns()
