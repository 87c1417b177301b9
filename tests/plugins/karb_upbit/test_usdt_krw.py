"""What a USDT fetches in won is the bid of Upbit's book; a rate that nobody confirms grows old."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from random import Random

from karb_core.connection.questions import Questions
from karb_core.connection.stream import Stream
from karb_core.domain.market import FxKind, FxRate
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_upbit.bid_heard import BidHeard, past_rates
from karb_upbit.params import UsdtKrwParams
from karb_upbit.questions import MANNER
from karb_upbit.usdt_krw import UsdtKrw
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, S, book, flat

START = 1_795_237_200 * S
PARAMS = UsdtKrwParams(max_age="10s")


class Life:
    def __init__(self) -> None:
        self.clock, self.venue = VirtualClock(), MemoryVenue()
        self.told: list[FxRate] = []
        self.heard = BidHeard(self.told.append)
        self.stream = Stream(
            self.venue.opens, self.heard, lambda state, why: None, self.clock.now_ns, PARAMS.settings(), Random(2)
        )

    async def says(self, at_ns: int, bid: float, ask: float, code: str = "KRW-USDT") -> None:
        self.venue.line.tell(book(code, at_ns, bid, ask))
        await asyncio.sleep(0.01)


def lived(body: Callable[[Life], Awaitable[None]]) -> None:
    async def whole() -> None:
        life = Life()
        runs = asyncio.ensure_future(life.stream.run())
        try:
            await asyncio.sleep(0.01)
            await body(life)
            assert not runs.done()
        finally:
            runs.cancel()
            await asyncio.gather(runs, return_exceptions=True)

    run(whole(), START, START + 3600 * S)


def test_it_is_the_bid_with_the_venues_time_and_what_it_is_called() -> None:
    async def body(life: Life) -> None:
        await life.says(START, 1450.5, 1451)
        (rate,) = life.told
        assert (rate.rate, rate.venue_at_ns) == (Decimal("1450.5"), START)
        assert (rate.base, rate.quote, rate.source, rate.kind) == ("USDT", "KRW", "upbit", FxKind.TETHER)

    lived(body)


def test_one_that_stands_is_told_again_each_second_and_one_that_moves_at_once() -> None:
    async def body(life: Life) -> None:
        for tenth in range(25):
            await life.says(START + tenth * S // 10, 1450, 1451)
        assert [r.venue_at_ns - START for r in life.told] == [0, S, 2 * S]
        await life.says(START + 25 * S // 10, 1449, 1451)
        assert life.told[-1].rate == 1449

    lived(body)


def test_what_is_older_crossed_of_another_market_or_from_the_future_is_not_told() -> None:
    async def body(life: Life) -> None:
        await life.says(START + S, 1450, 1451)
        await life.says(START, 1300, 1301)
        await life.says(START + 2 * S, 1452, 1451)
        await life.says(START + 3 * S, 900, 901, "KRW-BTC")
        await life.says(START + 3600 * S, 1500, 1501)
        life.venue.line.tell(b"}{")
        await asyncio.sleep(0.01)
        assert [r.rate for r in life.told] == [1450]
        assert life.heard.unread == 2

    lived(body)


def test_after_a_cut_it_goes_on() -> None:
    async def body(life: Life) -> None:
        await life.says(START, 1450, 1451)
        life.venue.line.cut()
        await asyncio.sleep(2)
        await life.says(START + 2 * S, 1460, 1461)
        assert [r.rate for r in life.told] == [1450, 1460]

    lived(body)


def test_what_was_before_is_the_last_trade_of_each_minute_known_at_its_end() -> None:
    async def whole() -> None:
        rest = RestHere(VirtualClock().now_ns)
        rest.candles["KRW-USDT"] = {START + n * MINUTE: flat(1400 + n) for n in range(-10, 1) if n != -3}
        told = await past_rates(Questions(rest, MANNER), START - 4 * MINUTE, START + 5 * S)
        assert [((r.venue_at_ns - START) // MINUTE, r.rate) for r in told] == [
            (-4, 1395), (-3, 1396), (-1, 1398), (0, 1399),
        ]  # fmt: skip
        assert all(r.received_at_ns == r.venue_at_ns for r in told)

    run(whole(), START + 5 * S, START + 60 * S)


def test_upbit_never_closes_and_its_age_is_the_owners() -> None:
    source = UsdtKrw(PARAMS)
    assert (source.max_age_ns(), source.when_closed_ns(), source.is_open(0)) == (10 * S, None, True)
