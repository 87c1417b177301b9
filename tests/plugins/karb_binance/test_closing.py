"""Closed candles in any order, with any loss: bars are told once, in order, and none is left out."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_binance.closing import Closing
from karb_core.domain.market import Bar
from tests.plugins.karb_binance.market_told import BTC

MINUTE = 60_000_000_000
D = Decimal


def candle(n: int) -> Bar:
    return Bar(BTC, n * MINUTE, (n + 1) * MINUTE, D(n + 1), D(n + 2), D(n + 1), D(n + 2), D(1), 7)


@given(st.lists(st.one_of(st.integers(0, 20), st.tuples(st.integers(0, 20))), max_size=60), st.sampled_from([1, 2, 5]))
def test_whatever_comes_bars_are_whole_and_follow_each_other(came: list[int | tuple[int]], length: int) -> None:
    """A number is a candle of the stream, a tuple an answer of REST with all up to that one."""
    closing = Closing(length * MINUTE, MINUTE, 0)
    told: list[Bar] = []
    for each in came:
        if isinstance(each, int):
            told += closing.take(candle(each))
        else:
            first = closing.next_ns(BTC) // MINUTE
            told += closing.fetched(BTC, [candle(n) for n in range(first, each[0] + 1)])
    assert [bar.start_ns for bar in told] == [n * length * MINUTE for n in range(len(told))]
    for bar in told:
        first = bar.start_ns // MINUTE
        assert (bar.open, bar.close, bar.volume) == (D(first + 1), D(first + length + 1), D(length))


def test_what_rest_leaves_out_does_not_exist() -> None:
    closing = Closing(MINUTE, MINUTE, 0)
    assert closing.take(candle(4)) == []
    assert closing.take(candle(1)) == []
    assert [bar.start_ns // MINUTE for bar in closing.fetched(BTC, [candle(0), candle(2)])] == [0, 1, 2]
    assert closing.take(candle(0)) == [], "told already"
    assert [bar.start_ns // MINUTE for bar in closing.fetched(BTC, [candle(5)])] == [4, 5]


def test_a_candle_is_missing_once_it_is_late() -> None:
    closing = Closing(MINUTE, MINUTE, 0)
    assert not closing.is_missing(BTC, MINUTE + 4, 5)
    assert closing.is_missing(BTC, MINUTE + 5, 5)
    closing.take(candle(0))
    assert not closing.is_missing(BTC, MINUTE + 5, 5)
