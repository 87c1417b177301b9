"""A line over a real socket on this machine: frames of both kinds, a close, a venue that is not there, and a ping."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

aiohttp = pytest.importorskip("aiohttp", reason="needs karb[live]")

from aiohttp import web  # noqa: E402

from karb_core.connection.stream_line import LineBroke  # noqa: E402
from karb_core.connection.stream_socket import sockets  # noqa: E402

Serves = Callable[[web.WebSocketResponse, web.Request], Awaitable[None]]


def spoken(serves: Serves, body: Callable[[str], Awaitable[None]]) -> None:
    async def whole() -> None:
        async def handle(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await serves(socket, request)
            return socket

        app = web.Application()
        app.router.add_get("/", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        try:
            await body(f"ws://127.0.0.1:{port}/")
        finally:
            await runner.cleanup()

    asyncio.run(whole())


def test_binary_and_text_frames_are_the_same_bytes_and_what_is_sent_arrives() -> None:
    async def serves(socket: web.WebSocketResponse, request: web.Request) -> None:
        said = await socket.receive_str()
        await socket.send_bytes(said.encode())
        await socket.send_str(said)
        await socket.receive()

    async def body(url: str) -> None:
        async with sockets(url) as opens:
            line = await opens()
            await line.send('["업비트"]')
            assert await line.receive() == await line.receive() == '["업비트"]'.encode()
            await line.end()
            await line.end()

    spoken(serves, body)


def test_no_origin_is_sent() -> None:
    """Upbit limits requests that carry one to one in ten seconds."""

    async def serves(socket: web.WebSocketResponse, request: web.Request) -> None:
        await socket.send_str(str("Origin" in request.headers))
        await socket.receive()

    async def body(url: str) -> None:
        async with sockets(url) as opens:
            line = await opens()
            assert await line.receive() == b"False"
            await line.end()

    spoken(serves, body)


def test_a_close_by_the_venue_breaks_the_line_and_says_its_code() -> None:
    async def serves(socket: web.WebSocketResponse, request: web.Request) -> None:
        await socket.close(code=1001)

    async def body(url: str) -> None:
        async with sockets(url) as opens:
            line = await opens()
            with pytest.raises(LineBroke, match="closed"):
                await line.receive()
            await line.end()

    spoken(serves, body)


def test_a_venue_that_is_not_there_breaks_the_line() -> None:
    async def body() -> None:
        async with sockets("ws://127.0.0.1:9/") as opens:
            with pytest.raises(LineBroke):
                await opens()

    asyncio.run(body())
