"""What every request passes before anything reads it: by which name it came, how large it is, how often its caller asks."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from karb_core.ports import ServedHouse
from karb_dashboard.callers import Callers
from karb_dashboard.refusal import refusal, status_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES = 4096  # karb: constant because nothing that is taken is longer
_UNWANTED = 1008  # karb: constant because WebSockets name what is not let in so
#: The page loads nothing from elsewhere, and stands in nobody's frame.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Karb-Api-Version": "1",
}


class _TooLarge(Exception):
    """More came than anybody takes."""


@dataclass(frozen=True, slots=True)
class Guard:
    """`hosts`: names and addresses by which it may be reached, without ports."""

    app: ASGIApp
    house: ServedHouse
    callers: Callers
    hosts: Collection[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if _host(headers.get(b"host", b"")) not in self.hosts:
            await _refused(scope, send, "wrong_host", self.house.lang)
            return
        waits = self.callers.may_ask(caller(scope), self.house.now_ns())
        if waits:
            await _refused(scope, send, "too_many", self.house.lang, {"Retry-After": str(waits)})
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        await self._asked(scope, receive, send)

    async def _asked(self, scope: Scope, receive: Receive, send: Send) -> None:
        came = 0

        async def bounded() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > _MOST_BYTES:
                raise _TooLarge
            return message

        async def with_headers(message: Message) -> None:
            if came > _MOST_BYTES:
                return  # whatever the rest made of it, the answer is ours
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        with suppress(_TooLarge):
            await self.app(scope, bounded, with_headers)
        if came > _MOST_BYTES:
            await _refused(scope, send, "too_large", self.house.lang)


def caller(scope: Scope) -> str:
    """Who asks: the address, as the server or the proxy before it tells."""
    client = scope.get("client")
    return str(client[0]) if client else "?"


def _host(told: bytes) -> str:
    """Without its port. Shape: `127.0.0.1:8080`, `[::1]:8080`, `desk.example`."""
    name = told.decode("latin-1").strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


async def _refused(scope: Scope, send: Send, code: str, lang: str, more: dict[str, str] | None = None) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _UNWANTED, "reason": code})
        return
    body = json.dumps(refusal(code, lang), ensure_ascii=False).encode()
    told = {"Content-Type": "application/json", "Content-Length": str(len(body)), **HEADERS, **(more or {})}
    head = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status_of(code), "headers": head})
    await send({"type": "http.response.body", "body": body})
