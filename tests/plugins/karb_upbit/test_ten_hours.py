"""Ten hours of a venue that breaks in every way: every bar that it traded is told, right and once, and no price is old."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from karb_core.connection.questions import Questions
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, MarketEvent, VenueState, VenueStatus
from karb_core.ports import Wants
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_upbit.params import StreamParams
from karb_upbit.questions import MANNER
from karb_upbit.running import Running
from tests.plugins.karb_upbit.market_here import MINUTE, S
from tests.plugins.karb_upbit.venue_that_lives import VenueThatLives, minutes

BTC = Instrument("upbit", "BTC", "KRW")
START = 1_795_237_200 * S
HOURS = 10
GARBAGE = [b"", b"{", b"\xff\x00", b'{"ty":"orderbook","cd":"KRW-BTC","tms":1e99}', b"[" * 5000]


class Day:
    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.clock = VirtualClock()
        self.venue = VenueThatLives(self.clock.world_ns, Random(seed + 1))
        self.told: list[MarketEvent] = []
        self.running = Running(
            StreamParams(), Wants((BTC,), MINUTE, "close"), self.told.append, self.clock, self.venue.stream.opens,
            Questions(self.venue.rest, MANNER), Random(seed + 2),
        )  # fmt: skip
        self.outages = 0

    def books(self) -> list[Depth]:
        return [e for e in self.told if isinstance(e, Depth)]

    async def troubles(self) -> None:
        """One after the other, with hours of quiet between them."""
        while True:
            await asyncio.sleep(self.draw.randrange(20, 600))
            match self.draw.choice(["cut", "gone", "hangs", "frozen", "garbage", "no rest", "maintained"]):
                case "cut":
                    self.venue.cut()
                case "gone":
                    await self._away(self.draw.randrange(5, 900))
                case "hangs":
                    self.venue.stream.hangs = True
                    await self._away(self.draw.randrange(5, 300))
                    self.venue.stream.hangs = False
                    await self._back()
                case "frozen":
                    self.venue.frozen = True
                    await asyncio.sleep(self.draw.randrange(5, 240))
                    self.venue.frozen = False
                case "garbage":
                    for _ in range(self.draw.randrange(1, 40)):
                        if not self.venue.stream.lines[-1].ended:
                            self.venue.stream.line.tell(self.draw.choice(GARBAGE))
                case "no rest":
                    self.venue.rest.always = [self.draw.choice([None, 500, 429])]
                    self.venue.cut()
                    await asyncio.sleep(self.draw.randrange(5, 400))
                    self.venue.rest.always = []
                case "maintained":
                    self.venue.maintained = True
                    await self._away(self.draw.randrange(600, 4000))
                    self.venue.maintained = False

    async def _away(self, seconds: int) -> None:
        self.venue.stream.reachable = False
        self.venue.cut()
        await asyncio.sleep(seconds)
        self.venue.stream.reachable = True
        if not self.venue.stream.hangs and not self.venue.maintained:
            await self._back()

    async def _back(self) -> None:
        """Data flow again within ten seconds."""
        before, back_ns = len(self.books()), self.clock.world_ns()
        self.outages += 1
        while len(self.books()) == before:
            await asyncio.sleep(0.5)
            assert self.clock.world_ns() - back_ns <= 10 * S + S, "a second for the venue to tell something"


@pytest.mark.parametrize("seed", [1, 2])
def test_every_bar_is_told_once_as_it_was_traded_and_no_price_is_older_than_the_last(seed: int) -> None:
    async def whole() -> None:
        day = Day(seed)
        work = [asyncio.ensure_future(each) for each in (day.venue.live(), day.running.run(), day.troubles())]
        while day.clock.world_ns() < START + HOURS * 3600 * S:
            await asyncio.sleep(60)
            assert not any(each.done() for each in work), work
            assert len(asyncio.all_tasks()) < 20, "nothing piles up"
        work[2].cancel()
        day.venue.rest.always, day.venue.frozen, day.venue.maintained = [], False, False
        day.venue.stream.reachable, day.venue.stream.hangs = True, False
        await asyncio.sleep(300)
        end_ns = day.clock.world_ns()
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        assert len(asyncio.all_tasks()) == 1
        told = [e for e in day.told if isinstance(e, Bar)]
        told_minutes = {b.start_ns: tuple(map(float, (b.open, b.high, b.low, b.close, b.volume))) for b in told}
        assert len(told) == len(told_minutes), "each once"
        traded = minutes(day.venue.truth, end_ns)
        assert {at: told_minutes.get(at) for at in traded} == traded
        assert all(b.received_at_ns >= b.end_ns for b in told)
        times = [d.venue_at_ns for d in day.books()]
        assert times == sorted(times)
        assert day.outages > 3
        states = [e.state for e in day.told if isinstance(e, VenueStatus)]
        assert VenueState.DOWN in states
        assert states[-1] is VenueState.UP
        assert len(day.running.hearing.waiting._waiting) <= 2

    run(whole(), START, START + (HOURS + 1) * 3600 * S)
