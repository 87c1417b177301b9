"""A line over a WebSocket. The only part of a stream that needs aiohttp, and the only one that touches the network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from karb_core.connection.stream_line import LineBroke, OpensLine

_MOST_BYTES = 4 * 1024 * 1024  # karb: constant because it bounds one message, far beyond any that a venue sends
_SHOWN = 200  # karb: constant because it cuts a shown text


@asynccontextmanager
async def sockets(url: str) -> AsyncIterator[OpensLine]:
    """Opens lines to one place; what they share is given back at the end.

    No proxy and no cookies of the machine's are used, and no `Origin` is sent.
    """
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def opens() -> _Socket:
            try:
                return _Socket(await session.ws_connect(url, max_msg_size=_MOST_BYTES, autoping=True))
            except (aiohttp.ClientError, OSError, TimeoutError) as e:
                raise LineBroke(_said(e)) from e

        yield opens


@dataclass(slots=True)
class _Socket:
    socket: aiohttp.ClientWebSocketResponse

    async def send(self, text: str) -> None:
        try:
            await self.socket.send_str(text)
        except (aiohttp.ClientError, OSError) as e:
            raise LineBroke(_said(e)) from e

    async def receive(self) -> bytes:
        """Text and binary frames alike: both hold UTF-8."""
        try:
            message = await self.socket.receive()
        except (aiohttp.ClientError, OSError) as e:
            raise LineBroke(_said(e)) from e
        if message.type is aiohttp.WSMsgType.BINARY:
            return bytes(message.data)
        if message.type is aiohttp.WSMsgType.TEXT:
            return str(message.data).encode()
        raise LineBroke(_ended(message))

    async def end(self) -> None:
        await self.socket.close()


def _ended(message: aiohttp.WSMessage) -> str:
    if message.type is aiohttp.WSMsgType.CLOSE:
        return f"the venue closed the line ({message.data})"
    if message.type is aiohttp.WSMsgType.ERROR:
        return _said(message.data)
    return "the line is closed"


def _said(error: object) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_SHOWN]
