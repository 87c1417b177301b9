"""The machine's clock, and how far it has leapt: whoever opens the same file leaps at once, in this process or another.

Bars of a minute are closed on without waiting for one: between two of them nothing happens that a test is about.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

from karb_core.wiring.wall_clock import WallClock

_SHAPE = "<q"
_MINUTE_NS = 60_000_000_000


class Leaps:
    """How far, in nanoseconds: one number in a file that is shared."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(struct.pack(_SHAPE, 0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), struct.calcsize(_SHAPE))

    @property
    def far_ns(self) -> int:
        (far_ns,) = struct.unpack(_SHAPE, self._shared[:])
        return int(far_ns)

    def leap(self, ns: int) -> None:
        self._shared[:] = struct.pack(_SHAPE, self.far_ns + ns)


class LeapingClock:
    """`WakingClock` over the machine's. Made in the loop that uses it. Edge: a sleep that a leap ends is not woken by it."""

    def __init__(self, leaps: Leaps) -> None:
        self._clock = WallClock()
        self._leaps = leaps

    def now_ns(self) -> int:
        return self._clock.now_ns() + self._leaps.far_ns

    def wake(self) -> None:
        self._clock.wake()

    async def sleep_until(self, at_ns: int | None) -> None:
        await self._clock.sleep_until(None if at_ns is None else at_ns - self._leaps.far_ns)


def before_the_minute(now_ns: int, ns: int) -> int:
    """How far to leap so that the next minute is so near. Edge: no leap where it is nearer already."""
    left_ns = _MINUTE_NS - now_ns % _MINUTE_NS
    return max(0, left_ns - ns)
