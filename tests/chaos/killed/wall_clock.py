"""The clock port over the machine's own clock."""

from __future__ import annotations

import asyncio
import time


class WallClock:
    def now_ns(self) -> int:
        return time.time_ns()

    def world_ns(self) -> int:
        return time.time_ns()

    async def sleep_until(self, at_ns: int | None) -> None:
        left_ns = 0 if at_ns is None else max(0, at_ns - self.now_ns())
        await asyncio.sleep(left_ns / 1e9)
