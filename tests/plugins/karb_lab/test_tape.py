"""Prints and the candles they make."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.orders import Side
from karb_lab.tape import MINUTE_NS, Tape

prints = st.lists(
    st.tuples(st.integers(0, 5 * 60), st.integers(1, 10**9), st.integers(1, 10**6), st.sampled_from(Side)), max_size=60
)


@given(prints, st.integers(1, 7))
@settings(max_examples=100, deadline=None)
def test_a_candle_of_any_length_is_what_its_prints_make(told: list[tuple[int, int, int, Side]], unit: int) -> None:
    tape = Tape()
    for second, price, amount, side in sorted(told, key=lambda one: one[0]):
        tape.add(Decimal(price), Decimal(amount), side, second * 1_000_000_000)
    span_ns = unit * MINUTE_NS
    done = list(tape.prints())[::-1]
    for candle in tape.candles(span_ns, 10**15, 1000):
        mine = [one for one in done if one.at_ns // span_ns == candle.start_ns // span_ns]
        assert candle.start_ns % span_ns == 0
        assert (candle.open, candle.close) == (mine[0].price, mine[-1].price)
        assert (candle.high, candle.low) == (max(one.price for one in mine), min(one.price for one in mine))
        assert candle.volume == exact.total(one.amount for one in mine)
        assert candle.value == exact.total(exact.mul(one.amount, one.price) for one in mine)
        assert candle.taken == exact.total(one.amount for one in mine if one.taker is Side.BUY)
        assert (candle.count, candle.first_id, candle.last_id) == (len(mine), mine[0].id, mine[-1].id)
    assert sum(candle.count for candle in tape.candles(span_ns, 10**15, 1000)) == len(told)


def test_a_minute_in_which_nothing_traded_has_no_candle_and_the_newest_are_kept() -> None:
    tape = Tape()
    for minute in (0, 1, 4):
        tape.add(Decimal(100), Decimal(1), Side.BUY, minute * MINUTE_NS)
    assert [candle.start_ns // MINUTE_NS for candle in tape.candles(MINUTE_NS, 9 * MINUTE_NS, 2)] == [1, 4]
    assert [candle.start_ns // MINUTE_NS for candle in tape.candles(MINUTE_NS, 4 * MINUTE_NS, 2)] == [0, 1]


def test_a_print_that_is_told_late_does_not_go_back() -> None:
    tape = Tape()
    tape.add(Decimal(100), Decimal(1), Side.BUY, 3 * MINUTE_NS)
    late = tape.add(Decimal(90), Decimal(1), Side.SELL, MINUTE_NS)
    assert (late.at_ns, late.before) == (3 * MINUTE_NS, Decimal(100))
