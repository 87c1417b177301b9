"""A Telegram on this machine: what its owner writes is polled for, what the bot says is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.telling.services_here import Does, _answer, _request, telegram

TOKEN = "123456:a-token-that-nobody-may-see"
OWNER = 9_000_000_111


@dataclass
class Telegram:
    """`script`: what it does with the first message of the bot's, the second...; `said`: those that arrived, with the chat.

    Updates are told until a question says that they were heard. `conflicts`: so many questions are refused, for somebody
    else polls.
    """

    script: list[Does] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    on_arrival: Callable[[], None] = lambda: None
    address: str = ""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    spoke: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0
    _next: int = 900_001

    @property
    def arrived(self) -> list[str]:
        return [text for _, text in self.said]

    def writes(self, text: str, at_s: int, sender: int = OWNER, chat: int | None = None) -> int:
        number, self._next = self._next, self._next + 1
        message = {
            "message_id": number, "from": {"id": sender, "is_bot": False, "first_name": "A"},
            "chat": {"id": sender if chat is None else chat, "type": "private"}, "date": at_s, "text": text,
        }  # fmt: skip
        self.updates.append({"update_id": number, "message": message})
        self.came.set()
        return number

    async def heard(self, what: str) -> str:
        """What the bot said next in which this stands; none is waited for longer than some seconds."""

        async def looks() -> str:
            while True:
                self.spoke.clear()
                for i, (_, text) in enumerate(self.said):
                    if what in text:
                        del self.said[: i + 1]
                        return text
                await self.spoke.wait()

        try:
            return await asyncio.wait_for(looks(), 20)
        except TimeoutError:
            raise AssertionError(f"the bot never said {what!r}: {self.said}") from None

    async def answers(self, method: str, body: dict[str, Any]) -> bytes | None:
        self.asked.append((method, body))
        if method == "getUpdates":
            return await self._polled(body)
        if method == "deleteWebhook":
            self.conflicts.clear()
            return _answer("200 OK", b'{"ok":true,"result":true}')
        does = self.script[self._sent] if self._sent < len(self.script) else "ok"
        self._sent += 1
        if does in ("ok", "lost", "garbage", "hang"):
            self.said.append((body["chat_id"], body["text"]))
            self.spoke.set()
            self.on_arrival()
        if does == "hang":
            await asyncio.Event().wait()
        return None if does == "lost" else telegram(does, b"")

    async def _polled(self, body: dict[str, Any]) -> bytes:
        if self.conflicts:
            said = {"ok": False, "error_code": 409, "description": self.conflicts.pop(0)}
            return _answer("409 Conflict", json.dumps(said).encode())
        after = body.get("offset", 0)
        self.updates = [each for each in self.updates if each["update_id"] >= after]
        if not self.updates:
            self.came.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.came.wait(), body["timeout"])
        return _answer("200 OK", json.dumps({"ok": True, "result": self.updates}).encode())


@asynccontextmanager
async def telegram_here(service: Telegram) -> AsyncIterator[Telegram]:
    open_: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_.add(task)
        try:
            head, body = await _request(reader)
            target = head.split()[1]
            assert target.startswith(f"/bot{TOKEN}/"), target
            answer = await service.answers(target.rpartition("/")[2], json.loads(body))
            if answer is not None:
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            open_.discard(task)
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    service.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield service
    finally:
        server.close()
        for task in tuple(open_):
            task.cancel()
        await asyncio.gather(*open_, return_exceptions=True)
