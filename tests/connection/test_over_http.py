"""Over a real socket on this machine: each request is sent once, and what is known of one that failed is proven."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest

from karb_core.connection.failures import NoAnswer, NothingSent
from karb_core.connection.over_http import OverHttp
from karb_core.connection.request import Request

METHODS = ["GET", "POST", "DELETE", "PUT"]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
TOKEN = "Bearer a-token-that-nobody-may-see"


@dataclass
class Listener:
    """Takes connections and does with each request, by its number, what it is told. `ended`: how each connection did."""

    says: Callable[[int], bytes | None]
    came: list[bytes] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-l")), 0
                )
                self.came.append(head + await reader.readexactly(length))
                said = self.says(len(self.came))
                if said is None:
                    continue
                writer.write(said)
                await writer.drain()
                if not said or said is not OK:
                    break
        except asyncio.IncompleteReadError:
            self.ended.append("closed")
        except ConnectionResetError:
            self.ended.append("reset")
        finally:
            self.over.set()
            writer.close()


def listening(says: Callable[[int], bytes | None], doing: Callable[[str, Listener], Awaitable[None]]) -> None:
    async def run() -> None:
        listener = Listener(says)
        server = await asyncio.start_server(listener.take, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        async with server:
            await doing(f"http://{host}:{port}", listener)

    asyncio.run(run())


def request(method: str) -> Request:
    return Request(method, "/v1/order?identifier=a%3Ab", b"{}" if method == "POST" else None, {"Authorization": TOKEN})


def drops_the_second(number: int) -> bytes | None:
    """Answers, and on the connection that is kept drops the next: what a server does with one that was idle."""
    return OK if number == 1 else b""


@pytest.mark.parametrize("method", METHODS)
def test_a_connection_that_breaks_is_told_and_nothing_is_sent_again(method: str) -> None:
    async def doing(url: str, listener: Listener) -> None:
        transport = OverHttp(url, 5)
        assert (await transport(request("GET"))).status == 200
        with pytest.raises(NoAnswer):
            await transport(request(method))
        await transport.close()
        assert len(listener.came) == 2
        assert listener.came[1].startswith(f"{method} /v1/order?identifier=a%3Ab HTTP/1.1".encode())

    listening(drops_the_second, doing)


def test_the_library_alone_would_send_it_again() -> None:
    async def doing(url: str, listener: Listener) -> None:
        async with aiohttp.ClientSession() as session:
            await (await session.get(url)).read()
            with pytest.raises(aiohttp.ClientError):
                await session.delete(url)
        assert len(listener.came) == 3

    listening(drops_the_second, doing)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async def doing(url: str, listener: Listener) -> None:
        transport = OverHttp(url, 5)
        assert (await transport(request("POST"))).status == 307
        await transport.close()
        assert len(listener.came) == 1

    listening(lambda _: b"HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", doing)


def test_where_nobody_listens_nothing_was_sent() -> None:
    async def refused() -> None:
        server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        transport = OverHttp(f"http://127.0.0.1:{port}", 5)
        with pytest.raises(NothingSent):
            await transport(request("POST"))
        await transport.close()

    asyncio.run(refused())


@pytest.mark.parametrize("url", ["nowhere", "ftp://127.0.0.1"])
def test_an_address_that_is_none_gets_nothing(url: str) -> None:
    async def run() -> None:
        transport = OverHttp(url, 5)
        with pytest.raises(NothingSent):
            await transport(request("POST"))
        await transport.close()

    asyncio.run(run())


def test_who_never_answers_is_given_up_and_nothing_is_sent_later() -> None:
    async def doing(url: str, listener: Listener) -> None:
        transport = OverHttp(url, 0.05)
        with pytest.raises(NoAnswer):
            await transport(request("POST"))
        await listener.over.wait()
        await transport.close()
        assert listener.ended == ["reset"], "the system would go on sending what the socket held"

    listening(lambda _: None, doing)


def test_half_an_answer_is_none() -> None:
    async def doing(url: str, listener: Listener) -> None:
        transport = OverHttp(url, 5)
        with pytest.raises(NoAnswer):
            await transport(request("POST"))
        await transport.close()

    listening(lambda _: b'HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"uuid":"3f', doing)


def test_a_token_is_in_no_error_and_no_repr() -> None:
    async def doing(url: str, listener: Listener) -> None:
        transport = OverHttp(url, 5)
        with pytest.raises(NoAnswer) as raised:
            await transport(request("POST"))
        await transport.close()
        assert "nobody-may-see" not in f"{raised.value!r} {raised.value} {request('POST')!r}"
        assert raised.value.__cause__ is None

    listening(lambda _: b"", doing)
