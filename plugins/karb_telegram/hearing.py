"""What the owner writes to the bot: heard once, from the owner alone, and done as `karb halt` would."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.errors import KarbError
from karb_core.ports import Clock, Controls, NeverTold, NotTold, Steered
from karb_core.texts.text import render
from karb_telegram.api import Api, SomebodyElseListens, Unclear
from karb_telegram.words import ASKED, CONFIRMED, say

_OLD_S = 120  # karb: constant because what was meant for then is not done now, but for a stop
_CONFIRM_S = 60  # karb: constant because it says how long a question to the owner stands
_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_CODES = 10_000  # karb: constant because four figures are easily typed
_SHOWN = 50  # karb: constant because it cuts a shown text
_AT_ONCE = 4  # karb: constant because it bounds how many questions are looked up at once
_LONGEST = 4096  # karb: constant because Telegram takes no longer ones


@dataclass(slots=True)
class _Waits:
    """What an owner asked for that is done only once it was confirmed."""

    strength: Halt
    code: str
    until_ns: int


@dataclass(frozen=True, slots=True)
class Message:
    update: int
    owner: int
    at_s: int
    text: str


@dataclass(slots=True)
class Hearing:
    """Orders are done in the order in which they came; questions are answered beside, so that none holds up a stop.

    What Telegram tells again after a restart is known by its number, and changes nothing.
    """

    api: Api
    owners: frozenset[int]
    lang: str
    clock: Clock
    _after: int | None = field(init=False, default=None)
    _waits: dict[int, _Waits] = field(init=False, default_factory=dict)
    _asked: set[asyncio.Task[None]] = field(init=False, default_factory=set)

    async def run(self, controls: Controls) -> None:
        """Until it is cancelled. Errors: whatever ends a question to Telegram; it may be called again."""
        try:
            while True:
                for update in await self._heard():
                    await self._take(update, controls)
        finally:
            for task in self._asked:
                task.cancel()
            await asyncio.gather(*self._asked, return_exceptions=True)

    async def _heard(self) -> list[Mapping[str, Any]]:
        try:
            return list(await self.api.updates(self._after))
        except SomebodyElseListens as e:
            if "webhook" in str(e):
                await self.api.without_webhook()
                return []
            raise

    async def _take(self, update: Mapping[str, Any], controls: Controls) -> None:
        """Whoever is no owner is not answered: nobody learns that there is a bot."""
        number = update.get("update_id")
        if not isinstance(number, int):
            return
        message = message_of(update)
        if message is not None and message.owner in self.owners:
            try:
                await self._do(message, controls)
            except KarbError as e:
                await self._answer(message.owner, say("failed", self.lang, why=render(e.said, self.lang)))
        self._after = number  # only now: what was not done is told again

    async def _do(self, message: Message, controls: Controls) -> None:
        verb, _, rest = message.text.strip().partition(" ")
        verb = verb.partition("@")[0].lower()
        old = self.clock.now_ns() // _SECOND_NS - message.at_s > _OLD_S
        told_id, author = f"telegram-{message.update}", f"telegram:{message.owner}"
        because = rest.strip() or f"{verb} by Telegram"
        if verb == "/stop":
            await self._told(message, Halt.NO_ENTRIES, await controls.halt(Halt.NO_ENTRIES, because, author, told_id))
        elif old:
            await self._answer(message.owner, say("old", self.lang, text=message.text[:_SHOWN]))
        elif verb in CONFIRMED:
            await self._answer(message.owner, self._asks_to_confirm(message.owner, CONFIRMED[verb]))
        elif verb == "/yes":
            await self._confirmed(message, rest.strip(), controls, author, told_id)
        elif verb == "/ack":
            await self._answer(message.owner, say("acknowledged", self.lang, count=controls.acknowledge()))
        elif verb == "/resume":
            await self._told(message, None, await controls.resume(because, author, told_id))
        elif verb in ASKED:
            self._looks_up(message.owner, verb, controls)
        else:
            key = "approve" if verb == "/approve" else "help"
            await self._answer(message.owner, say(key, self.lang))

    def _asks_to_confirm(self, owner: int, strength: Halt) -> str:
        code = f"{secrets.randbelow(_CODES):04d}"
        until_ns = self.clock.now_ns() + _CONFIRM_S * _SECOND_NS
        self._waits[owner] = _Waits(strength, code, until_ns)
        return say(f"confirm.{strength.word}", self.lang, code=code, seconds=_CONFIRM_S)

    async def _confirmed(self, message: Message, code: str, controls: Controls, author: str, told_id: str) -> None:
        """A question stands once: whatever is said to it, it is over."""
        waits = self._waits.pop(message.owner, None)
        if waits is None or self.clock.now_ns() > waits.until_ns or not secrets.compare_digest(waits.code, code):
            await self._answer(message.owner, say("unconfirmed", self.lang))
            return
        because = f"{waits.strength.word} by Telegram"
        await self._told(message, waits.strength, await controls.halt(waits.strength, because, author, told_id))

    async def _told(self, message: Message, strength: Halt | None, steered: Steered) -> None:
        word = "resume" if strength is None else strength.word
        lines = [say(f"done.{word}" if steered.done else f"waits.{word}", self.lang)]
        lines += [say("stays", self.lang, why=why) for why in steered.stays]
        left = [each for each in steered.strategies if each not in steered.taken]
        if left:
            lines.append(say("left", self.lang, names=", ".join(left)))
        await self._answer(message.owner, "\n".join(lines))

    def _looks_up(self, owner: int, verb: str, controls: Controls) -> None:
        if len(self._asked) >= _AT_ONCE:
            return
        task = asyncio.ensure_future(self._looked_up(owner, verb, controls))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _looked_up(self, owner: int, verb: str, controls: Controls) -> None:
        try:
            told = await controls.about(ASKED[verb], self.lang)
        except KarbError as e:
            told = say("failed", self.lang, why=render(e.said, self.lang))
        await self._answer(owner, told)

    async def _answer(self, owner: int, text: str) -> None:
        """Edge: an answer that does not arrive is not told again; what was done is told by a notice."""
        try:
            await self.api.send(owner, text[:_LONGEST] or "-")
        except (NotTold, NeverTold, Unclear):
            return


def message_of(update: Mapping[str, Any]) -> Message | None:
    """Of a chat with one person alone: in a group anybody could write as much.

    Shape: {"update_id": 900001, "message": {"from": {"id": 111}, "chat": {"id": 111, "type": "private"}, "date": 1795237200, "text": "/status"}}
    """
    told = update.get("message")
    try:
        sender, chat, at_s, text = told["from"]["id"], told["chat"]["id"], told["date"], told["text"]  # type: ignore[index]
    except (KeyError, TypeError):
        return None
    whole = all(isinstance(each, int) for each in (sender, chat, at_s)) and isinstance(text, str)
    return Message(update["update_id"], sender, at_s, text) if whole and sender == chat else None
