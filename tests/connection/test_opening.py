"""What an account opens is bounded by its one timeout; a line's settings are what the owner wrote."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from karb_core.connection.asking import questions_to
from karb_core.connection.failures import NothingSent
from karb_core.connection.line_params import LineParams, nanoseconds
from karb_core.connection.opening import opened
from karb_core.connection.questions import Manner
from karb_core.connection.request import Request
from karb_core.connection.token_bucket import TokenBucket
from karb_core.wiring.wall_clock import WallClock

#: Nobody listens there.
SHUT = "http://127.0.0.1:1"


def test_no_turn_is_waited_for_longer_than_the_timeout() -> None:
    async def run() -> None:
        connection = opened(SHUT, timedelta(milliseconds=1500), WallClock(), lambda _: None)
        bucket = TokenBucket("order", 1, 3_600_000_000_000, 0)
        with pytest.raises(NothingSent, match="Connect"):
            await connection.send(lambda: Request("GET", "/"), bucket)
        with pytest.raises(NothingSent, match="no turn in time"):
            await connection.send(lambda: Request("GET", "/"), bucket)
        await connection.close()

    asyncio.run(run())


def test_questions_go_out_without_a_key_or_an_origin() -> None:
    came: list[web.BaseRequest] = []

    async def answers(request: web.BaseRequest) -> web.StreamResponse:
        came.append(request)
        return web.Response(body=b"[]")

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answers), shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = "http://{}:{}".format(*runner.addresses[0][:2])
        async with questions_to(address, Manner("somewhere", lambda _: None, lambda _: 0.0)) as asks:
            answer = await asks.ask("/v1/book?market=A%2CB")
        await runner.cleanup()
        assert (answer.status, answer.body, came[0].path_qs) == (200, b"[]", "/v1/book?market=A%2CB")
        assert not {"Origin", "Authorization", "Cookie"} & came[0].headers.keys()

    asyncio.run(run())


def test_a_line_is_kept_as_the_owner_wrote_it() -> None:
    made = LineParams(idle="30s", back_off_cap="7s").settings_with(3, timedelta(seconds=9), "PING")  # type: ignore[arg-type]
    assert (made.idle, made.stall, made.back_off_cap) == (
        timedelta(seconds=30),
        timedelta(seconds=60),
        timedelta(seconds=7),
    )
    assert (made.down_after, made.ping, made.ping_text) == (3, timedelta(seconds=9), "PING")
    assert nanoseconds(timedelta(microseconds=1500)) == 1_500_000
