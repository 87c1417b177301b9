"""Candles are checked, paged to their beginning, closed by the venue's clock, and put together on the grid of UTC."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.bars_made import Told, bar_of, in_order, made_longer, opens_ns
from karb_core.connection.bars_paged import DoesNotGoBack, Page, closed_bars
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.market import Bar
from tests.connection.orders_here import BTC

D = Decimal
S = 1_000_000_000
MINUTE = 60 * S
START = 1_795_237_200 * S


def told(close: int | str = 100, **more: str | None) -> Told:
    values = dict.fromkeys(("open", "high", "low", "close"), str(close)) | {"volume": "1"} | more
    found = [None if value is None else D(value) for value in values.values()]
    return found[0], found[1], found[2], found[3], found[4]


def minute(n: int) -> Bar:
    return bar_of(BTC, START + n * MINUTE, MINUTE, told(1000 + n), 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"open": None},
        {"volume": "-1"},
        {"low": "0"},
        {"high": "99"},
        {"low": "101"},
        {"close": "NaN"},
        {"volume": "1e99"},
    ],
    ids=str,
)
def test_a_candle_that_cannot_be_one_is_unreadable(wrong: dict[str, str | None]) -> None:
    with pytest.raises(Unreadable):
        bar_of(BTC, START, MINUTE, told(**wrong), 0)


def test_one_that_opens_between_two_of_its_length_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        bar_of(BTC, START + S, MINUTE, told(), 0)
    assert opens_ns("2026-11-21T05:00:00") == START
    with pytest.raises(Unreadable):
        opens_ns("yesterday")


@given(st.lists(st.integers(0, 60), unique=True, min_size=1), st.sampled_from([3, 5, 15]))
def test_longer_bars_hold_what_their_candles_held(minutes: list[int], length: int) -> None:
    candles = [minute(n) for n in sorted(minutes)]
    longer = made_longer(candles, length * MINUTE)
    assert sum(bar.volume for bar in longer) == len(candles)
    assert all(bar.start_ns % (length * MINUTE) == 0 for bar in longer)
    for bar in longer:
        inside = [c for c in candles if bar.start_ns <= c.start_ns < bar.end_ns]
        assert (bar.open, bar.close) == (inside[0].open, inside[-1].close)
        assert (bar.low, bar.high) == (min(c.low for c in inside), max(c.high for c in inside))


def test_of_two_candles_of_one_time_the_later_told_stands() -> None:
    newer = bar_of(BTC, START, MINUTE, told(7), 1)
    assert list(in_order([minute(1), minute(0), newer])) == [newer, minute(1)]


class Venue:
    """Minutes from -1000 to 0, five at a time, newest first; `at`: its clock in seconds after START, None where it tells none."""

    def __init__(self, at: int | None, minutes: Sequence[int] = range(-1000, 1)) -> None:
        self.at_ns = None if at is None else START + at * S
        self.minutes, self.asked = minutes, list[int]()

    async def __call__(self, to_ns: int) -> Page:
        self.asked.append(to_ns)
        older = [n for n in self.minutes if START + n * MINUTE < to_ns]
        return Page([minute(n) for n in reversed(older[-5:])], self.at_ns)


def closed(venue: Venue, since: int, *, until: int = 30, late_s: int = 1) -> list[int]:
    """Of minutes that begin from `since`; asked for until so many seconds after START."""
    found = asyncio.run(closed_bars(venue, 5, MINUTE, START + since * MINUTE, START + until * S, late_s * S))
    return [(bar.start_ns - START) // MINUTE for bar in found]


def test_pages_go_back_to_the_beginning_and_no_further() -> None:
    venue = Venue(30)
    assert closed(venue, -12) == list(range(-12, 0))
    assert len(venue.asked) == 3


@pytest.mark.parametrize(("at", "last"), [(59, -1), (60, -1), (61, 0), (None, -1)])
def test_a_candle_is_closed_by_the_venues_clock_and_without_one_by_a_later_candle(at: int | None, last: int) -> None:
    assert closed(Venue(at), -3, until=3600)[-1] == last


def test_a_time_without_a_trade_has_no_bar() -> None:
    assert closed(Venue(30, [-9, -5, -4, -1]), -10) == [-9, -5, -4, -1]


def test_a_page_that_does_not_go_back_is_an_error_and_not_an_endless_question() -> None:
    class Stuck(Venue):
        async def __call__(self, to_ns: int) -> Page:
            return Page([minute(n) for n in range(-4, 1)], self.at_ns)

    with pytest.raises(DoesNotGoBack):
        closed(Stuck(30), -900)
