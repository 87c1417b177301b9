"""The stream in virtual time: what it tells over reconnects, stalls, gaps and garbage, and what it never tells."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, MarketEvent, VenueState, VenueStatus
from karb_core.ports import Wants
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_upbit.params import StreamParams
from karb_upbit.questions import Questions
from karb_upbit.running import Running
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, S, book, candle, flat, ticker

BTC, XRP = Instrument("upbit", "BTC", "KRW"), Instrument("upbit", "XRP", "KRW")
#: 2026-11-21T05:00:00Z.
START = 1_795_237_200 * S


class Life:
    """A feed that runs, the venue it hears, and everything it told."""

    def __init__(self, bars_ns: int = MINUTE) -> None:
        self.clock = VirtualClock()
        self.venue, self.rest = MemoryVenue(), RestHere(self.clock.world_ns)
        self.told: list[MarketEvent] = []
        wants = Wants((BTC, XRP), bars_ns, "close")
        self.running = Running(
            StreamParams(), wants, self.told.append, self.clock, self.venue.opens, Questions(self.rest), Random(3)
        )

    @property
    def now(self) -> int:
        return self.clock.world_ns()

    def says(self, *messages: str | bytes) -> None:
        for message in messages:
            self.venue.line.tell(message)

    def books(self, bid: float = 1000, ask: float = 1001) -> None:
        self.says(book("KRW-BTC", self.now, bid, ask), book("KRW-XRP", self.now, 30, 31))

    async def until(self, second: float, telling: bool = True) -> None:
        """Second by second, each with new books while the venue tells."""
        while self.now < START + int(second * S):
            if telling and self.venue.lines and not self.venue.lines[-1].ended:
                self.books()
            await asyncio.sleep(1)

    def of(self, kind: type[MarketEvent], instrument: Instrument | None = None) -> list[MarketEvent]:
        return [e for e in self.told if isinstance(e, kind) and (instrument is None or e.instrument == instrument)]

    def bars(self, instrument: Instrument = BTC) -> list[tuple[int, int]]:
        """By minute: when it opens, and its close."""
        found = [e for e in self.told if isinstance(e, Bar) and e.instrument == instrument]
        return [((b.start_ns - START) // MINUTE, int(b.close)) for b in found]

    def states(self, instrument: Instrument | None = None) -> list[VenueState]:
        return [e.state for e in self.told if isinstance(e, VenueStatus) and e.instrument == instrument]

    def notes(self) -> list[str]:
        return [e.note for e in self.told if isinstance(e, VenueStatus)]


def lived(body: Callable[[Life], Awaitable[None]], bars_ns: int = MINUTE, hours: int = 24) -> None:
    async def whole() -> None:
        life = Life(bars_ns)
        runs = asyncio.ensure_future(life.running.run())
        try:
            await asyncio.sleep(0.01)
            await body(life)
            assert not runs.done(), runs
        finally:
            runs.cancel()
            await asyncio.gather(runs, return_exceptions=True)
        assert len(asyncio.all_tasks()) == 1, "it left something behind"

    run(whole(), START, START + hours * 3600 * S)


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
        assert life.running.hearing.older == 2

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


GARBAGE = [b"", b"{", b"\xff", b"[1]", b'{"ty":"orderbook","cd":"KRW-BTC","tms":"x"}', b'{"ty":3}', b"null"]


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


def test_a_bar_is_told_when_the_venue_is_past_it_and_with_its_last_state() -> None:
    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(100), START + 10 * S))
        await life.until(60)
        life.says(candle("KRW-BTC", START, (100, 105, 99, 104, 3), START + 60 * S))
        await asyncio.sleep(0.5)
        assert life.bars() == []
        await life.until(62)
        assert life.bars() == [(0, 104)]
        (told,) = life.of(Bar)
        assert isinstance(told, Bar)
        assert (told.high, told.volume, told.end_ns) == (105, 3, START + MINUTE)

    lived(body)


def test_what_was_pushed_while_the_venues_time_jumped_is_fetched_and_not_guessed() -> None:
    """The line stood still for a few seconds over the end of a minute, too short to be given up, and lost the last trade."""

    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(55)
        life.rest.candles["KRW-BTC"] = {START: (1, 9, 1, 9, 4), START + MINUTE: (9, 9, 7, 7, 2)}
        await asyncio.sleep(10)
        await life.until(75)
        assert life.bars() == [(0, 9)]
        await life.until(125)
        assert life.bars() == [(0, 9), (1, 7)], "nothing of it came after the jump"
        life.says(candle("KRW-BTC", START + 2 * MINUTE, flat(5), life.now))
        await life.until(185)
        assert life.bars() == [(0, 9), (1, 7), (2, 5)]
        assert len([target for target in life.rest.asked if "KRW-BTC" in target and "candles" in target]) == 3

    lived(body)


def test_a_minute_in_which_nothing_traded_has_no_bar() -> None:
    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(130)
        life.says(candle("KRW-BTC", START + 2 * MINUTE, flat(3), life.now))
        await life.until(190)
        assert life.bars() == [(0, 1), (2, 3)]

    lived(body)


def test_a_bar_that_changes_after_it_was_told_is_said_aloud() -> None:
    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(62)
        life.says(candle("KRW-BTC", START, flat(2), life.now))
        await asyncio.sleep(0.01)
        assert life.bars() == [(0, 1)]
        assert "a bar changed after it was told" in life.notes()

    lived(body)


def test_bars_that_closed_while_the_line_was_gone_are_fetched_and_told_in_order() -> None:
    """What the candle was before the cut is not what it was at its end."""

    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(70)
        life.says(candle("KRW-BTC", START + MINUTE, flat(99), life.now))
        await asyncio.sleep(0.5)
        life.venue.reachable = False
        life.venue.line.cut()
        life.rest.candles["KRW-BTC"] = {START + n * MINUTE: flat(n + 1) for n in range(5)}
        await life.until(230, telling=False)
        life.venue.reachable = True
        while life.venue.lines[-1].ended:
            await asyncio.sleep(0.1)
        life.says(candle("KRW-BTC", START + 3 * MINUTE, flat(4), life.now))
        await life.until(250)
        life.says(candle("KRW-BTC", START + 4 * MINUTE, flat(5), life.now))
        await life.until(310)
        assert life.bars() == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
        found = [b for b in life.of(Bar, BTC) if isinstance(b, Bar)]
        assert [b.end_ns for b in found] == sorted(b.end_ns for b in found)
        assert all(START < b.received_at_ns <= life.now for b in found), "by our clock"

    lived(body)


def test_while_rest_is_silent_bars_of_the_line_go_on_and_the_missing_ones_follow() -> None:
    """A way out needs the newest bar, not the one before it."""

    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(62)
        life.rest.always = [None]
        life.venue.line.cut()
        life.rest.candles["KRW-BTC"] = {START + n * MINUTE: flat(n + 1) for n in range(9)}
        await life.until(125)
        life.says(candle("KRW-BTC", START + 2 * MINUTE, flat(3), life.now))
        await life.until(185)
        assert life.bars() == [(0, 1), (2, 3)]
        life.rest.always = []
        await life.until(230)
        assert life.bars() == [(0, 1), (2, 3), (1, 2)]

    lived(body)


def test_a_bar_that_closed_just_before_it_began_is_not_lost() -> None:
    """Asked for what was before it had not closed yet, and on the line it is already over."""

    async def body(life: Life) -> None:
        life.rest.candles["KRW-BTC"] = {START - 2 * MINUTE: flat(8), START - MINUTE: flat(9)}
        life.venue.line.cut()
        await life.until(5)
        assert life.bars() == [(-1, 9)]

    lived(body)


def test_bars_of_a_length_that_upbit_does_not_have_are_fetched_at_their_close() -> None:
    async def body(life: Life) -> None:
        life.rest.candles["KRW-BTC"] = {START + n * MINUTE: flat(n + 100) for n in range(10)}
        assert "candle" not in life.venue.line.said[0]
        await life.until(60 * 4 + 3)
        found = [b for b in life.of(Bar, BTC) if isinstance(b, Bar)]
        assert [((b.start_ns - START) // MINUTE, int(b.close)) for b in found] == [(0, 101), (2, 103)]

    lived(body, bars_ns=2 * MINUTE)


def test_what_no_candles_make_up_is_refused_when_it_is_asked_for() -> None:
    async def whole() -> None:
        with pytest.raises(ValueError, match="no candles"):
            Life(MINUTE // 7)
        clock = VirtualClock()
        mids = Wants((BTC,), MINUTE, "mid")
        with pytest.raises(ValueError, match="none of the middles of books"):
            Running(
                StreamParams(), mids, print, clock, MemoryVenue().opens, Questions(RestHere(clock.now_ns)), Random()
            )

    run(whole(), START, START + S)


def test_a_market_that_is_not_traded_any_more_is_told() -> None:
    async def body(life: Life) -> None:
        for state in ("ACTIVE", "PREVIEW", "PREVIEW", "ACTIVE", "DELISTED"):
            life.says(ticker("KRW-XRP", life.now, state))
            await asyncio.sleep(0.1)
        assert life.states(XRP) == [VenueState.DOWN, VenueState.UP, VenueState.DOWN]
        assert life.states(BTC) == []

    lived(body)


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
