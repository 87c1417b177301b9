"""Requests over aiohttp: each is sent once. Imported when a connection is opened, never to look at a file.

Three things would send a request again, or later, behind the caller's back, and none is left on:
aiohttp repeats DELETE, GET and PUT on a connection that broke (`IDEMPOTENT_METHODS` in its client.py); it follows a
redirect, with the token; and the system goes on sending what a closed socket still holds.
"""

from __future__ import annotations

import socket
import struct
import sys

import aiohttp
from yarl import URL

from karb_core.connection.failures import NoAnswer, NothingSent
from karb_core.connection.never_connected import NEVER_CONNECTED
from karb_core.connection.request import Answer, Request

_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class OverHttp:
    """`Transport` to one venue. timeout_s: for the connection, and for connection and answer together twice that."""

    def __init__(self, base_url: str, timeout_s: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=2 * timeout_s, connect=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, request: Request) -> Answer:
        try:
            return await self._send(request)
        except NEVER_CONNECTED as e:
            raise NothingSent(_said(e)) from None
        except (aiohttp.ClientError, OSError) as e:
            raise NoAnswer(_said(e)) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _send(self, request: Request) -> Answer:
        url = URL(self._base_url + request.target, encoded=True)
        async with self._opened().request(
            request.method, url, data=request.body, headers=dict(request.headers), allow_redirects=False
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, headers, await response.read())

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=_socket),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                middlewares=(_once,),
            )
        return self._session


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp repeats what broke with an error of its own; one of ours it hands on."""
    try:
        return await handler(request)
    except NEVER_CONNECTED as e:
        raise NothingSent(_said(e)) from None
    except (aiohttp.ClientError, OSError) as e:
        raise NoAnswer(_said(e)) from None


def _socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """A socket that, once closed, sends nothing more: what we gave up on does not leave this machine later."""
    family, kind, protocol, _, _ = address
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    return made


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]  # karb: constant because it cuts a shown text
