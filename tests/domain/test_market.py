from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, FxKind, FxRate, Level, Top
from karb_core.domain.orders import Side
from tests.domain.draws import decimals, scaled

BTC = Instrument("upbit", "BTC", "KRW")
TOP = Top(BTC, Decimal(100), Decimal(1), Decimal(101), Decimal(2), 10, 20)


def test_we_buy_at_the_ask_and_sell_at_the_bid() -> None:
    assert TOP.to(Side.BUY) == 101
    assert TOP.to(Side.SELL) == 100
    assert TOP.mid == Decimal("100.5")


@given(decimals(1, 10**9), decimals(1, 10**9))
def test_the_mid_is_exact(bid: Decimal, ask: Decimal) -> None:
    assert Fraction(replace(TOP, bid=bid, ask=ask).mid) == (Fraction(bid) + Fraction(ask)) / 2


@pytest.mark.parametrize(
    ("change", "sound"),
    [({}, True), ({"bid": 101}, False), ({"bid": 102}, False), ({"bid": 0}, False), ({"ask_amount": 0}, False)],
)
def test_a_top_is_sound_only_with_two_sides_that_do_not_touch(change: dict[str, int], sound: bool) -> None:
    assert replace(TOP, **{name: Decimal(value) for name, value in change.items()}).sound is sound  # type: ignore[arg-type]


levels = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**6)), min_size=1, max_size=6)


def depth(rungs: list[tuple[int, int]]) -> Depth:
    """A book whose prices step away from 1000 by the drawn gaps, mirrored on both sides."""
    asks, bids, away = [], [], 0
    for gap, units in rungs:
        away += gap
        asks.append(Level(Decimal(1000 + away), scaled(units, 4)))
        bids.append(Level(Decimal(1000 - away), scaled(units, 4)))
    return Depth(BTC, tuple(bids), tuple(asks), 10, 20)


@given(levels, st.integers(1, 7 * 10**6), st.sampled_from(Side))
def test_the_cost_of_an_amount_walks_the_side_we_trade(rungs: list[tuple[int, int]], units: int, side: Side) -> None:
    book = depth(rungs)
    facing = book.asks if side is Side.BUY else book.bids
    # one unit at a time is slow and needs no cleverness: expand the book into (price, units) and count
    left, cost = units, Fraction(0)
    for level in facing:
        here = min(left, int(Fraction(level.amount) * 10**4))
        left -= here
        cost += Fraction(level.price) * Fraction(here, 10**4)
    got = book.cost(side, scaled(units, 4))
    assert (got is None) == (left > 0)
    if got is not None:
        assert Fraction(got) == cost


def test_within_counts_the_limit_itself_and_nothing_beyond() -> None:
    book = depth([(1, 10_000), (1, 20_000), (1, 40_000)])
    assert book.within(Side.BUY, Decimal(1002)) == 3
    assert book.within(Side.BUY, Decimal("1001.9")) == 1
    assert book.within(Side.BUY, Decimal(1000)) == 0
    assert book.within(Side.SELL, Decimal(998)) == 3
    assert book.within(Side.SELL, Decimal(997)) == 7
    assert book.within(Side.SELL, Decimal("999.5")) == 0


def test_the_top_of_a_book_keeps_both_clocks_and_half_a_book_has_none() -> None:
    book = depth([(1, 10_000), (1, 20_000)])
    assert book.top() == Top(BTC, Decimal(999), Decimal(1), Decimal(1001), Decimal(1), 10, 20)
    assert replace(book, asks=()).top() is None


def test_a_bar_is_known_at_its_end_and_a_rate_knows_its_assets() -> None:
    price = Decimal(100)
    assert Bar(BTC, 0, 300, price, price, price, price, Decimal(0), 301).venue_at_ns == 300
    rate = FxRate("USD", "KRW", Decimal("1392.43"), "hana", FxKind.BASE, 10, 20)
    assert rate.price == Price(Decimal("1392.43"), "USD", "KRW")
