"""What goes out is the order that was approved, or nothing: ccxt rounds, and whoever lets it trades something else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_ccxt.facts import facts_of
from karb_ccxt.order_words import client_id, order_id, written
from karb_core.connection.placing import Unfit
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import OrderId
from karb_core.domain.order_id import order_id as minted
from karb_core.domain.orders import Order, Side, TimeInForce

SWAP = Instrument("far", "BTC", "USDT")
MARKET = {
    "swap": True, "settle": "USDT", "contractSize": "0.01", "precision": {"amount": "1", "price": "0.1"},
    "limits": {"amount": {"min": "1", "max": "100000"}, "cost": {"min": None}},
}  # fmt: skip
TIERS = [
    {"minNotional": "0", "maintenanceMarginRate": "0.004"},
    {"minNotional": "50000", "maintenanceMarginRate": "0.005"},
    {"minNotional": "500000", "maintenanceMarginRate": "0.01"},
]


def exchange(mode: int = 4, amount: Any = None, price: Any = None) -> Any:
    """ccxt's client, as far as it rounds."""
    same = lambda _symbol, told: told  # noqa: E731
    return SimpleNamespace(precisionMode=mode, amount_to_precision=amount or same, price_to_precision=price or same)


def order(**more: Any) -> Order:
    told: dict[str, Any] = {
        "id": "karb-m1-abcdefghij234567-1-1", "intent_id": "abcdefghij234567", "leg": 1, "instrument": SWAP,
        "side": Side.SELL, "amount": SWAP.amount(Decimal("0.05")), "limit": SWAP.price(Decimal("84100.5")), "cost": None,
        "time_in_force": TimeInForce.IOC, "reduce_only": True,
    }  # fmt: skip
    return Order(**(told | more))


FACTS = facts_of(exchange(), SWAP, MARKET, ("0.0005", "0.0002"), TIERS, 1)


def test_facts_are_in_base_whatever_a_contract_is() -> None:
    assert (FACTS.amount_step, FACTS.min_amount, FACTS.max_amount) == (Decimal("0.01"), Decimal("0.01"), Decimal(1000))
    assert (FACTS.multiplier, FACTS.margin_asset, FACTS.taker_fee) == (Decimal("0.01"), "USDT", Decimal("0.0005"))


def test_maintenance_does_not_jump_where_a_tier_begins() -> None:
    """Binance's own deductions of these tiers are 0, 50 and 2,550."""
    assert [tier.deduction for tier in FACTS.maintenance] == [0, 50, 2550]
    assert FACTS.maintenance_of(Decimal(50_000)) == 200
    assert FACTS.maintenance_of(Decimal(500_000)) == 2450


def test_amounts_go_out_in_contracts_with_our_id_and_what_the_order_is() -> None:
    sent = written(order(), FACTS, exchange(), "swap", "letters_digits")
    assert (sent.symbol, sent.side, sent.amount, sent.price) == ("BTC/USDT:USDT", "sell", "5", "84100.5")
    assert sent.params == {
        "clientOrderId": "karb9m19abcdefghij2345679191", "timeInForce": "IOC", "reduceOnly": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rounds", "broken"),
    [
        ({"amount": lambda _symbol, _told: "4"}, "unfit_amount_step"),
        ({"price": lambda _symbol, _told: "84100"}, "unfit_ticks"),
    ],
)
def test_an_order_that_ccxt_would_round_is_not_sent(rounds: dict[str, Any], broken: str) -> None:
    with pytest.raises(Unfit) as refused:
        written(order(), FACTS, exchange(**rounds), "swap", "as_is")
    assert refused.value.code == broken


def test_a_part_of_a_contract_and_money_to_be_spent_are_not_sent() -> None:
    finer = replace(FACTS, amount_step=Decimal("0.001"))
    with pytest.raises(Unfit):
        written(order(amount=SWAP.amount(Decimal("0.055")), limit=SWAP.price(Decimal("84100.5"))), finer,
                exchange(amount=lambda _symbol, told: told.partition(".")[0]), "swap", "as_is")  # fmt: skip
    with pytest.raises(Unfit):
        written(
            order(side=Side.BUY, limit=None, cost=Amount(Decimal(4000), "USDT"), reduce_only=False),
            FACTS, exchange(), "swap", "as_is",
        )  # fmt: skip


def test_prices_that_ccxt_cuts_to_significant_digits_are_no_facts() -> None:
    """As it does Bithumb's: 124,377,000 becomes 124,400,000."""
    with pytest.raises(Unreadable, match="significant digits"):
        facts_of(exchange(mode=3), SWAP, MARKET | {"precision": {"amount": "4", "price": "4"}}, None, (), 1)


def test_places_after_the_point_are_steps_too() -> None:
    facts = facts_of(exchange(mode=2), SWAP, MARKET | {"precision": {"amount": "0", "price": "1"}}, None, (), 1)
    assert (facts.amount_step, facts.ticks[0].tick) == (Decimal("0.01"), Decimal("0.1"))
    assert facts.taker_fee is None


@given(
    mark=st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=6),
    intent=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16),
    leg=st.integers(0, 9),
    attempt=st.integers(0, 9999),
)
def test_an_id_in_letters_and_digits_is_read_back_as_the_one_it_was(
    mark: str, intent: str, leg: int, attempt: int
) -> None:
    ours = minted(mark=mark, intent_id=intent, leg=leg, attempt=attempt)
    told = client_id(ours, "letters_digits")
    assert told.isalnum()
    assert order_id(told, "letters_digits") == ours
    assert OrderId.read(order_id(client_id(ours, "as_is"), "as_is")) == OrderId(mark, intent, leg, attempt)


@pytest.mark.parametrize("theirs", ["web_1", "karb9", "karb9m19abcdefghij23456791910", "8389765"])
def test_what_is_not_of_our_form_stays_as_it_is(theirs: str) -> None:
    assert OrderId.read(order_id(theirs, "as_is")) is None
    assert OrderId.read(order_id("8389765", "letters_digits")) is None
