"""Carries notices to whoever tells the owner, beside everything else: a channel that hangs holds nothing up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from karb_core.ports import Notice, Notifier

_MOST = 1000  # karb: constant because it bounds memory: the oldest is dropped, and the ledger has them all
_WAIT_S = 10.0  # karb: constant because it bounds how long a channel may hang, and no order waits for it
_SHOWN = 200  # karb: constant because it cuts a shown text


@dataclass(slots=True)
class _Channel:
    """What waits for one of them, oldest first."""

    notifier: Notifier
    failed: Callable[[str], None]
    waiting: deque[Notice] = field(init=False, default_factory=lambda: deque(maxlen=_MOST))
    came: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    why: str = field(init=False, default="")
    _at_it: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    async def run(self) -> None:
        while True:
            await self.came.wait()
            await self.drain()

    async def drain(self) -> None:
        """Also what is on its way. Each is told once, whatever the channel answers: what it did with it is not known."""
        self.came.clear()
        async with self._at_it:
            while self.waiting:
                await self._tell(self.waiting.popleft())

    async def _tell(self, notice: Notice) -> None:
        try:
            await asyncio.wait_for(self.notifier.notify(notice), _WAIT_S)
            self.why = ""
        except Exception as e:  # noqa: BLE001 - whatever a channel does, trading and the other channels go on
            self._fails(e)

    def _fails(self, error: Exception) -> None:
        """Said once, until it works again."""
        late = isinstance(error, TimeoutError)
        why = f"no answer within {_WAIT_S:g} s" if late else f"{type(error).__name__}: {error}"[:_SHOWN]
        if why != self.why:
            self.why = why
            self.failed(why)


@dataclass(slots=True)
class TellingOn:
    """`put` returns at once. `failed` hears why a channel told nothing."""

    notifiers: Sequence[Notifier]
    failed: Callable[[str], None]
    _channels: list[_Channel] = field(init=False)

    def __post_init__(self) -> None:
        self._channels = [_Channel(notifier, self.failed) for notifier in self.notifiers]

    def put(self, notice: Notice) -> None:
        for channel in self._channels:
            channel.waiting.append(notice)
            channel.came.set()

    async def run(self) -> None:
        """Until it is cancelled, by each channel one notice after the other."""
        await asyncio.gather(*(channel.run() for channel in self._channels))

    async def drain(self) -> None:
        """Everything that waits, as far as it can be told in the time that one notice may take."""
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(channel.drain() for channel in self._channels)), _WAIT_S)
