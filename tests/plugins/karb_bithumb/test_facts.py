"""Facts are Bithumb's own: its step of prices where its table disagrees, its fees with the account's coupon in them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from karb_bithumb.facts import facts_of
from karb_bithumb.ticks import ticks_of
from karb_bithumb.wire import SeenChance
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument
from tests.plugins.karb_bithumb.orders_told import BTC, CHANCE_RAW, NOW, facts

D = Decimal


def chance(**changed: object) -> SeenChance:
    return msgspec.structs.replace(read(CHANCE_RAW, SeenChance), **changed)


@pytest.mark.parametrize(
    ("price", "step"),
    [
        ("124330000", "1000"), ("1000000", "1000"), ("999999", "500"), ("500000", "500"), ("499999", "100"),
        ("100000", "100"), ("99999", "50"), ("50000", "50"), ("49999", "10"), ("10000", "10"), ("9999", "5"), ("5000", "5"),
        ("4999", "1"), ("1000", "1"), ("999", "1"), ("100", "1"), ("99.99", "0.01"), ("10", "0.01"), ("9.999", "0.001"),
        ("1", "0.001"), ("0.9999", "0.0001"), ("0.0001", "0.0001"),
    ],
)  # fmt: skip
def test_the_table_of_steps(price: str, step: str) -> None:
    stated = replace(facts(), ticks=ticks_of("KRW", D(1000), D("124330000")))
    assert stated.tick_at(D(price)) == D(step)


def test_where_bithumb_states_another_step_its_word_counts() -> None:
    assert [(band.from_price, band.tick) for band in ticks_of("KRW", D("0.1"), D("50"))] == [(D(0), D("0.1"))]
    assert len(ticks_of("BTC", D("1e-8"), D("0.02"))) == 1


def test_facts_are_what_bithumb_states_now() -> None:
    made = facts()
    assert (made.min_notional, made.amount_step, made.taker_fee, made.valid_from_ns) == (
        D(5000),
        D("1e-8"),
        D("0.0025"),
        NOW,
    )
    coupon = facts_of(BTC, chance(bid_fee=D("0.0004"), ask_fee=D("0.0003")), D(124330000), NOW)
    assert (coupon.taker_fee, coupon.maker_fee) == (D("0.0004"), D("0.0025"))


@pytest.mark.parametrize("price", ["0", "-1"])
def test_a_price_that_is_none_is_unreadable(price: str) -> None:
    with pytest.raises(Unreadable):
        facts_of(BTC, chance(), D(price), NOW)


def test_two_steps_for_one_market_and_another_market_are_unreadable() -> None:
    market = read(CHANCE_RAW, SeenChance).market
    uneven = msgspec.structs.replace(market, ask=msgspec.structs.replace(market.ask, price_unit=D(500)))
    with pytest.raises(Unreadable, match="500"):
        facts_of(BTC, chance(market=uneven), D(124330000), NOW)
    with pytest.raises(Unreadable):
        facts_of(Instrument("bithumb", "ETH", "KRW"), chance(), D(124330000), NOW)
