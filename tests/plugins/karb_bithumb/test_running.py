"""The stream as it lives: books as they come, each bar once and in order, and states, whatever breaks meanwhile."""

from __future__ import annotations

import asyncio
import json
from random import Random

import pytest

from karb_bithumb.params import StreamParams
from karb_bithumb.questions import MANNER
from karb_bithumb.running import Running
from karb_core.connection.questions import Questions
from karb_core.domain.market import Bar, VenueState
from karb_core.ports import Wants
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_bithumb.life import BTC, START, XRP, Life, lived
from tests.plugins.karb_bithumb.market_here import MINUTE, RestHere, S, book, ticker

UP, DEGRADED, DOWN = VenueState.UP, VenueState.DEGRADED, VenueState.DOWN
GARBAGE = [b"", b"{", b"\xff", b"[1]", b'{"type":"orderbook","code":"KRW-BTC","timestamp":"x"}', b'{"type":3}', b"null"]


def test_books_are_told_as_they_come_by_the_time_in_them() -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        (asked,) = life.venue.line.said
        assert json.loads(asked)[1] == {"type": "orderbook", "codes": ["KRW-BTC", "KRW-XRP"]}
        last = life.depths()[-1]
        assert [int(level.price) for level in last.bids] == [1000, 999, 998, 997]
        assert [int(level.price) for level in last.asks] == [1001, 1002, 1003]
        assert 0 <= life.now - last.venue_at_ns <= S
        assert life.states() == [UP]

    lived(body)


def test_each_bar_is_told_once_after_bithumbs_time_is_past_it() -> None:
    async def body(life: Life) -> None:
        await life.until(200)
        assert life.bars() == life.bars(XRP) == [(0, 1000), (1, 1001), (2, 1002)]
        first = next(e for e in life.told if isinstance(e, Bar))
        assert 2 * S <= first.received_at_ns - first.end_ns <= 4 * S

    lived(body)


def test_longer_bars_are_put_together() -> None:
    async def body(life: Life) -> None:
        await life.until(7 * 60 * 2 + 30)
        found = [e for e in life.told if isinstance(e, Bar) and e.instrument == BTC]
        assert [(bar.end_ns - bar.start_ns) // MINUTE for bar in found] == [7, 7]
        assert int(found[-1].close) - int(found[-1].open) == 6

    lived(body, 7 * MINUTE)


def test_a_bar_that_closed_just_before_it_began_is_told_as_the_past_may_have_left_it_out() -> None:
    async def body(life: Life) -> None:
        life.rest.closes["KRW-BTC"][START - MINUTE] = 999
        life.rest.closes["KRW-BTC"][START - 2 * MINUTE] = 998
        await life.until(70)
        assert life.bars() == [(-1, 999), (0, 1000)]

    lived(body)


def test_a_minute_without_a_trade_has_no_bar_and_holds_up_none() -> None:
    async def body(life: Life) -> None:
        del life.rest.closes["KRW-BTC"][START + MINUTE]
        await life.until(200)
        assert life.bars() == [(0, 1000), (2, 1002)]

    lived(body)


def test_bars_of_a_time_without_a_line_are_told_in_order_when_it_is_back() -> None:
    async def body(life: Life) -> None:
        await life.until(70)
        life.venue.reachable = False
        life.venue.line.cut()
        await life.until(290, telling=False)
        assert life.bars() == [(0, 1000)]
        assert DOWN in life.states()
        life.venue.reachable = True
        await life.until(330)
        assert life.bars() == [(n, 1000 + n) for n in range(5)]
        assert life.states()[-1] is UP

    lived(body)


def test_while_rest_is_silent_bars_wait_and_books_go_on() -> None:
    async def body(life: Life) -> None:
        await life.until(59)
        life.rest.wrong = [None] * 12
        await life.until(100)
        assert life.bars() == []
        assert len(life.depths()) > 90
        await life.until(400)
        assert life.bars() == life.bars(XRP) == [(n, 1000 + n) for n in range(6)]

    lived(body)


def test_a_market_whose_candles_cannot_be_read_holds_up_no_other() -> None:
    async def body(life: Life) -> None:
        life.rest.closes["KRW-XRP"] = {START + n * MINUTE: 0 for n in range(9)}
        await life.until(200)
        assert life.bars() == [(0, 1000), (1, 1001), (2, 1002)]
        assert life.bars(XRP) == []

    lived(body)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_cannot_be_read_is_counted_told_and_passed_over(garbage: bytes) -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        life.says(garbage)
        await life.until(6)
        assert life.running.hearing.unread == 1
        assert life.states() == [UP, DEGRADED]
        await life.until(70)
        assert life.states() == [UP, DEGRADED, UP]
        assert len(life.venue.lines) == 1

    lived(body)


@pytest.mark.parametrize("unit", [1_000_000, 1, 1000 * 1000 * 1000])
def test_a_book_whose_time_is_in_another_unit_is_not_a_price(unit: int) -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        told = len(life.depths())
        life.says(json.dumps(json.loads(book("KRW-BTC", life.now, 5, 6)) | {"timestamp": life.now // unit}))
        await asyncio.sleep(0.1)
        assert len(life.depths()) == told
        assert life.running.hearing.unread == 1

    lived(body)


def test_a_crossed_book_takes_the_price_away_until_the_next_sound_one() -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        life.says(book("KRW-BTC", life.now + S // 2, 1001, 1001))
        await asyncio.sleep(0.1)
        assert (life.depths()[-1].bids, life.depths()[-1].asks) == ((), ())
        await asyncio.sleep(0.9)
        await life.until(6)
        assert life.depths()[-1].bids

    lived(body)


def test_what_bithumb_refuses_is_told() -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        life.says('{"error":{"name":"NO_CODES","message":"-"}}')
        await life.until(5)
        assert life.states() == [UP, DEGRADED]

    lived(body)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"is_trading_suspended": True}, [DOWN]), ({"market_state": "DELISTED"}, [DOWN]), ({"market_state": "PREVIEW"}, [DOWN]),
        ({"market_state": "ACTIVE"}, []), ({"market_state": None}, []), ({"market_warning": "CAUTION"}, []), ({}, []),
    ],
    ids=str,
)  # fmt: skip
def test_a_market_that_is_suspended_is_down_and_the_tickers_time_is_not_the_venues(
    more: dict[str, object], state: list[VenueState]
) -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        life.says(ticker("KRW-XRP", life.now, **more))
        await life.until(6)
        assert life.states(XRP) == state
        assert life.states(BTC) == []
        assert life.running.hearing.venue_ns <= life.now
        if state:
            life.says(ticker("KRW-XRP", life.now))
            await life.until(8)
            assert life.states(XRP) == [DOWN, UP]

    lived(body)


def test_answered_pings_and_tickers_do_not_hide_that_no_book_comes() -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        for second in range(4, 70):
            life.says('{"status":"UP"}', ticker("KRW-BTC", life.now))
            await life.until(second, telling=False)
        assert len(life.venue.lines) == 2
        assert "PING" in life.venue.lines[0].said

    lived(body)


def test_a_market_that_went_on_at_the_venue_and_not_on_the_line_gives_the_line_up() -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        for second in range(4, 140):
            life.rest.books["KRW-XRP"] = (life.now, 30 + second, 31 + second)
            if not life.venue.lines[-1].ended:
                life.says(book("KRW-BTC", life.now, 1000, 1001))
            await life.until(second, telling=False)
        assert len(life.venue.lines) == 2

    lived(body)


def test_a_quiet_market_does_not() -> None:
    async def body(life: Life) -> None:
        await life.until(3)
        for second in range(4, 200):
            life.rest.books["KRW-XRP"] = (life.now, 30, 31)
            life.says(book("KRW-BTC", life.now, 1000, 1001))
            await life.until(second, telling=False)
        assert len(life.venue.lines) == 1

    lived(body)


def test_bars_of_mids_and_of_lengths_that_there_are_not_are_refused_at_the_start() -> None:
    async def making() -> None:
        clock = VirtualClock()
        asks = Questions(RestHere(clock.now_ns), MANNER)
        for wants in (Wants((BTC,), MINUTE, "mid"), Wants((BTC,), S, "close")):
            with pytest.raises(ValueError, match=r"[Bb]ithumb"):
                Running(StreamParams(), wants, print, clock, MemoryVenue().opens, asks, Random())

    virtual_loop.run(making(), START)
