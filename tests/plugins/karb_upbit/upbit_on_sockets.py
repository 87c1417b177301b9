"""An Upbit on this machine's sockets: the stream and the REST of a test, over the wire, with binary frames as Upbit's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

from karb_core.connection.failures import NoAnswer
from karb_core.connection.questions import Gets

#: A line that was subscribed: what was asked, and how to say something on it.
Speaks = Callable[[list[dict[str, object]], Callable[[str], Awaitable[None]]], Awaitable[None]]


@dataclass(slots=True)
class UpbitOnSockets:
    """`speaks` goes on until it returns, and then the venue closes the line; `rest` answers questions."""

    speaks: Speaks
    rest: Gets
    lines: int = field(init=False, default=0)
    port: int = field(init=False, default=0)

    @property
    def params(self) -> dict[str, str]:
        """What a file writes to come here."""
        return {"socket": f"ws://127.0.0.1:{self.port}/websocket/v1", "rest": f"http://127.0.0.1:{self.port}"}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[UpbitOnSockets]:
        app = web.Application()
        app.router.add_get("/websocket/v1", self._stream)
        app.router.add_get("/{rest:v1/.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.lines += 1
        asked = json.loads(await socket.receive_str())
        with suppress(ConnectionError):
            await self.speaks(asked, lambda text: socket.send_bytes(text.encode()))
        await socket.close()
        return socket

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            answer = await self.rest(request.path_qs)
        except NoAnswer:
            request.transport.abort()  # type: ignore[union-attr]
            raise
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
