"""Carries notices to whoever tells the owner, beside everything else: a channel that hangs holds nothing up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from karb_core.ports import Chooses, Clock, Notice, NoticeKind, Notifier
from karb_core.texts.text import Said
from karb_core.wiring.outbox_beside import OutboxBeside
from karb_core.wiring.told_channel import Patience, ToldChannel

_WAIT_S = 10.0  # karb: constant because it bounds how long an end waits, and the ledger has what was not told
_CLOSE_S = 1.0  # karb: constant because it bounds how long one channel may take to end
_PATIENCE = Patience()
_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


@runtime_checkable
class _Closes(Protocol):
    async def close(self) -> None: ...


@dataclass(slots=True)
class TellingOn:
    """`put` returns at once. `kept` is None where no ledger keeps what is to be told; `failed` hears why a channel told
    nothing, and `later` those to whom a halt is told only where nobody acknowledged it; `heard`: to whom something goes.
    """

    channels: Mapping[str, Notifier]
    kept: OutboxBeside | None
    clock: Clock
    failed: Callable[[Said], None]
    patience: Patience = _PATIENCE
    later: frozenset[str] = frozenset()
    heard: Callable[[Sequence[str]], None] = lambda _: None
    _told: dict[str, ToldChannel] = field(init=False)

    def __post_init__(self) -> None:
        self._told = {
            name: ToldChannel(name, notifier, self.kept, self.clock, self.failed, self.patience)
            for name, notifier in self.channels.items()
        }

    def tells(self, notice: Notice) -> list[str]:
        """By which channels it is told at once."""
        later = self.later if notice.kind is NoticeKind.HALT else frozenset[str]()
        return [
            name
            for name, each in self.channels.items()
            if name not in later and (not isinstance(each, Chooses) or each.tells(notice))
        ]

    def put(self, notice: Notice, by: Sequence[str] | None = None) -> None:
        """`by`: the channels, those that tell such a notice where None."""
        numbered = notice if notice.number else replace(notice, number=str(self.clock.now_ns() // _MS))
        names = self.tells(notice) if by is None else by
        for name in names:
            self._told[name].put(numbered)
        self.heard(names)

    async def run(self) -> None:
        """Until it is cancelled, by each channel one notice after the other, what earlier runs left first of all."""
        await asyncio.gather(*(each.run() for each in self._told.values()))

    async def drain(self) -> None:
        """Everything that waits, as far as it can be told in the time that one notice may take."""
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(each.drain() for each in self._told.values())), _WAIT_S)

    async def close(self) -> None:
        """Gives connections back. Edge: what a channel does badly at its end is nobody's affair any more."""
        for each in self.channels.values():
            if isinstance(each, _Closes):
                with suppress(Exception):
                    await asyncio.wait_for(each.close(), _CLOSE_S)
        if self.kept is not None:
            self.kept.close()
