"""A stream that is cut, stands still, or tells one market no more, in virtual time, and what holds whatever happens."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.market import Bar, Depth, VenueState
from tests.plugins.karb_upbit.life import BTC, GARBAGE, START, Life, lived
from tests.plugins.karb_upbit.market_here import MINUTE, S, book, candle, flat, ticker


def test_a_book_that_stands_still_behind_a_line_that_answers_is_given_up() -> None:
    async def body(life: Life) -> None:
        stale = book("KRW-BTC", START, 1000, 1001)
        for _ in range(65):
            if not life.venue.lines[0].ended:
                life.venue.lines[0].tell('{"status":"UP"}')
                life.venue.lines[0].tell(stale)
            await asyncio.sleep(1)
        assert len(life.venue.lines) == 2
        assert "its time stands still" in life.notes()

    lived(body)


async def only_btc(life: Life, second: int) -> None:
    """XRP is not told any more."""
    while life.now < START + second * S:
        if not life.venue.lines[-1].ended:
            life.says(book("KRW-BTC", life.now, 1000, 1001))
        await asyncio.sleep(1)


def test_one_market_that_is_told_no_more_while_the_others_are_is_found_out() -> None:
    """The line talks all the time, and its newest time advances."""

    async def body(life: Life) -> None:
        life.books()
        life.rest.books["KRW-XRP"] = (START + 50 * S, 35, 36)
        await only_btc(life, 90)
        assert "upbit XRP/KRW is told no more" in life.notes()
        assert len(life.venue.lines) == 2
        assert life.states()[-1] is VenueState.UP

    lived(body)


def test_a_market_that_is_only_quiet_keeps_its_line() -> None:
    """The book is the same, whatever time REST says it is of."""

    async def body(life: Life) -> None:
        life.says(book("KRW-XRP", START, 30, 31))
        life.rest.books["KRW-XRP"] = (START + 50 * S, 30, 31)
        await only_btc(life, 600)
        assert len(life.venue.lines) == 1
        asked = [target for target in life.rest.asked if "orderbook" in target]
        assert 6 <= len(asked) <= 10, "no more than about once in a minute"

    lived(body)


def test_a_book_that_was_on_its_way_is_no_reason_to_give_up() -> None:
    async def body(life: Life) -> None:
        life.books()
        life.rest.books["KRW-XRP"] = (START + 70 * S, 35, 36)
        while not any("orderbook" in target for target in life.rest.asked):
            life.says(book("KRW-BTC", life.now, 1000, 1001))
            await asyncio.sleep(0.5)
        life.says(book("KRW-XRP", START + 70 * S, 35, 36))
        await only_btc(life, 120)
        assert len(life.venue.lines) == 1

    lived(body)


def test_a_market_of_which_nothing_was_ever_told_is_found_out() -> None:
    async def body(life: Life) -> None:
        life.rest.books["KRW-XRP"] = (START, 30, 31)
        await only_btc(life, 90)
        assert "upbit XRP/KRW is told no more" in life.notes()

    lived(body)


def test_it_is_down_after_ten_failures_and_recovers_by_itself_hours_later() -> None:
    async def body(life: Life) -> None:
        await life.until(5)
        life.venue.reachable = False
        life.venue.line.cut()
        await life.until(4 * 3600, telling=False)
        assert life.states() == [VenueState.UP, VenueState.DEGRADED, VenueState.DOWN]
        life.rest.candles["KRW-BTC"] = {START + n * MINUTE: flat(n + 1) for n in range(300)}
        life.venue.reachable = True
        await life.until(4 * 3600 + 65)
        assert life.states()[-1] is VenueState.UP
        assert len(life.bars()) >= 239, "and what was missed is there"
        newest = life.of(Depth)[-1]
        assert isinstance(newest, Depth)
        assert newest.venue_at_ns >= START + (4 * 3600 + 60) * S

    lived(body)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["book", "old", "crossed", "garbage", "cut", "candle", "wait", "ping", "delisted"]),
            st.integers(0, 40),
        ),
        max_size=60,
    )
)
def test_whatever_the_venue_does_no_top_is_older_or_crossed_and_no_bar_comes_twice(days: list[tuple[str, int]]) -> None:
    async def body(life: Life) -> None:
        for what, n in days:
            while life.venue.lines[-1].ended:
                await asyncio.sleep(0.5)
            minute = life.now - life.now % MINUTE
            match what:
                case "book":
                    life.says(book("KRW-BTC", life.now, 1000 + n, 1001 + n))
                case "old":
                    life.says(book("KRW-BTC", life.now - n * S, 1000, 1001))
                case "crossed":
                    life.says(book("KRW-BTC", life.now, 1000, 1000 - n))
                case "garbage":
                    life.says(GARBAGE[n % len(GARBAGE)])
                case "cut":
                    life.venue.line.cut()
                case "candle":
                    life.says(candle("KRW-BTC", minute - (n % 3) * MINUTE, flat(n + 1), life.now))
                case "ping":
                    life.says('{"status":"UP"}')
                case "delisted":
                    life.says(ticker("KRW-BTC", life.now, "DELISTED"))
            await asyncio.sleep(n / 2)
        tops = [d for d in life.of(Depth, BTC) if isinstance(d, Depth)]
        assert [d.venue_at_ns for d in tops] == sorted(d.venue_at_ns for d in tops)
        assert all(top is None or top.sound for top in (d.top() for d in tops))
        bars = [b.start_ns for b in life.of(Bar) if isinstance(b, Bar)]
        assert len(bars) == len(set(bars))

    lived(body)
