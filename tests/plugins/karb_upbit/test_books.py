"""What the stream tells of books and states in virtual time, over garbage and contradictions, and what it never tells."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest

from karb_core.domain.market import Depth, VenueState
from tests.plugins.karb_upbit.life import BTC, GARBAGE, START, XRP, Life, lived
from tests.plugins.karb_upbit.market_here import MINUTE, S, book, candle, flat, ticker


def test_one_message_asks_for_books_bars_and_states() -> None:
    async def body(life: Life) -> None:
        (asked,) = life.venue.line.said
        codes = ["KRW-BTC", "KRW-XRP"]
        assert [(each["type"], each["codes"]) for each in json.loads(asked)[1:-1]] == [
            ("orderbook", codes),
            ("candle.1m", codes),
            ("ticker", codes),
        ]

    lived(body)


def test_a_book_is_told_with_the_venues_time_and_ours() -> None:
    async def body(life: Life) -> None:
        life.says(book("KRW-BTC", START - 90_000_000, 1000, 1001, 0.5))
        await asyncio.sleep(0.01)
        (told,) = life.of(Depth)
        assert isinstance(told, Depth)
        assert (told.instrument, told.venue_at_ns) == (BTC, START - 90_000_000)
        assert START < told.received_at_ns < START + S
        assert told.bids[0] == (Decimal(1000), Decimal("0.5"))
        assert life.states() == [VenueState.UP]

    lived(body)


def test_a_book_that_is_older_than_one_that_was_told_is_never_told() -> None:
    async def body(life: Life) -> None:
        for ms in (100, 300, 200, 300, 250, 400):
            life.says(book("KRW-BTC", START + ms * 1_000_000, 1000 + ms, 1001 + ms))
            await asyncio.sleep(0.01)
        assert [(d.venue_at_ns - START) // 1_000_000 for d in life.of(Depth)] == [100, 300, 300, 400]
        assert life.running.hearing.told.older == 2

    lived(body)


def test_what_an_old_line_told_is_not_made_new_by_the_next_ones_snapshot() -> None:
    async def body(life: Life) -> None:
        life.says(book("KRW-BTC", START + 5 * S, 1000, 1001))
        await asyncio.sleep(0.01)
        life.venue.line.cut()
        await asyncio.sleep(2)
        life.says(book("KRW-BTC", START + 4 * S, 900, 901))
        await asyncio.sleep(0.01)
        assert [int(d.bids[0].price) for d in life.of(Depth)] == [1000]

    lived(body)


def test_a_slow_consumer_sees_the_latest_of_each_market_and_every_bar() -> None:
    """All of it lies there before anything is told."""

    async def body(life: Life) -> None:
        await life.until(60)
        before = len(life.of(Depth))
        for ms in range(500):
            at = START + 60 * S + ms * 1_000_000
            life.says(book("KRW-BTC", at, 1000 + ms, 2000 + ms), book("KRW-XRP", at, 30, 31))
        life.says(
            candle("KRW-BTC", START, flat(7), START + 60 * S),
            candle("KRW-BTC", START + MINUTE, flat(8), START + 62 * S),
        )
        await asyncio.sleep(3)
        last = life.of(Depth)[before:]
        assert len(last) == 2
        assert life.running.hearing.waiting.dropped == 998
        assert life.bars() == [(0, 7)]

    lived(body)


@pytest.mark.parametrize("ask", [999, 1000], ids=["crossed", "locked"])
def test_a_crossed_book_takes_the_price_away_and_is_told(ask: int) -> None:
    async def body(life: Life) -> None:
        life.books()
        await asyncio.sleep(1)
        life.says(book("KRW-BTC", life.now, 1000, ask))
        await asyncio.sleep(1)
        gone = life.of(Depth, BTC)[-1]
        assert isinstance(gone, Depth)
        assert gone.top() is None
        assert life.states(BTC) == [VenueState.DEGRADED]
        assert "its book is crossed" in life.notes()
        await life.until(30)
        back = life.of(Depth, BTC)[-1]
        assert isinstance(back, Depth)
        assert back.top() is not None
        await life.until(70)
        assert life.states(BTC) == [VenueState.DEGRADED, VenueState.UP], "a minute without another"
        assert life.states(XRP) == []

    lived(body)


@pytest.mark.parametrize("garbage", GARBAGE, ids=str)
def test_what_cannot_be_read_is_counted_told_and_passed_over(garbage: bytes) -> None:
    async def body(life: Life) -> None:
        life.books()
        life.says(garbage, garbage)
        life.books(1002, 1003)
        await asyncio.sleep(0.01)
        assert life.running.hearing.unread == 2
        assert life.states() == [VenueState.UP, VenueState.DEGRADED]
        assert life.notes()[1].startswith("a message that cannot be read (1 so far): ")
        assert [int(d.bids[0].price) for d in life.of(Depth, BTC)] == [1002]
        await life.until(65)
        assert life.states() == [VenueState.UP, VenueState.DEGRADED, VenueState.UP]

    lived(body)


@pytest.mark.parametrize(
    "wrong",
    [
        book("KRW-BTC", START, 1000, 1001).replace('"ap": 1002', '"ap": 1000'),
        book("KRW-BTC", START, 1000, 1001).replace('"bs": 2.5', '"bs": -2.5'),
        book("KRW-BTC", START + 3600 * S, 1000, 1001),
        candle("KRW-BTC", START, (1, 1, 1, 2, 1), START),
        candle("KRW-BTC", START + 30 * S, flat(1), START),
    ],
    ids=["levels out of order", "below zero", "an hour ahead", "a close above its high", "half a minute"],
)
def test_a_message_that_contradicts_itself_changes_nothing(wrong: str) -> None:
    async def body(life: Life) -> None:
        life.says(wrong)
        await asyncio.sleep(0.01)
        assert life.of(Depth) == []
        assert life.running.hearing.unread == 1
        await life.until(5)
        assert len(life.of(Depth, BTC)) == 5

    lived(body)


def test_a_refusal_of_what_was_asked_is_told_in_the_venues_words() -> None:
    async def body(life: Life) -> None:
        life.says('{"error":{"name":"NO_CODES","message":"코드가 없습니다."}}')
        await asyncio.sleep(0.01)
        assert life.notes() == ["Upbit refuses: NO_CODES 코드가 없습니다."]
        await asyncio.sleep(1800)
        assert life.states()[-1] is VenueState.DOWN, "and a line that tells nothing is none"

    lived(body)


def test_a_market_that_is_not_traded_any_more_is_told() -> None:
    async def body(life: Life) -> None:
        for state in ("ACTIVE", "PREVIEW", "PREVIEW", "ACTIVE", "DELISTED"):
            life.says(ticker("KRW-XRP", life.now, state))
            await asyncio.sleep(0.1)
        assert life.states(XRP) == [VenueState.DOWN, VenueState.UP, VenueState.DOWN]
        assert life.states(BTC) == []

    lived(body)
