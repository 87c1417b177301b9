"""Telegram both ways, over a real socket: the bot tells its owner, and does what its owner writes, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from karb_core.errors import StrategyInvalid
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.telling import take, waiting
from karb_core.wiring.desked import Desked
from karb_core.wiring.latest import Latest
from karb_core.wiring.listening import listening
from karb_core.wiring.steering import Steering
from karb_core.wiring.wall_clock import WallClock
from karb_telegram.bot import Bot
from tests.ledger.words import RUN
from tests.telling.outside import SHORT, SOON, Kept, need_told, numbers
from tests.telling.services_here import Does
from tests.telling.telegram_here import OWNER, TOKEN, Telegram, telegram_here
from tests.telling.test_arrives import IN_ORDER, SCRIPTS, told

TELL = ["entry", "exit", "refusal", "halt"]


def bot(service: Telegram, *owners: int, lang: str = "en") -> Any:
    written = {
        "token": "secret:telegram", "owners": list(owners) or [OWNER], "tell": TELL, "language": lang, "address": service.address,
    }  # fmt: skip
    return Bot(Bot.Params.model_validate(written)).open_channel(lambda _: TOKEN, WallClock())


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_whatever_telegram_answers_every_notice_arrives(script: str, tmp_path: Path) -> None:
    kept = Kept(tmp_path / "karb.ledger", "telegram.bot")
    service = Telegram(list(SCRIPTS[script]))

    async def body() -> None:
        async with telegram_here(service):
            await told(kept, bot(service), patience=SHORT if script == "hangs" else SOON)

    asyncio.run(body())
    takes = [does for does in SCRIPTS[script] if does in ("ok", "lost", "garbage", "hang")]
    need_told(service, {i for i, does in enumerate(takes) if does != "ok"})  # type: ignore[arg-type]
    assert list(dict.fromkeys(numbers(service))) == IN_ORDER  # type: ignore[arg-type]
    assert kept.waiting() == 0
    kept.close()


def test_an_owner_who_was_told_is_not_told_again_because_another_could_not_be(tmp_path: Path) -> None:
    kept, script = Kept(tmp_path / "karb.ledger", "telegram.bot"), list[Does](["ok", "gone", "gone"])
    service = Telegram(script)

    async def body() -> None:
        async with telegram_here(service):
            await told(kept, bot(service, OWNER, OWNER + 1))

    asyncio.run(body())
    assert [chat for chat, _ in service.said] == [OWNER, OWNER + 1] * 3
    kept.close()


@dataclass
class Life:
    """A house with one strategy that a test takes commands for."""

    service: Telegram
    ledger: Ledger

    def waits(self) -> list[Command]:
        return waiting(self.ledger, RUN.account)

    def takes(self) -> list[tuple[str, str | None]]:
        """What waits is taken, as a desk would."""
        found = self.waits()
        for command in found:
            take(self.ledger, command.id, run_id=RUN.id, at_ns=1)
        return [(command.verb, command.strength) for command in found]

    async def taken(self) -> list[tuple[str, str | None]]:
        while not self.waits():
            await asyncio.sleep(0.01)
        return self.takes()

    def says(self, text: str, ago_s: int = 0, sender: int = OWNER, chat: int | None = None) -> int:
        return self.service.writes(text, int(time.time()) - ago_s, sender, chat)


class Named:
    """As much of a rulebook as steering asks for."""

    class file:  # noqa: N801
        name = RUN.strategy
        pairs: ClassVar[dict[str, object]] = {}


@asynccontextmanager
async def living(service: Telegram, ledger: Ledger, lang: str = "en") -> AsyncIterator[Life]:
    channel = bot(service, lang=lang)
    steering = Steering(ledger, [Desked(Named, RUN.account, Latest(), [channel])], WallClock())  # type: ignore[arg-type]
    said: list[object] = []
    hears = asyncio.ensure_future(listening([channel], steering, said.append))
    try:
        yield Life(service, ledger)
    finally:
        hears.cancel()
        await asyncio.gather(hears, return_exceptions=True)
        steering.close()
        await channel.close()


def with_telegram(tmp_path: Path, body: Callable[[Life], Awaitable[None]], lang: str = "en") -> None:
    async def whole() -> None:
        ledger = open_ledger(tmp_path / "karb.ledger")
        ledger.begin(RUN, 1).end("done", 2)
        async with telegram_here(Telegram()) as service, living(service, ledger, lang) as life:
            await body(life)
        ledger.close()

    asyncio.run(whole())


def test_stop_is_no_entries_and_waits_for_nobody(tmp_path: Path) -> None:
    async def body(life: Life) -> None:
        life.says("/stop the news smell")
        assert await life.taken() == [("halt", "no-entries")]
        await life.service.heard("Stopped: no entries")

    with_telegram(tmp_path, body)


@pytest.mark.parametrize(("verb", "strength"), [("/reduce", "reduce-only"), ("/flatten", "flatten")])
def test_what_trades_is_done_only_once_it_was_confirmed(tmp_path: Path, verb: str, strength: str) -> None:
    async def body(life: Life) -> None:
        life.says(verb)
        asked = await life.service.heard("/yes ")
        assert life.waits() == []
        life.says("/yes 12345")
        await life.service.heard("Nothing was done")
        code = asked.split("/yes ")[1].split()[0]
        life.says(f"/yes {code}")  # the question stood once
        await life.service.heard("Nothing was done")
        assert life.waits() == []
        life.says(verb)
        asked = await life.service.heard("/yes ")
        life.says(f"/yes {asked.split('/yes ')[1].split()[0]}")
        assert await life.taken() == [("halt", strength)]

    with_telegram(tmp_path, body)


@pytest.mark.parametrize(("sender", "chat"), [(OWNER + 1, None), (OWNER + 1, OWNER), (OWNER, -1_001_234_567_890)])
def test_nobody_else_is_heard_or_answered(tmp_path: Path, sender: int, chat: int | None) -> None:
    """Not in a group either, where others write too."""

    async def body(life: Life) -> None:
        life.says("/stop", sender=sender, chat=chat)
        life.says("/help")
        await life.service.heard("/stop: no entries")
        assert life.waits() == []
        assert life.service.said == []

    with_telegram(tmp_path, body)


def test_what_telegram_tells_again_after_a_restart_changes_nothing(tmp_path: Path) -> None:
    """A resume that is done again would end a halt that was told after it."""

    async def whole() -> None:
        ledger, service = open_ledger(tmp_path / "karb.ledger"), Telegram()
        ledger.begin(RUN, 1).end("done", 2)
        async with telegram_here(service):
            async with living(service, ledger) as life:
                life.says("/resume")
                assert await life.taken() == [("resume", None)]
            kept = list(service.updates)
            service.updates = kept
            async with living(service, ledger) as life:
                life.says("/help")
                await service.heard("/stop: no entries")
                assert life.waits() == []
        assert kept
        ledger.close()

    asyncio.run(whole())


def test_of_what_was_sent_long_ago_only_a_stop_is_done(tmp_path: Path) -> None:
    async def body(life: Life) -> None:
        for verb in ("/resume", "/flatten"):
            life.says(verb, ago_s=600)
            await life.service.heard("was sent long ago")
        life.says("/stop", ago_s=600)
        assert await life.taken() == [("halt", "no-entries")]

    with_telegram(tmp_path, body)


def test_where_somebody_else_polls_it_goes_on_as_soon_as_that_ends(tmp_path: Path) -> None:
    async def whole() -> None:
        ledger, service = open_ledger(tmp_path / "karb.ledger"), Telegram()
        service.conflicts = [
            "Conflict: can't use getUpdates method while webhook is active",
            "Conflict: can't use getUpdates method while webhook is active",
        ]
        async with telegram_here(service), living(service, ledger) as life:
            life.says("/help")
            await service.heard("/stop: no entries")
        assert ("deleteWebhook", {"drop_pending_updates": False}) in service.asked
        ledger.close()

    asyncio.run(whole())


@pytest.mark.parametrize("verb", ["/status", "/position", "/kimp", "/pnl", "/why", "/approve", "/start"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_question_has_an_answer(tmp_path: Path, verb: str, lang: str) -> None:
    async def body(life: Life) -> None:
        life.says(verb)
        await life.service.heard("")

    with_telegram(tmp_path, body, lang)


@pytest.mark.parametrize("value", ["", "nonsense", "https://api.telegram.org/bot123"])
def test_what_is_no_token_is_refused_without_being_shown(value: str) -> None:
    params = Bot.Params.model_validate({"token": "secret:telegram", "owners": [OWNER], "tell": TELL})
    with pytest.raises(StrategyInvalid) as refused:
        Bot(params).open_channel(lambda _: value, WallClock())
    assert not value or value not in str(refused.value)
