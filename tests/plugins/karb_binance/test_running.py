"""A stream that lives: gaps, cuts, silence and garbage in virtual time, and what holds whatever happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_binance.futures import FUTURES
from karb_binance.product import Product
from karb_binance.spot.product import SPOT
from karb_core.domain.market import FundingRate, Mark, VenueState, VenueStatus
from tests.plugins.karb_binance.life import EACH, MINUTE, SETTLES, START, Life, S, lived, mark
from tests.plugins.karb_binance.market_told import MS

GARBAGE = [
    b"",
    b"{",
    b"\xff",
    b"[1]",
    b"null",
    b'{"e":"depthUpdate","s":"BTCUSDT","U":5}',
    b'{"error":{"code":2,"msg":"?"}}',
]


each = pytest.mark.parametrize("lived", EACH, ids=["futures", "spot"])


def test_each_line_asks_for_what_its_path_serves() -> None:
    async def body(life: Life) -> None:
        (books,), (market,) = life.books.line.said, life.market.line.said
        assert json.loads(books)["params"] == ["btcusdt@depth@100ms"]
        assert json.loads(market)["params"] == ["btcusdt@markPrice@1s", "btcusdt@kline_1m"]
        await life.until(400)
        assert len(life.books.line.said) == len(life.market.line.said) == 1, "Binance pings, the socket answers"

    lived(body)


def test_spot_asks_for_books_and_candles_and_tells_no_mark() -> None:
    async def body(life: Life) -> None:
        said = [json.loads(one)["params"] for one in life.books.line.said]
        assert said == [["btcusdt@depth@100ms"], ["btcusdt@kline_1m"]]
        await life.until(130)
        assert life.states() == [VenueState.UP]
        assert life.depths()[-1].bids == ((Decimal(life.rest.bid), Decimal(1)),)
        assert life.bars() == [(n, 1000 + n) for n in range(-1, 2)]
        assert not [e for e in life.told if isinstance(e, Mark | FundingRate)]
        assert all(e.venue_at_ns <= e.received_at_ns <= life.now for e in life.told)

    lived(body, product=SPOT)


def test_books_marks_and_the_funding_to_come_are_told_with_both_clocks() -> None:
    async def body(life: Life) -> None:
        await life.until(30)
        assert life.states() == [VenueState.UP]
        newest = life.depths()[-1]
        assert newest.bids == ((Decimal(life.rest.bid), Decimal(1)),)
        assert newest.asks == ((Decimal(life.rest.bid + 1), Decimal(1)),)
        marks = [e for e in life.told if isinstance(e, Mark)]
        rates = [e for e in life.told if isinstance(e, FundingRate)]
        assert (marks[-1].price, marks[-1].index, marks[-1].venue_at_ns) == (
            Decimal("100.5"), Decimal("100.4"), START + 29_010_000_000,
        )  # fmt: skip
        assert (rates[-1].rate, rates[-1].settled, rates[-1].settles_at_ns) == (
            Decimal("0.0001"), False, SETTLES,
        )  # fmt: skip
        assert rates[-1].interval_ns == 4 * 3600 * S
        assert all(e.venue_at_ns <= e.received_at_ns <= life.now for e in life.told)

    lived(body)


@each
def test_a_gap_takes_the_book_away_and_it_is_built_anew(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        await life.until(10)
        told = len(life.depths())
        life.moves(50, lost=True)
        life.moves(60)
        await asyncio.sleep(0.01)
        assert life.running.books.gaps == 1
        after = life.depths()[told:]
        assert (after[0].bids, after[0].asks) == ((), ())
        assert after[-1].bids == ((Decimal(60), Decimal(1)),)
        assert [e.instrument for e in life.told if isinstance(e, VenueStatus)][-1] == life.instrument
        await life.until(80)
        assert [e.state for e in life.told if isinstance(e, VenueStatus) and e.instrument == life.instrument] == [
            VenueState.DEGRADED, VenueState.UP,
        ]  # fmt: skip

    lived(body)


@each
def test_a_book_that_breaks_for_ever_does_not_ask_for_ever(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        for n in range(120):
            life.moves(100 + n % 5, lost=n % 2 == 1)
            await asyncio.sleep(0.5)
        assert life.running.books.gaps > 5
        asked = [target for target in life.rest.asked if "depth" in target]
        assert len(asked) <= 13, "once in five seconds"

    lived(body)


@each
def test_no_book_is_told_while_rest_tells_none(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        await life.until(5)
        life.rest.silent = True
        life.moves(50, lost=True)
        await life.until(40)
        assert life.depths()[-1].bids == ()
        life.rest.silent = False
        await life.until(80)
        assert life.depths()[-1].bids == ((Decimal(life.rest.bid), Decimal(1)),)

    lived(body)


@each
def test_after_a_cut_the_book_is_built_anew_and_the_missing_bars_come_in_order(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        await life.until(65)
        life.books.line.cut()
        life.market.line.cut()
        life.market.reachable = life.books.reachable = False
        await life.until(200)
        assert life.states()[-1] in (VenueState.DEGRADED, VenueState.DOWN)
        life.market.reachable = life.books.reachable = True
        await life.until(320)
        assert life.states()[-1] is VenueState.UP
        assert life.bars() == [(n, 1000 + n) for n in range(-1, 5)]
        assert len(life.books.lines) == 2
        assert life.depths()[-1].bids == ((Decimal(life.rest.bid), Decimal(1)),)

    lived(body)


@each
def test_bars_that_the_stream_never_tells_are_fetched_and_longer_ones_are_made(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        await life.until(605, candles=False)
        assert life.bars() == [(n, 1001 + n) for n in range(-2, 10, 2)]

    lived(body, 2 * MINUTE)


@each
def test_it_is_down_after_ten_failures_and_recovers_by_itself_hours_later(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        await life.until(5)
        life.books.reachable = False
        life.books.line.cut()
        await life.until(2 * 3600)
        assert life.states() == [VenueState.UP, VenueState.DEGRADED, VenueState.DOWN]
        assert life.depths()[-1].venue_at_ns < START + 6 * S
        life.books.reachable = True
        await life.until(2 * 3600 + 10)
        assert life.states()[-1] is VenueState.UP
        assert life.depths()[-1].venue_at_ns > START + 2 * 3600 * S

    lived(body)


def test_what_a_settlement_cost_is_told_once_it_is_over() -> None:
    async def body(life: Life) -> None:
        await life.until(3 * 3600 + 60)
        (settled,) = [e for e in life.told if isinstance(e, FundingRate) and e.settled]
        assert (settled.rate, settled.settles_at_ns) == (Decimal("-0.0002"), SETTLES + 4_000_000)
        assert 0 < settled.received_at_ns - settled.settles_at_ns < 20 * S
        newest = [e for e in life.told if isinstance(e, FundingRate)][-1]
        assert (newest.settled, newest.settles_at_ns) == (False, SETTLES + 4 * 3600 * S)

    lived(body)


def test_a_line_whose_time_stands_still_is_given_up() -> None:
    async def body(life: Life) -> None:
        stale = mark(life.now)
        for _ in range(65):
            life.moves(100)
            if len(life.market.lines) == 1:
                life.market.line.tell(stale)
            await asyncio.sleep(1)
        assert "its time stands still" in life.notes()
        assert len(life.market.lines) == 2

    lived(body)


@each
def test_garbage_is_counted_and_told_as_degraded_for_a_minute(lived: Callable[..., None]) -> None:
    async def body(life: Life) -> None:
        await life.until(5)
        for each in GARBAGE:
            life.books.line.tell(each)
            if life.market is not life.books:
                life.market.line.tell(each)
        await life.until(10)
        assert life.states() == [VenueState.UP, VenueState.DEGRADED]
        assert life.running.books.unread == len(GARBAGE)
        await life.until(80)
        assert life.states() == [VenueState.UP, VenueState.DEGRADED, VenueState.UP]
        assert len(life.books.lines) == 1

    lived(body)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["move", "lose", "cut", "garbage", "silent", "speaks", "live"]), st.integers(0, 40)),
        max_size=40,
    ),
    st.sampled_from([FUTURES, SPOT]),
)
def test_whatever_happens_a_book_is_the_venues_own_none_is_older_or_crossed_and_bars_are_in_order(
    days: list[tuple[str, int]], product: Product
) -> None:
    async def body(life: Life) -> None:
        true: dict[int, int] = {}
        for what, n in days:
            while life.books.lines[-1].ended:
                await asyncio.sleep(0.5)
            match what:
                case "move" | "lose":
                    life.moves(100 + n, lost=what == "lose")
                    true[life.now // MS] = 100 + n
                case "cut":
                    life.books.line.cut()
                case "garbage":
                    life.books.line.tell(GARBAGE[n % len(GARBAGE)])
                case "silent" | "speaks":
                    life.rest.silent = what == "silent"
                case "live":
                    for _ in range(n):
                        life.moves(100 + n)
                        true[life.now // MS] = 100 + n
                        if product.marks:
                            life.market.line.tell(mark(life.now))
                        await asyncio.sleep(1)
            await asyncio.sleep(n / 4 + 0.01)
        depths = life.depths()
        assert [d.venue_at_ns for d in depths] == sorted(d.venue_at_ns for d in depths)
        for top in filter(None, (d.top() for d in depths)):
            assert top.sound
            newest = max((at for at in true if at <= top.venue_at_ns // MS), default=None)
            assert top.bid == (100 if newest is None else true[newest])
        starts = [start for start, _ in life.bars()]
        assert starts == sorted(set(starts))

    lived(body, product=product)
