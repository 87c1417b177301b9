"""The WebSocket: a snapshot first, then what changes. Whoever reads too slowly is dropped; nobody is waited for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from karb_core.domain.instant import to_text
from karb_core.ports import ServedHouse
from karb_dashboard.answers import FORMAT
from karb_dashboard.changes import Message, changes, heartbeat, snapshot
from karb_dashboard.seen import Seen

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

_WAITING = 64  # karb: constant because it bounds memory, and a reader so far behind shows old prices anyway
_READERS = 50  # karb: constant because it bounds memory
_BEAT_S = 5.0  # karb: constant because it says how soon a line that died is noticed
#: What WebSockets close with: try again later; the reader was too slow.
FULL, SLOW = 1013, 4008  # karb: constant because the first is the standard's and the second is free to be ours


@dataclass(slots=True, eq=False)
class _Reader:
    socket: WebSocket
    waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(_WAITING))
    slow: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Stream:
    """All readers. Each message has a `number` of its reader's line, from 1 without a gap."""

    house: ServedHouse
    _readers: set[_Reader] = field(init=False, default_factory=set)
    dropped: int = field(init=False, default=0)

    def changed(self, before: Seen, seen: Seen) -> None:
        """Called after each look, in the server's loop. It returns at once."""
        if self._readers:
            self._tell(changes(before, seen))

    async def beat(self, seen: Callable[[], Seen]) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(_BEAT_S)
            self._tell([heartbeat(seen(), to_text(self.house.now_ns()))])

    async def serve(self, socket: WebSocket, seen: Callable[[], Seen]) -> None:
        """Until the reader leaves, or is dropped. `seen`: the last look, asked for once the reader is let in."""
        if len(self._readers) >= _READERS:
            await socket.close(FULL)
            return
        await socket.accept()
        reader = _Reader(socket)
        for message in snapshot(seen()):
            reader.waiting.put_nowait(_text(message))
        self._readers.add(reader)
        parts = [asyncio.ensure_future(each) for each in (self._write(reader), _listened(reader), reader.slow.wait())]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._readers.discard(reader)
            for each in parts:
                each.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
        if reader.slow.is_set():
            self.dropped += 1
            with suppress(Exception):
                await asyncio.wait_for(socket.close(SLOW), 1)

    async def _write(self, reader: _Reader) -> None:
        number = 0
        while True:
            number += 1
            text = await reader.waiting.get()
            await reader.socket.send_text(f'{{"number": {number}, {text[1:]}')

    def _tell(self, messages: Iterable[Message]) -> None:
        for message in messages:
            text = _text(message)
            for reader in self._readers:
                try:
                    reader.waiting.put_nowait(text)
                except asyncio.QueueFull:
                    reader.slow.set()


async def _listened(reader: _Reader) -> None:
    """What a reader says is not taken: it is only noticed that it has gone."""
    while (await reader.socket.receive())["type"] != "websocket.disconnect":
        pass


def _text(message: Message) -> str:
    return json.dumps({"format_version": FORMAT, **message}, ensure_ascii=False)
