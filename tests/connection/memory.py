"""A venue in memory that a test speaks for: lines that open or do not, and what is said on them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from karb_core.connection.stream_line import LineBroke


class MemoryLine:
    """`said`: what the venue was told. `tell` and `cut` are the venue's side."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.ended = False
        self._told: asyncio.Queue[bytes | None] = asyncio.Queue()

    def tell(self, message: bytes | str) -> None:
        self._told.put_nowait(message if isinstance(message, bytes) else message.encode())

    def cut(self) -> None:
        self._told.put_nowait(None)

    async def send(self, text: str) -> None:
        if self.ended:
            raise LineBroke("cut")
        self.said.append(text)

    async def receive(self) -> bytes:
        told = await self._told.get()
        if told is None:
            self.ended = True
            raise LineBroke("cut")
        return told

    async def end(self) -> None:
        self.ended = True


@dataclass(slots=True)
class MemoryVenue:
    """`reachable`: whether a line opens. `lines`: all that ever opened; `tried_s`: when it was tried, by the loop."""

    reachable: bool = True
    hangs: bool = False
    lines: list[MemoryLine] = field(default_factory=list)
    tried_s: list[float] = field(default_factory=list)

    async def opens(self) -> MemoryLine:
        self.tried_s.append(asyncio.get_running_loop().time())
        if self.hangs:
            await asyncio.Event().wait()
        if not self.reachable:
            raise LineBroke("refused")
        self.lines.append(MemoryLine())
        return self.lines[-1]

    @property
    def line(self) -> MemoryLine:
        """The one that is open now."""
        assert not self.lines[-1].ended
        return self.lines[-1]
