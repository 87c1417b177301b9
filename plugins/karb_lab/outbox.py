"""What waits to go out on one socket: in order, and no more than so much."""

from __future__ import annotations

import asyncio

from aiohttp import web

from karb_lab.faults import Faults

_MOST = 10_000


class Outbox:
    """One socket's messages. Edge: a client that reads too slowly is closed; while a venue is made silent, what it
    would have told is lost, as on a connection that stalls.
    """

    def __init__(self, socket: web.WebSocketResponse, faults: Faults) -> None:
        self._socket = socket
        self._faults = faults
        self._waiting: asyncio.Queue[bytes | str] = asyncio.Queue(_MOST)
        self._full = False
        self._sent = False

    def put(self, message: bytes | str, *, even_silent: bool = False) -> None:
        """Bytes go out in a binary frame, text in a text frame."""
        if self._faults.stands("silence") and not even_silent:
            return
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._full = True

    def sent_since(self) -> bool:
        """Whether anything went out since it was asked last."""
        sent, self._sent = self._sent, False
        return sent

    async def run(self) -> None:
        """Until the socket closes, or what waits is too much."""
        while not self._full and not self._socket.closed:
            message = await self._waiting.get()
            try:
                if isinstance(message, bytes):
                    await self._socket.send_bytes(message)
                else:
                    await self._socket.send_str(message)
            except ConnectionError:
                return
            self._sent = True
        await self._socket.close()
