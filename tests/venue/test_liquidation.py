from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Side
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.liquidation import is_liquidated, liquidation_price
from tests.venue.accounts import PERPETUAL, TIERS, facts, margined, order

FACTS = facts(PERPETUAL)
#: Tiers as a simplified table states them: without deductions, so that the margin jumps from one to the next.
JUMPING = facts(PERPETUAL, tuple(replace(tier, deduction=Decimal(0)) for tier in TIERS))
USDT = Account("binance_usdm", "USDT")


def opened(side: Side, amount: str, price: str, leverage: str) -> IsolatedPosition:
    moved = exact.mul(side.sign, Decimal(amount))
    return IsolatedPosition().with_trade(moved, Decimal(price), Decimal(leverage)).position


def test_a_short_is_taken_where_its_equity_is_its_maintenance_margin() -> None:
    """0.1 short at 63000, margin 6300: 12600 - n = 0.004 n, so n = 12549.80 and the mark 125498.00..."""
    position = opened(Side.SELL, "0.1", "63000", "1")
    assert liquidation_price(position, FACTS) == Decimal("125498.007968127490")
    assert not is_liquidated(position, Decimal("125498.00796812"), FACTS)
    assert is_liquidated(position, Decimal("125498.00796813"), FACTS)


def test_a_long_with_leverage_is_taken_below_its_entry() -> None:
    """0.1 long at 63000, margin 630: n - 5670 = 0.004 n, so n = 5692.77 and the mark 56927.71..."""
    position = opened(Side.BUY, "0.1", "63000", "10")
    assert liquidation_price(position, FACTS) == Decimal("56927.710843373494")
    assert not is_liquidated(position, Decimal("56927.7108434"), FACTS)
    assert is_liquidated(position, Decimal("56927.7108433"), FACTS)


def test_a_long_paid_in_full_is_never_taken() -> None:
    assert liquidation_price(opened(Side.BUY, "0.1", "63000", "1"), FACTS) is None


def test_exactly_the_maintenance_margin_is_too_little() -> None:
    """At 100000 the notional of 0.1 is 10000 and its maintenance 40."""
    position = IsolatedPosition(Decimal("-0.1"), Decimal(-6300), Decimal(3740))
    assert is_liquidated(position, Decimal(100000), FACTS)
    assert liquidation_price(position, FACTS) == 100000


def test_a_jump_of_the_margin_takes_what_comes_to_it() -> None:
    """At a notional of 50000 the margin jumps from 200 to 250: an equity that would be 100 there was taken before, at
    50100 / 1.004; one of 220 is taken by the jump."""
    position = IsolatedPosition(Decimal("-0.5"), Decimal(-25000), Decimal(25100))
    assert liquidation_price(position, JUMPING) == Decimal("99800.796812749003")
    richer = IsolatedPosition(Decimal("-0.5"), Decimal(-25000), Decimal(25220))
    assert liquidation_price(richer, JUMPING) == 100000
    assert not is_liquidated(richer, Decimal("99999.999"), JUMPING)
    assert is_liquidated(richer, Decimal(100000), JUMPING)


@given(
    side=st.sampled_from(Side),
    size=st.integers(1, 99_999),
    price=st.integers(10, 1_000_000),
    leverage=st.integers(1, 50),
    funding=st.integers(-1000, 1000),
    stated=st.sampled_from([FACTS, JUMPING]),
)
@settings(max_examples=150, deadline=None)
def test_the_told_price_is_where_the_venue_acts_to_the_last_place(
    side: Side, size: int, price: int, leverage: int, funding: int, stated: InstrumentFacts
) -> None:
    amount = exact.mul(Decimal(size), Decimal("0.001"))
    position = opened(side, str(amount), str(price), str(leverage)).with_funding(Decimal(funding))
    if is_liquidated(position, Decimal(price), stated):
        return
    told = liquidation_price(position, stated)
    if told is None:
        assert not is_liquidated(position, Decimal("0.000000000001"), stated)
        return
    place = Decimal("0.000000000001")
    beyond = exact.add(told, exact.mul(side.opposite.sign, place))
    nearer = exact.sub(told, exact.mul(side.opposite.sign, place))
    assert beyond <= 0 or is_liquidated(position, beyond, stated)
    assert not is_liquidated(position, nearer, stated)


@pytest.mark.parametrize(("side", "mark"), [(Side.SELL, "140000"), (Side.BUY, "20000")])
def test_all_of_the_margin_is_lost_and_nothing_else(side: Side, mark: str) -> None:
    book = margined(leverage="2", fee="0")
    book.trade(order(PERPETUAL, side, "0.1", "63000"), Decimal(63000), 1)
    free = book.balances()[USDT].free
    forced = book.mark_to(PERPETUAL, Decimal(mark), 9)
    assert forced is not None
    assert (forced.order_id, forced.side, forced.amount.text(), forced.fee.value) == (
        "autoclose-BTC-USDT-9",
        side.opposite,
        "0.1 BTC",
        Decimal(0),
    )
    assert forced.price.value == (94500 if side is Side.SELL else 31500)
    assert book.balances()[USDT].free == free
    assert book.positions() == {}
    assert book.fills_since(9) == [forced]


def test_a_mark_that_is_not_there_yet_takes_nothing() -> None:
    book = margined(leverage="2")
    book.trade(order(PERPETUAL, Side.SELL, "0.1", "63000"), Decimal(63000), 1)
    before = book.balances()
    assert book.mark_to(PERPETUAL, Decimal(94000), 9) is None
    assert book.balances() == before


def test_what_was_taken_at_the_time_of_a_settlement_owes_none() -> None:
    book = margined(leverage="2")
    book.trade(order(PERPETUAL, Side.SELL, "0.1", "63000"), Decimal(63000), 1)
    assert book.mark_to(PERPETUAL, Decimal(99999), 9) is not None
    assert book.settle_funding(PERPETUAL, Decimal("0.01"), Decimal(99999), 9) is None


@given(
    side=st.sampled_from(Side), price=st.integers(100, 100_000), leverage=st.integers(2, 20), paid=st.integers(0, 50)
)
@settings(max_examples=60, deadline=None)
def test_less_than_a_tick_of_the_margin_comes_back(side: Side, price: int, leverage: int, paid: int) -> None:
    book = margined("100000", str(leverage), fee="0")
    book.trade(order(PERPETUAL, side, "0.7", str(price)), Decimal(price), 1)
    rate = exact.mul(side.sign, exact.mul(Decimal(paid), Decimal("0.00001")))
    book.settle_funding(PERPETUAL, rate, Decimal(price), 2)
    free = book.balances()[USDT].free
    far = exact.mul(Decimal(price), Decimal(3) if side is Side.SELL else Decimal("0.001"))
    assert book.mark_to(PERPETUAL, far, 3) is not None
    back = Fraction(book.balances()[USDT].free) - Fraction(free)
    assert 0 <= back < Fraction(7, 100)
