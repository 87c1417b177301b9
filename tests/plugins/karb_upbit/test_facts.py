"""What Upbit asks of orders: its own answer, with its table of steps only where both agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_upbit.facts import facts_of
from karb_upbit.wire import SeenChance, SeenMarket, SeenSide
from tests.plugins.karb_upbit.orders_told import BTC, NOW

D = Decimal


def stated(of: Instrument, tick: str, price: str, *, least: tuple[str, str] = ("5000", "5000")) -> InstrumentFacts:
    market = SeenMarket("-", SeenSide(D(least[0])), SeenSide(D(least[1])))
    chance = SeenChance(D("0.0005"), D("0.0007"), D("0.0004"), D("0.0005"), market)
    return facts_of(of, chance, D(tick), D(price), NOW)


#: The page's table, each row at its first price and just below it.
TABLE = [
    ("2000000", "1000"), ("1000000", "1000"), ("999500", "500"), ("500000", "500"), ("499900", "100"),
    ("100000", "100"), ("99950", "50"), ("50000", "50"), ("49990", "10"), ("10000", "10"), ("9995", "5"), ("5000", "5"),
    ("4999", "1"), ("1000", "1"), ("999", "1"), ("100", "1"), ("99.9", "0.1"), ("10", "0.1"), ("9.99", "0.01"),
    ("1", "0.01"), ("0.999", "0.001"), ("0.1", "0.001"), ("0.0999", "0.0001"), ("0.01", "0.0001"),
    ("0.00999", "0.00001"), ("0.001", "0.00001"), ("0.000999", "0.000001"), ("0.0001", "0.000001"),
    ("0.0000999", "0.0000001"), ("0.00001", "0.0000001"), ("0.00000999", "0.00000001"),
]  # fmt: skip


@pytest.mark.parametrize(("price", "step"), TABLE)
def test_the_won_table_by_price(price: str, step: str) -> None:
    assert stated(BTC, "1000", "124350000").tick_at(D(price)) == D(step)


def test_where_upbit_says_otherwise_its_word_is_the_step() -> None:
    tether = stated(Instrument("upbit", "USDT", "KRW"), "0.5", "1470.5")
    assert {tether.tick_at(D(price)) for price in ("100", "1470.5", "20000")} == {D("0.5")}


def test_other_markets_have_the_step_that_upbit_says() -> None:
    ether = stated(Instrument("upbit", "ETH", "BTC"), "0.00000001", "0.025", least=("0.00005", "0.00005"))
    assert (ether.tick_at(D("0.025")), ether.min_notional) == (D("0.00000001"), D("0.00005"))


def test_the_least_notional_and_the_fee_are_the_larger_of_both_sides() -> None:
    facts = stated(BTC, "1000", "124350000", least=("5000", "6000"))
    assert (facts.min_notional, facts.taker_fee, facts.maker_fee) == (D(6000), D("0.0007"), D("0.0005"))
    assert (facts.amount_step, facts.valid_from_ns, facts.margin_asset) == (D("0.00000001"), NOW, None)


@pytest.mark.parametrize(("tick", "price"), [("0", "124350000"), ("-1", "124350000"), ("1000", "0"), ("1000", "-1")])
def test_a_step_or_a_price_that_is_none_is_unreadable(tick: str, price: str) -> None:
    with pytest.raises(Unreadable):
        stated(BTC, tick, price)
