"""Every notice arrives at least once, the most important first; twice only where an answer was lost, and then it says so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.ports import Notifier
from karb_core.wiring.told_channel import Patience
from tests.telling.outside import RUN, SHORT, SOON, Kept, Killed, Mortal, need_told, numbers, opened, serving
from tests.telling.services_here import Does, Service

KINDS = ["discord", "slack", "webhook", "email"]
#: As they are ranked: the halt, the entry, the refusal.
IN_ORDER = ["2", "1", "0"]
SCRIPTS: dict[str, list[Does]] = {
    "well": [],
    "limited": ["late", "ok", "late", "late"],
    "errors of its own": ["broken", "ok", "broken"],
    "answers lost": ["lost", "lost", "ok", "lost"],
    "garbage": ["garbage", "ok", "garbage"],
    "hangs": ["hang"],
    "gone and back": ["gone", "gone"],
}


async def told(kept: Kept, notifier: Notifier, box: Mortal | None = None, patience: Patience = SOON) -> None:
    async with kept.life(notifier, box, patience) as telling:
        await asyncio.wait_for(telling._told[kept.channel].drain(), 20)
    close = getattr(notifier, "close", None)
    if close is not None:
        await close()


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_service_answers(kind: str, script: str, tmp_path: Path) -> None:
    kept, service = Kept(tmp_path / "karb.ledger", f"alerts.{kind}"), Service(list(SCRIPTS[script]))

    async def body() -> None:
        async with serving(kind, service):
            await told(kept, opened(kind, service), patience=SHORT if script == "hangs" else SOON)

    asyncio.run(body())
    any_2xx = kind == "webhook" and script == "garbage"  # any 2xx is an answer there
    takes = [does for does in SCRIPTS[script] if does in ("ok", "lost", "garbage", "hang")]
    need_told(service, {i for i, does in enumerate(takes) if does != "ok"})
    firsts = list(dict.fromkeys(numbers(service)))
    assert firsts == IN_ORDER
    if script in ("well", "limited", "gone and back") or any_2xx:
        assert numbers(service) == IN_ORDER
    assert kept.waiting() == 0
    kept.close()


@pytest.mark.parametrize("after", [False, True], ids=["before it is durable", "after"])
@pytest.mark.parametrize("marks", range(7))
@pytest.mark.parametrize("kind", ["discord", "slack"])
def test_over_a_kill_at_every_mark(kind: str, marks: int, after: bool, tmp_path: Path) -> None:
    """Two marks for each of three notices, and one that is never come to."""
    kept, service = Kept(tmp_path / "karb.ledger", f"alerts.{kind}"), Service()

    async def body() -> bool:
        async with serving(kind, service):
            mortal = Mortal(kept.ledger, RUN.account, RUN.strategy, left=[marks], after=after)
            try:
                await told(kept, opened(kind, service), mortal)
            except Killed:
                died = True
            else:
                died = False
            kept.ledger.close()
            kept.ledger = open_ledger(kept.path)
            await told(kept, opened(kind, service))
            return died

    assert asyncio.run(body()) is (marks < 6)
    need_told(service)
    # Killed after it was sent and before that was durable: then, and only then, one comes twice.
    assert len(service.arrived) - 3 == (marks in (1, 3, 5) and not after)
    assert kept.waiting() == 0
    kept.close()


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_over_a_kill_when_it_has_arrived_and_no_answer_came(kind: str, nth: int, tmp_path: Path) -> None:
    kept, service = Kept(tmp_path / "karb.ledger", f"alerts.{kind}"), Service()

    async def body() -> None:
        async with serving(kind, service):
            arrived = asyncio.Event()
            service.on_arrival = lambda: arrived.set() if len(service.arrived) == nth else None
            service.script = ["ok"] * (nth - 1) + ["hang"]
            first = asyncio.ensure_future(told(kept, opened(kind, service)))
            await asyncio.wait_for(arrived.wait(), 10)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await told(kept, opened(kind, service))

    asyncio.run(body())
    need_told(service, {nth - 1})
    assert len(service.arrived) == 4
    assert kept.waiting() == 0
    kept.close()


def test_a_service_that_nobody_can_reach_loses_nothing_and_is_said_once(tmp_path: Path) -> None:
    kept, service = Kept(tmp_path / "karb.ledger", "alerts.slack"), Service()
    service.address = "http://127.0.0.1:1/hook/very-secret-token"

    async def body() -> None:
        notifier = opened("slack", service)
        async with kept.life(notifier) as telling:
            running = asyncio.ensure_future(telling.run())
            while telling._told["alerts.slack"]._back_off.failures < 4:
                await asyncio.sleep(0.01)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(body())
    assert kept.waiting() == 3
    assert kept.said == ["you could not be told by alerts.slack, which is tried again: Slack could not be reached"]
    kept.close()


def test_what_a_service_will_never_take_holds_nothing_up(tmp_path: Path) -> None:
    """It is said, and stands in the ledger."""
    kept, service = Kept(tmp_path / "karb.ledger", "alerts.slack"), Service()

    async def body() -> None:
        from tests.telling.services_here import _answer, over_http

        def refuses_the_first(does: Does, body: bytes) -> bytes:
            return _answer("400 Bad Request", b"invalid_payload") if service.asked == 1 else _answer("200 OK", b"ok")

        async with over_http(service, refuses_the_first):
            await told(kept, opened("slack", service))

    asyncio.run(body())
    assert kept.said == [
        f"alerts.slack will not take notice {RUN.id[:4]}-2, which stands in the ledger: Slack answered HTTP 400"
    ]
    assert numbers(service) == IN_ORDER
    assert kept.waiting() == 0
    kept.close()
