"""Questions go one after the other, again while silence or a limit may pass, and never against a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from karb_core.connection.failures import NoAnswer
from karb_core.connection.questions import Manner, Questions
from karb_core.connection.request import Answer
from karb_core.domain.statement import VenueSilent
from karb_core.wiring import virtual_loop

START = 1_795_237_200_000_000_000


class Venue:
    """Answers by script; the last for ever. `came`: when, in seconds by the loop, and for what."""

    def __init__(self, *script: Answer | None) -> None:
        self.script, self.came = list(script), list[tuple[float, str]]()

    async def __call__(self, target: str) -> Answer:
        self.came.append((round(asyncio.get_running_loop().time(), 3), target))
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if said is None:
            raise NoAnswer("no route")
        return said

    @property
    def waits(self) -> list[float]:
        times = [at for at, _ in self.came]
        return [round(b - a, 3) for a, b in pairwise(times)]


MANNER = Manner(
    "somewhere",
    lambda body: body.decode().removeprefix("no: ") if body.startswith(b"no: ") else None,
    lambda answer: float(answer.headers.get("wait", "0")),
)
WELL = Answer(200, {}, b"[]")


def asked(venue: Venue, body: Callable[[Questions], Awaitable[None]]) -> None:
    async def run() -> None:
        await body(Questions(venue, MANNER))

    virtual_loop.run(run(), START)


def refused(venue: Venue) -> str:
    why: list[str] = []

    async def body(asks: Questions) -> None:
        with pytest.raises(VenueSilent) as e:
            await asks.ask("/v1/book?market=BTC")
        assert (e.value.venue, e.value.asked) == ("somewhere", "/v1/book")
        why.append(e.value.why)

    asked(venue, body)
    return why[0]


@pytest.mark.parametrize("passes", [None, Answer(429, {}, b""), Answer(503, {}, b"")])
def test_what_may_pass_is_asked_again_five_times(passes: Answer | None) -> None:
    venue = Venue(passes)
    refused(venue)
    assert venue.waits == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("status", [400, 404, 418])
def test_a_refusal_is_not_and_neither_is_anything_while_we_are_shut_out(status: int) -> None:
    venue = Venue(Answer(status, {}, b"no: market"))
    why = refused(venue)
    assert len(venue.came) == 1
    assert why == f"HTTP {status}{' (shut out for a time)' if status == 418 else ''} market"


def test_what_is_no_refusal_of_its_own_is_shown_cut_and_on_one_line() -> None:
    why = refused(Venue(Answer(400, {}, b"<html>\n" + b"x" * 999)))
    assert why.startswith("HTTP 400 <html> xxx")
    assert len(why) == 200


def test_where_an_answer_says_to_wait_longer_the_next_try_does() -> None:
    venue = Venue(Answer(429, {"wait": "7"}, b""), WELL)

    async def body(asks: Questions) -> None:
        assert await asks.ask("/") == WELL

    asked(venue, body)
    assert venue.waits == [7]


def test_who_asks_next_waits_where_the_last_answer_says_so_and_questions_never_overlap() -> None:
    venue = Venue(Answer(200, {"wait": "1"}, b""), WELL)

    async def body(asks: Questions) -> None:
        await asyncio.gather(asks.ask("/a"), asks.ask("/b"), asks.ask("/c"))

    asked(venue, body)
    assert [target for _, target in venue.came] == ["/a", "/b", "/c"]
    assert venue.waits == [1, 0]
