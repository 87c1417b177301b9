"""Services that take notices, on this machine, over real sockets: each answers by a script, and says what reached it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import Literal

#: What a service does with one notice. `lost`: it takes it, and its answer never comes. `hang`: nothing is ever said.
Does = Literal["ok", "late", "broken", "lost", "garbage", "hang", "gone"]
_TAKES = {"ok", "lost", "garbage", "hang"}


@dataclass
class Service:
    """`script`: what it does with the first, the second...; after that all is well. `arrived`: the texts, in order."""

    script: list[Does] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    asked: int = 0
    address: str = ""
    port: int = 0
    on_arrival: Callable[[], None] = lambda: None
    requests: list[bytes] = field(default_factory=list)

    def takes(self, text: str) -> Does:
        does = self.script[self.asked] if self.asked < len(self.script) else "ok"
        self.asked += 1
        if does in _TAKES:
            self.arrived.append(text)
            self.on_arrival()
        return does


async def _request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next((int(h.split(":")[1]) for h in head.lower().split("\r\n") if h.startswith("content-length")), 0)
    return head, await reader.readexactly(length)


def _answer(status: str, body: bytes, headers: Iterable[str] = ()) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


LIMITED = b'{"message":"You are being rate limited.","retry_after":0.05,"global":false}'
TELEGRAM_LIMITED = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":0.05}}'
)


def discord(does: Does, body: bytes) -> bytes:
    match does:
        case "ok":
            return _answer("200 OK", b'{"id":"1200"}', ["X-RateLimit-Remaining: 4", "X-RateLimit-Reset-After: 0.1"])
        case "late":
            return _answer("429 Too Many Requests", LIMITED, ["Retry-After: 1", "Via: 1.1 google"])
        case "gone":
            return _answer("404 Not Found", b'{"message":"Unknown Webhook","code":10015}')
        case "garbage":
            return _answer("200 OK", b"<html>hello</html>")
        case _:
            return _answer("502 Bad Gateway", b"<html>bad gateway</html>")


def slack(does: Does, body: bytes) -> bytes:
    match does:
        case "ok":
            return _answer("200 OK", b"ok")
        case "late":
            return _answer("429 Too Many Requests", b"rate_limited", ["Retry-After: 0"])
        case "gone":
            return _answer("404 Not Found", b"no_service")
        case "garbage":
            return _answer("200 OK", b"\x00\xff<html>")
        case _:
            return _answer("500 Internal Server Error", b"rollup_error")


def telegram(does: Does, body: bytes) -> bytes:
    match does:
        case "ok":
            sent = {"message_id": 42, "date": 1, "chat": {"id": 111, "type": "private"}, "text": "x"}
            return _answer("200 OK", json.dumps({"ok": True, "result": sent}).encode())
        case "late":
            return _answer("429 Too Many Requests", TELEGRAM_LIMITED)
        case "gone":
            return _answer("401 Unauthorized", b'{"ok":false,"error_code":401,"description":"Unauthorized"}')
        case "garbage":
            return _answer("200 OK", b"<html>hello</html>")
        case _:
            return _answer("502 Bad Gateway", b"Bad Gateway")


Speaks = Callable[[Does, bytes], bytes]


def text_of(body: bytes) -> str:
    """What a person reads: a Discord message's content with its embed, Slack's, a webhook's or Telegram's text."""
    told = json.loads(body)
    if "embeds" in told or "content" in told:
        parts = [told.get("content", "")]
        for embed in told.get("embeds", []):
            parts += [
                embed.get("title") or "",
                embed.get("description") or "",
                (embed.get("footer") or {}).get("text", ""),
            ]
            parts += [f"{f['name']}: {f['value']}" for f in embed.get("fields") or []]
        return "\n".join(parts)
    return str(told["text"])


@asynccontextmanager
async def over_http(service: Service, speaks: Speaks, path: str = "/hook/very-secret-token") -> AsyncIterator[Service]:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head, body = await _request(reader)
            service.requests.append(head.encode() + body)
            does = service.takes(text_of(body))
            if does == "hang":
                await reader.read()
            elif does != "lost":
                writer.write(speaks(does, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    service.address = f"http://127.0.0.1:{service.port}{path}"
    try:
        yield service
    finally:
        server.close()


_SMTP: dict[str, bytes] = {
    "ok": b"250 2.0.0 queued\r\n",
    "late": b"451 4.3.2 try again later\r\n",
    "broken": b"451 4.3.0 local error\r\n",
    "gone": b"421 4.3.2 closing\r\n",
    "garbage": b"\x00\xff what\r\n",
}


@asynccontextmanager
async def mail_server(service: Service, login: str = "me:app-password") -> AsyncIterator[Service]:
    """Only the verbs that a message needs. A script's step is taken where the message was handed over."""
    from base64 import b64encode

    user, _, password = login.partition(":")
    plain = b64encode(f"\0{user}\0{password}".encode()).decode()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here ESMTP\r\n")
        try:
            while line := await reader.readline():
                verb = line.decode().strip()
                if verb.upper().startswith("EHLO"):
                    writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
                elif verb.upper().startswith("AUTH PLAIN"):
                    good = verb.split()[-1] == plain
                    writer.write(b"235 ok\r\n" if good else b"535 5.7.8 bad credentials\r\n")
                elif verb.upper() == "DATA":
                    writer.write(b"354 go on\r\n")
                    await writer.drain()
                    raw = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                    service.requests.append(raw)
                    message = message_from_bytes(raw, policy=default)
                    does = service.takes(f"{message['Subject']}\n{message.get_content()}")
                    if does == "hang":
                        await reader.read()
                        return
                    if does == "lost":
                        return
                    writer.write(_SMTP[does])
                elif verb.upper() == "QUIT":
                    writer.write(b"221 bye\r\n")
                    return
                else:
                    writer.write(b"250 ok\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
