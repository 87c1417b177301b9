"""What was before comes page by page, whole and closed, within the limits, and asked again where nothing came."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.connection.questions import Questions
from karb_core.domain.instrument import Instrument, TickBand
from karb_core.domain.market import Bar
from karb_core.domain.statement import VenueSilent
from karb_core.wiring.virtual_loop import VirtualLoop, run
from karb_upbit.past import bars, facts
from karb_upbit.questions import MANNER
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, S, flat

BTC, XRP = Instrument("upbit", "BTC", "KRW"), Instrument("upbit", "XRP", "KRW")
START = 1_795_237_200 * S
NOW = START + 10 * S


def now_ns() -> int:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop.now_ns()


def asked(body: Callable[[RestHere, Questions], Awaitable[None]]) -> None:
    async def whole() -> None:
        rest = RestHere(now_ns)
        await body(rest, Questions(rest, MANNER))

    run(whole(), NOW, NOW + 3600 * S)


def traded(rest: RestHere, *minutes: int) -> None:
    rest.candles["KRW-BTC"] = {START + n * MINUTE: flat(10_000 + n) for n in minutes}


def starts(found: list[Bar]) -> list[int]:
    return [(bar.start_ns - START) // MINUTE for bar in found]


def test_it_pages_to_the_beginning_and_tells_the_oldest_first() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, *range(-1000, 1))
        found = await bars(asks, BTC, MINUTE, START - 950 * MINUTE, NOW, S)
        assert starts(found) == list(range(-950, 0))
        assert found[0].close == Decimal(9050)
        assert len(rest.asked) == 5
        assert rest.asked[0] == "/v1/candles/minutes/1?market=KRW-BTC&to=2026-11-21T05:00:10&count=200"

    asked(body)


def test_minutes_without_a_trade_are_missing_and_the_pages_go_on_behind_them() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        there = [n for n in range(-2000, 0) if n % 7 == 0]
        traded(rest, *there)
        assert starts(await bars(asks, BTC, MINUTE, START - 2000 * MINUTE, NOW, S)) == there
        assert len(rest.asked) == 2

    asked(body)


def test_the_candle_that_is_still_forming_is_left_out() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, -2, -1, 0)
        assert starts(await bars(asks, BTC, MINUTE, START - 5 * MINUTE, NOW, S)) == [-2, -1]
        await asyncio.sleep(50)
        assert starts(await bars(asks, BTC, MINUTE, START - 5 * MINUTE, now_ns(), S)) == [-2, -1], (
            "it ended this second"
        )
        await asyncio.sleep(1)
        assert starts(await bars(asks, BTC, MINUTE, START - 5 * MINUTE, now_ns(), S)) == [-2, -1, 0]

    asked(body)


def test_our_clock_does_not_close_a_candle_that_the_venues_has_not() -> None:
    """Ours is a minute ahead: what it takes for closed is still traded."""

    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, -1, 0)
        assert starts(await bars(asks, BTC, MINUTE, START - 5 * MINUTE, NOW + MINUTE, S)) == [-1]

    asked(body)


def test_where_the_venue_tells_no_time_only_what_another_candle_follows_is_closed() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.clock_told = False
        traded(rest, -5, -4, -3)
        assert starts(await bars(asks, BTC, MINUTE, START - 9 * MINUTE, NOW, S)) == [-5, -4]

    asked(body)


def test_longer_bars_than_upbit_has_are_made_of_whole_ones() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, *range(-300, 1))
        found = await bars(asks, BTC, 120 * MINUTE, START - 300 * MINUTE, NOW, S)
        assert all(bar.start_ns % (120 * MINUTE) == 0 for bar in found)
        assert [bar.volume for bar in found] == [Decimal("180.0")] * len(found)
        assert "minutes/60?" in rest.asked[0]

    asked(body)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(-600, 0), max_size=500), st.integers(-600, -1), st.integers(-600, 1))
def test_whatever_traded_comes_out_once_and_in_order(there: set[int], since: int, until: int) -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, *there)
        found = await bars(asks, BTC, MINUTE, START + since * MINUTE, START + until * MINUTE, S)
        assert starts(found) == sorted(n for n in there if since <= n and n + 1 <= min(until, 0))

    asked(body)


@pytest.mark.parametrize("faults", [[500], [429, 429], [None, 503, None, 500, 429]], ids=str)
def test_what_may_pass_is_asked_again(faults: list[int | None]) -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, -1)
        rest.wrong = list(faults)
        began_ns = now_ns()
        assert starts(await bars(asks, BTC, MINUTE, START - MINUTE, NOW, S)) == [-1]
        assert now_ns() - began_ns == (2 ** len(faults) - 1) * S

    asked(body)


@pytest.mark.parametrize(
    ("fault", "tries", "said"),
    [
        (404, 1, "HTTP 404 404: 아니오"),
        (418, 1, "HTTP 418 (shut out for a time) 418: 아니오"),
        (500, 6, "HTTP 500 500: 아니오"),
        (None, 6, "no route"),
    ],
)
def test_who_gets_no_answer_is_told_so_in_the_venues_words(fault: int | None, tries: int, said: str) -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.always = [fault]
        with pytest.raises(VenueSilent) as silent:
            await bars(asks, BTC, MINUTE, START - MINUTE, NOW, S)
        assert silent.value.why == said
        assert len(rest.asked) == tries

    asked(body)


def test_when_nothing_is_left_in_a_second_the_next_one_is_waited_for() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        traded(rest, *range(-1000, 0))
        rest.left = 0
        await asyncio.gather(*(bars(asks, BTC, MINUTE, START - 999 * MINUTE, NOW, S) for _ in range(2)))
        assert len(rest.asked) == 10
        assert now_ns() == NOW + 10 * S, "one after the other, whoever asks"

    asked(body)


def test_an_answer_that_cannot_be_read_is_no_answer() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.candles["KRW-BTC"] = {START - MINUTE: (1, 1, 1, 2, 1)}
        with pytest.raises(VenueSilent, match="cannot be one"):
            await bars(asks, BTC, MINUTE, START - MINUTE, NOW, S)

    asked(body)


def test_the_ticks_of_the_page_are_taken_where_the_venue_says_the_same() -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.ticks["KRW-USDT"], rest.prices["KRW-USDT"] = "0.5", 1450.0
        usdt = Instrument("upbit", "USDT", "KRW")
        found = await facts(asks, [BTC, XRP, usdt])
        assert set(found) == {BTC, XRP, usdt}
        assert found[BTC].tick_at(Decimal(124_350_000)) == 1000
        assert found[BTC].tick_at(Decimal(999_999)) == 500
        assert found[XRP].floor_price(Decimal("999.97")) == 999
        assert found[XRP].tick_at(Decimal("99.9")) == Decimal("0.1")
        assert found[usdt].ticks == (TickBand(Decimal(0), Decimal("0.5")),)
        assert (found[BTC].min_notional, found[BTC].amount_step) == (5000, Decimal("0.00000001"))
        assert found[BTC].taker_fee is None, "no public answer tells it"
        assert found[BTC].valid_from_ns == NOW
        assert rest.asked[1] == "/v1/orderbook/instruments?markets=KRW-BTC,KRW-XRP,KRW-USDT"

    asked(body)


def test_what_is_not_listed_has_no_facts_and_hides_nobody_elses() -> None:
    """Upbit answers a question about an unknown market with nothing at all, so it is not asked."""

    async def body(rest: RestHere, asks: Questions) -> None:
        gone = Instrument("upbit", "LUNA", "KRW")
        assert set(await facts(asks, [BTC, gone])) == {BTC}
        assert await facts(asks, [gone]) == {}

    asked(body)


@pytest.mark.parametrize("tick", ["0", "-1", "1e99", '"'])
def test_a_tick_that_is_none_is_no_answer(tick: str) -> None:
    async def body(rest: RestHere, asks: Questions) -> None:
        rest.ticks["KRW-BTC"] = tick
        with pytest.raises(VenueSilent):
            await facts(asks, [BTC])

    asked(body)
