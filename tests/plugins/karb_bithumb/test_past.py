"""What was before comes page by page by Korean time, whole and closed; facts are those of the page, by Bithumb's clock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from karb_bithumb.past import bars, books, facts
from karb_bithumb.questions import MANNER
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenueSilent
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_loop import VirtualLoop
from tests.plugins.karb_bithumb.life import BTC, START, XRP
from tests.plugins.karb_bithumb.market_here import MINUTE, RestHere, S

D = Decimal
NOW = START + 10 * S


def now_ns() -> int:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop.now_ns()


def asked(body: Callable[[RestHere, Questions], Awaitable[None]]) -> None:
    async def whole() -> None:
        rest = RestHere(now_ns)
        rest.closes["KRW-BTC"] = {START + n * MINUTE: 10_000 + n for n in range(-1000, 1)}
        await body(rest, Questions(rest, MANNER))

    virtual_loop.run(whole(), NOW)


def test_it_pages_to_the_beginning_and_asks_by_korean_time() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        found = await bars(asks, BTC, MINUTE, START - 950 * MINUTE, NOW, S)
        assert [(bar.start_ns - START) // MINUTE for bar in found] == list(range(-950, 0))
        assert found[0].close == D(9050)
        assert rest.asked[0] == "/v1/candles/minutes/1?market=KRW-BTC&to=2026-11-21T14:00:10&count=200"
        assert len(rest.asked) == 5

    asked(body)


def test_bars_of_four_hours_stand_on_the_grid_of_utc() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        found = await bars(asks, BTC, 240 * MINUTE, START - 900 * MINUTE, NOW, S)
        assert [bar.start_ns // MINUTE % 240 for bar in found] == [0] * len(found)
        assert len(found) == 3
        assert rest.asked[0].startswith("/v1/candles/minutes/60?")

    asked(body)


def test_a_candle_of_another_market_and_one_that_cannot_be_read_are_silence() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        told = json.loads((await rest("/v1/candles/minutes/1?market=KRW-BTC&to=2026-11-21T14:00:00&count=1")).body)
        for wrong in ({"market": "KRW-ETH"}, {"low_price": 0}, {"candle_date_time_utc": "x"}, {"trade_price": None}):

            async def answers(target: str, wrong: dict[str, Any] = wrong) -> Answer:
                return Answer(200, {}, json.dumps([told[0] | wrong]).encode())

            with pytest.raises(VenueSilent, match="cannot be read"):
                await bars(Questions(answers, MANNER), BTC, MINUTE, START - 5 * MINUTE, NOW, S)

    asked(body)


def test_books_as_rest_tells_them_now_of_those_it_knows() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.books["KRW-BTC"] = (START, 1000, 1001)
        found = await books(asks, [BTC, XRP], 7)
        assert list(found) == [BTC]
        assert (found[BTC].bids[0].price, found[BTC].asks[0].price, found[BTC].venue_at_ns) == (1000, 1001, START)
        assert rest.asked == ["/v1/orderbook?markets=KRW-BTC,KRW-XRP"]

    asked(body)


def test_facts_are_those_of_the_page_and_of_bithumbs_own_clock() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        strange = Instrument("bithumb", "DOGE", "KRW")
        stated = await facts(asks, [BTC, XRP, strange, Instrument("bithumb", "ETH", "BTC")])
        assert set(stated) == {BTC, XRP}
        assert (stated[BTC].tick_at(D(124330000)), stated[BTC].min_notional) == (1000, 5000)
        assert (stated[BTC].taker_fee, stated[BTC].valid_from_ns) == (None, NOW)
        assert await facts(asks, [strange]) == {}

    asked(body)


def test_without_bithumbs_clock_there_are_no_facts_as_its_tickers_time_is_not_believed() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.clock_told = False
        with pytest.raises(VenueSilent, match="without a time"):
            await facts(asks, [BTC])

    asked(body)


def test_a_refusal_is_told_in_bithumbs_words_and_not_asked_again() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.wrong = [404]
        with pytest.raises(VenueSilent, match="HTTP 404 404: Code not found"):
            await facts(asks, [BTC])
        assert len(rest.asked) == 1

    asked(body)
