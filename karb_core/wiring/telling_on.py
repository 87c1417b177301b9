"""Carries notices to whoever tells the owner, beside everything else: a channel that hangs holds nothing up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from karb_core.ports import Notice, Notifier

_MOST = 1000  # karb: constant because it bounds memory: the oldest is dropped, and the ledger has them all
_WAIT_S = 10.0  # karb: constant because it bounds how long a channel may hang, and no order waits for it


@dataclass(slots=True)
class TellingOn:
    """`put` returns at once."""

    notifiers: Sequence[Notifier]
    _waiting: deque[Notice] = field(init=False, default_factory=lambda: deque(maxlen=_MOST))
    _came: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def put(self, notice: Notice) -> None:
        self._waiting.append(notice)
        self._came.set()

    async def run(self) -> None:
        """Until it is cancelled, one notice after the other, each to all channels."""
        while True:
            await self._came.wait()
            await self.drain()

    async def drain(self) -> None:
        """Everything that waits."""
        self._came.clear()
        while self._waiting:
            notice = self._waiting.popleft()
            await asyncio.gather(*(_told(notifier, notice) for notifier in self.notifiers))


async def _told(notifier: Notifier, notice: Notice) -> None:
    try:
        await asyncio.wait_for(notifier.notify(notice), _WAIT_S)
    except Exception:  # noqa: BLE001 - whatever a channel does, trading and the other channels go on
        return
