"""What a dollar costs at the lab: the shipped sources read it, now and of before, and a premium at it is the course's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxRate
from karb_core.wiring.wall_clock import WallClock
from karb_fx.banks import Dunamu, Frankfurter, OpenErApi, Yahoo
from karb_lab.for_files import lab_for, reached
from karb_lab.lab import Lab
from tests.plugins.karb_lab.test_for_files import WANTED

AGES = {"max_age": "10m", "when_closed": "80h"}
USDT = Instrument("upbit", "USDT", "KRW")
DAY = 86_400_000_000_000


def at_a_lab(body: Callable[[Lab, Mapping[str, str]], Awaitable[None]]) -> None:
    async def whole() -> None:
        lab = lab_for(WANTED, WallClock(), seed="tests")
        await lab.start()
        try:
            await body(lab, reached(lab).addresses)
        finally:
            await lab.stop()

    asyncio.run(whole())


def local(made: Any, addresses: Mapping[str, str]) -> Any:
    return made(made.at_local(made.Params(**AGES), addresses))


@pytest.mark.parametrize("made", [Dunamu, Yahoo, OpenErApi, Frankfurter])
def test_each_source_reads_the_rate_of_the_course(made: Any) -> None:
    told: list[FxRate] = []

    async def body(lab: Lab, addresses: Mapping[str, str]) -> None:
        runs = asyncio.ensure_future(local(made, addresses).run(told.append, WallClock()))
        async with asyncio.timeout(20):
            while not told:
                assert not runs.done(), runs
                await asyncio.sleep(0.01)
        runs.cancel()
        await asyncio.gather(runs, return_exceptions=True)

    at_a_lab(body)
    assert 1470 < told[0].rate < 1490
    assert told[0].venue_at_ns <= told[0].received_at_ns


def test_twenty_days_of_five_minutes_are_there_and_end_where_now_begins() -> None:
    found: list[FxRate] = []
    now_ns = WallClock().now_ns()

    async def body(lab: Lab, addresses: Mapping[str, str]) -> None:
        found.extend(await local(Yahoo, addresses).past(now_ns - 20 * DAY, now_ns))

    at_a_lab(body)
    times = [rate.venue_at_ns for rate in found]
    assert times == list(range(times[0], times[-1] + 1, 300_000_000_000))
    assert 20 * 288 - 1 <= len(found) <= 20 * 288
    assert now_ns - times[-1] <= 300_000_000_000


def test_fixings_of_before_are_of_working_days() -> None:
    found: list[FxRate] = []
    now_ns = WallClock().now_ns()

    async def body(lab: Lab, addresses: Mapping[str, str]) -> None:
        found.extend(await local(Frankfurter, addresses).past(now_ns - 14 * DAY, now_ns))

    at_a_lab(body)
    assert 9 <= len(found) <= 10
    assert all(rate.venue_at_ns // DAY % 7 not in (2, 3) for rate in found), "1970 began on a Thursday"
