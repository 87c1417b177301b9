"""Closed bars in virtual time: each once, right, and in order, over cuts, jumps and a REST that is silent."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.market import Bar
from karb_core.ports import Wants
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_upbit.params import StreamParams
from karb_upbit.questions import MANNER
from karb_upbit.running import Running
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_upbit.life import BTC, START, Life, lived
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, S, candle, flat


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


def test_what_was_open_when_the_venues_time_jumped_is_not_told_from_the_line() -> None:
    """Its last trade was in the jump, and nothing traded after it."""

    async def body(life: Life) -> None:
        await life.until(10)
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(20)
        await asyncio.sleep(5)
        life.rest.candles["KRW-BTC"] = {START: (1, 9, 1, 9, 4)}
        await life.until(70)
        assert life.bars() == [(0, 9)]

    lived(body)


def test_what_was_open_when_the_line_broke_is_not_told_without_its_end() -> None:
    """REST is silent too: nobody knows what it became, until somebody says."""

    async def body(life: Life) -> None:
        life.says(candle("KRW-BTC", START, flat(1), life.now))
        await life.until(58)
        life.rest.always = [None]
        life.venue.line.cut()
        await life.until(110)
        assert life.bars() == []
        life.rest.candles["KRW-BTC"] = {START: (1, 9, 1, 9, 4)}
        life.rest.always = []
        await life.until(150)
        assert life.bars() == [(0, 9)]

    lived(body)


def test_a_bar_that_is_there_waits_ten_seconds_for_older_ones_and_no_longer() -> None:
    """REST hangs on while it is asked again and again."""

    async def body(life: Life) -> None:
        life.rest.always = [500]
        await life.until(40)
        life.venue.line.cut()
        await life.until(45)
        life.says(candle("KRW-BTC", START, flat(3), life.now))
        await life.until(63)
        assert life.bars() == [(0, 3)]

    lived(body)


def test_a_fetch_that_breaks_ends_the_run_with_its_error() -> None:
    """Whoever runs it begins it anew, and says why."""

    async def whole() -> None:
        life = Life()

        async def breaks(target: str) -> Answer:
            raise LookupError(target)

        life.running.asks.gets = breaks
        with pytest.raises(LookupError, match="/v1/candles/minutes/1"):
            await life.running.run()

    run(whole(), START, START + 60 * S)


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
                StreamParams(),
                mids,
                print,
                clock,
                MemoryVenue().opens,
                Questions(RestHere(clock.now_ns), MANNER),
                Random(),
            )

    run(whole(), START, START + S)
