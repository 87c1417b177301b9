"""A connection keeps to a venue's limits, is silent while it says to be, and hears its clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from typing import Any

import pytest

from karb_core.connection.failures import NothingSent
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.request import Answer, Request
from karb_core.connection.token_bucket import TokenBucket
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock

SECOND = 1_000_000_000
START = 1_795_237_200 * SECOND
GET = Request("GET", "/v1/ticker")


class Venue:
    """A transport: a limit of its own per second of its clock, and answers by script after that."""

    def __init__(self, clock: VirtualClock, most: int = 10**6, *script: Answer) -> None:
        self.clock, self.most, self.script = clock, most, list(script)
        self.came: list[int] = []

    async def __call__(self, request: Request) -> Answer:
        at_ns = self.clock.world_ns()
        self.came.append(at_ns - START)
        headers = {"date": formatdate(at_ns // SECOND, usegmt=True)}
        if sum((at_ns - START) // SECOND == came // SECOND for came in self.came) > self.most:
            return Answer(429, headers, b"")
        if self.script:
            said = self.script.pop(0)
            return Answer(said.status, headers | dict(said.headers), said.body)
        return Answer(200, headers, b"{}")

    async def close(self) -> None:
        pass


def told_left(answer: Answer) -> tuple[str, int] | None:
    left = answer.headers.get("left")
    return None if left is None else ("order", int(left))


Doing = Callable[[HttpConnection, Venue, VirtualClock], Coroutine[Any, Any, None]]


def connected(doing: Doing, *script: Answer, most: int = 10**6, wait_s: int = 60, off_by: int = 0) -> None:
    async def run() -> None:
        clock = VirtualClock(off_by)
        venue = Venue(clock, most, *script)
        await doing(HttpConnection(venue, clock, told_left, wait_s * SECOND), venue, clock)

    virtual_loop.run(run(), START)


def ten() -> TokenBucket:
    return TokenBucket("order", 10, SECOND, 0)


def test_a_hundred_at_once_go_in_nine_seconds_and_none_is_refused() -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        bucket = ten()
        await asyncio.sleep(0.7)  # somewhere within the venue's second
        answers = await asyncio.gather(*(connection.send(lambda: GET, bucket) for _ in range(100)))
        assert {answer.status for answer in answers} == {200}
        assert venue.came[-1] - venue.came[0] >= 9 * SECOND

    connected(doing, most=10)


def test_who_would_wait_too_long_is_not_sent() -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        bucket = ten()
        sending = (connection.send(lambda: GET, bucket) for _ in range(40))
        ended = await asyncio.gather(*sending, return_exceptions=True)
        assert [isinstance(one, Answer) for one in ended] == [True] * 30 + [False] * 10
        assert {type(one) for one in ended[30:]} == {NothingSent}
        assert len(venue.came) == 30

    connected(doing, wait_s=2)


def test_a_request_is_made_when_its_turn_has_come() -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        bucket, made = TokenBucket("order", 1, SECOND, 0), list[int]()

        def make() -> Request:
            made.append((clock.now_ns() - START) // SECOND)
            return GET

        for _ in range(3):
            await connection.send(make, bucket)
        assert made == [0, 1, 2]

    connected(doing)


def test_a_limit_that_is_over_is_waited_out() -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        bucket = ten()
        for _ in range(3):
            await connection.send(lambda: GET, bucket)
        assert venue.came == [0, SECOND, 8 * SECOND]

    connected(doing, Answer(429, {}, b""), Answer(429, {"retry-after": "7"}, b""))


def test_what_the_venue_says_is_left_slows_us() -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        bucket = ten()
        for _ in range(3):
            await connection.send(lambda: GET, bucket)
        assert venue.came == [0, 0, SECOND]

    connected(doing, Answer(200, {"left": "1"}, b""))


@pytest.mark.parametrize(
    ("headers", "silent_s"),
    [({}, [60, 120]), ({"retry-after": "300"}, [300, 300]), ({"retry-after": "soon"}, [60, 120])],
)
def test_who_is_shut_out_sends_nothing_and_longer_each_time(headers: dict[str, str], silent_s: list[int]) -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        for seconds in silent_s:
            assert (await connection.send(lambda: GET, ten())).status == 418
            await asyncio.sleep(seconds - 1)
            with pytest.raises(NothingSent, match="shut us out"):
                await connection.send(lambda: GET, ten(), reduces=True)
            await asyncio.sleep(1)
        assert (await connection.send(lambda: GET, ten())).status == 200
        assert len(venue.came) == 3

    connected(doing, Answer(418, headers, b""), Answer(418, headers, b""))


@pytest.mark.parametrize("off_by", [0, 3 * SECOND, -90 * SECOND])
def test_the_venues_clock_is_measured_from_its_answers(off_by: int) -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        for _ in range(10):
            await connection.send(lambda: GET, ten())
            await asyncio.sleep(1.07)
        now = clock.now_ns()
        assert connection.offset.earliest_ns(now) <= clock.world_ns() <= connection.offset.latest_ns(now)
        assert connection.offset.latest_ns(now) - connection.offset.earliest_ns(now) < SECOND // 2

    connected(doing, off_by=off_by)


def test_a_date_that_is_none_teaches_nothing() -> None:
    async def doing(connection: HttpConnection, venue: Venue, clock: VirtualClock) -> None:
        await connection.send(lambda: GET, ten())
        assert connection.offset.most_ns is None

    connected(doing, Answer(200, {"date": "yesterday"}, b""))
