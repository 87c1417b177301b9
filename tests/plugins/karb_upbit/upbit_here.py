"""Upbit as its pages describe it, in this process: checks every signature, answers by script, notes what came.

`InMemory` reaches it in virtual time; `served` over a real socket.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from karb_core.connection.failures import NoAnswer, NothingSent
from karb_core.connection.keys import Keys
from karb_core.connection.request import Answer, Request

KEYS = Keys("upbit-test-access-key-0000000000000001", "upbit-test-secret-key-0000000000000001")
PUBLIC = ("/v1/orderbook/instruments", "/v1/ticker")


class Fate(Enum):
    """What becomes of a request instead of an answer."""

    REFUSED = "nobody listens"
    DROPPED = "read, and then the connection breaks"
    SILENT = "read, and never answered"


Told = Any
Says = Callable[["Asked"], Told]


@dataclass(frozen=True)
class Asked:
    """One request as it came: `fields` decoded, a repeated name as a list."""

    call: str
    fields: Mapping[str, Any]
    body: bytes | None


@dataclass
class UpbitHere:
    """`on("GET /v1/order", ...)`: what is said to one call after another; the last is said for ever."""

    script: dict[str, list[Told | Says]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)

    def on(self, call: str, *told: Told | Says) -> None:
        self.script[call] = list(told)

    def of(self, call: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.call == call]

    def says(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer | Fate:
        path, _, query = target.partition("?")
        sent = unquote(query) if body is None else _as_query(body)
        asked = Asked(f"{method} {path}", _fields(sent), body)
        self.asked.append(asked)
        if path not in PUBLIC and (no := self._unsigned(headers, sent)):
            return self._answer((401, {"error": {"name": no, "message": "-"}}))
        told = self.script[asked.call]
        said = told.pop(0) if len(told) > 1 else told[0]
        return self._answer(said(asked) if callable(said) else said)

    def _answer(self, said: Told) -> Answer | Fate:
        if isinstance(said, Fate):
            return said
        status, body = said if isinstance(said, tuple) else (200, said)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Answer(status, dict(self.headers), raw)

    def _unsigned(self, headers: Mapping[str, str], sent: str) -> str | None:
        """Why the signature is none, as Upbit would check it."""
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        signed, _, signature = token.rpartition(".")
        made = hmac.new(KEYS.secret.encode(), signed.encode(), hashlib.sha256).digest()
        if scheme != "Bearer" or base64.urlsafe_b64encode(made).rstrip(b"=").decode() != signature:
            return "jwt_verification"
        claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        if claims["nonce"] in self.nonces:
            return "nonce_used"
        self.nonces.add(claims["nonce"])
        hashed = hashlib.sha512(sent.encode()).hexdigest() if sent else None
        return None if claims.get("query_hash") == hashed else "invalid_query_payload"


class InMemory:
    """`Transport` to it in virtual time: each way takes `travels_s`, and who gets no answer waits for `timeout_s`."""

    def __init__(self, upbit: UpbitHere, travels_s: float = 0.02, timeout_s: float = 5.0) -> None:
        self.upbit = upbit
        self.travels_s, self.timeout_s = travels_s, timeout_s
        self.closed = False

    async def __call__(self, request: Request) -> Answer:
        await asyncio.sleep(self.travels_s)
        said = self.upbit.says(request.method, request.target, request.headers, request.body)
        if said is Fate.REFUSED:
            self.upbit.asked.pop()
            raise NothingSent("connection refused")
        if isinstance(said, Fate):
            await asyncio.sleep(self.timeout_s if said is Fate.SILENT else self.travels_s)
            raise NoAnswer(said.value)
        await asyncio.sleep(self.travels_s)
        return said

    async def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def served(upbit: UpbitHere) -> AsyncIterator[str]:
    """It over HTTP on this machine; gives its base URL."""

    over = asyncio.Event()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        said = upbit.says(request.method, request.path_qs, request.headers, body or None)
        if said is Fate.SILENT:
            await over.wait()
        if isinstance(said, Fate):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.Response(status=said.status, headers=said.headers, body=said.body)

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        over.set()
        await runner.cleanup()


def _as_query(body: bytes) -> str:
    return "&".join(f"{name}={value}" for name, value in json.loads(body).items())


def _fields(sent: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in filter(None, sent.split("&")):
        name, _, value = pair.partition("=")
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
