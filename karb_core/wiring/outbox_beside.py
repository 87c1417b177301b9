"""The outbox in a thread of its own, which lets a desk at work go first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from karb_core.errors import LedgerUnusable
from karb_core.ledger.outbox import Outbox

T = TypeVar("T")

_LOOK_S = 0.02  # karb: constant because it says how often a desk is looked at
_MOST_S = 2.0  # karb: constant because a ladder that goes on for long must not keep the owner from hearing of it


@dataclass(slots=True)
class OutboxBeside:
    """`busy`: whether an order may be about to be written. One transaction of a few rows is all that may come before it."""

    outbox: Outbox
    busy: Callable[[], bool]
    _thread: ThreadPoolExecutor = field(init=False, default_factory=lambda: ThreadPoolExecutor(1, "outbox"))

    async def does(self, work: Callable[[Outbox], T]) -> T:
        """Errors: `LedgerUnusable`."""
        await self._quiet()
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self.outbox)

    async def tries(self, work: Callable[[Outbox], None]) -> bool:
        """Whether it is durable now."""
        try:
            await self.does(work)
        except LedgerUnusable:
            return False
        return True

    def close(self) -> None:
        """What is being written is waited for."""
        self._thread.shutdown()

    async def _quiet(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + _MOST_S
        while self.busy() and loop.time() < until:
            await asyncio.sleep(_LOOK_S)
