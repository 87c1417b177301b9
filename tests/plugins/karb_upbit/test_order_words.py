"""Our orders in Upbit's words, and Upbit's of them in ours: by what was executed, never by a word."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.placing import Unfit
from karb_core.connection.told_outcome import order_of, outcome_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome, Side, TimeInForce, Unknown
from karb_upbit.order_words import order_fields
from karb_upbit.wire import SeenOrder
from tests.plugins.karb_upbit.orders_told import (
    BTC,
    ENDED_MARKET_BUY,
    ID,
    INTENT,
    UUID,
    facts,
    listed,
    order,
    told,
    trade,
)

D = Decimal


def _won(value: str) -> Amount:
    return Amount(D(value), "KRW")


def seen(body: dict[str, Any]) -> SeenOrder:
    return read(json.dumps(body).encode(), SeenOrder)


def outcome(body: dict[str, Any], of: Order | None = None) -> Outcome | None:
    return outcome_of(of or order(), seen(body))


def test_a_marketable_limit_as_it_is_sent() -> None:
    assert list(order_fields(order(), facts())) == [
        ("market", "KRW-BTC"), ("side", "bid"), ("ord_type", "limit"), ("price", "124350000"), ("volume", "0.001"),
        ("time_in_force", "ioc"), ("smp_type", "cancel_taker"), ("identifier", ID),
    ]  # fmt: skip


def test_one_that_rests_and_one_that_only_rests() -> None:
    rests = dict(order_fields(order(time_in_force=TimeInForce.GTC, side=Side.SELL), facts()))
    assert (rests["side"], "time_in_force" in rests, rests["smp_type"]) == ("ask", False, "cancel_taker")
    only = dict(order_fields(order(time_in_force=TimeInForce.POST_ONLY), facts()))
    assert (only["time_in_force"], "smp_type" in only) == ("post_only", False)


def test_a_buy_by_cost_tells_the_money_and_no_amount() -> None:
    fields = dict(order_fields(order(limit=None, cost=_won("100000")), facts()))
    assert (fields["ord_type"], fields["price"], "volume" in fields) == ("price", "100000", False)


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"limit": BTC.price(D("124350500"))}, "unfit_ticks"),
        ({"amount": BTC.amount(D("0.000000001"))}, "unfit_amount_step"),
        ({"amount": BTC.amount(D("0.00004020"))}, "unfit_min_notional"),
        ({"limit": None, "cost": _won("4999")}, "unfit_min_notional"),
    ],
)
def test_what_does_not_fit_is_not_written(changed: dict[str, Any], broken: str) -> None:
    with pytest.raises(Unfit) as no:
        order_fields(order(**changed), facts())
    assert no.value.code == broken


@given(st.integers(1, 10**12), st.integers(1, 10**6))
def test_whatever_fits_is_written_to_the_last_digit_and_without_an_exponent(amount: int, ticks: int) -> None:
    item = order(amount=BTC.amount(D(amount).scaleb(-8)), limit=BTC.price(D(1_000_000 + 1000 * ticks)))
    try:
        fields = dict(order_fields(item, facts()))
    except Unfit as no:
        assert no.code == "unfit_min_notional"
        return
    assert (D(fields["volume"]), D(fields["price"])) == (item.amount.value, item.limit and item.limit.value)
    assert set(fields["volume"] + fields["price"]) <= set("0123456789.")


@pytest.mark.parametrize(
    ("body", "filled", "cost", "final"),
    [
        (told("wait"), "0", "0", False),
        (told("wait", trade(1, "0.0004")), "0.0004", "49740", False),
        (told("wait", trade(1, "0.0004"), trade(2, "0.0006")), "0.001", "124350", True),
        (told("done", trade(1, "0.001")), "0.001", "124350", True),
        (told("done", trade(1, "0.0004")), "0.0004", "49740", True),
        (told("cancel", trade(1, "0.0004")), "0.0004", "49740", True),
        (told("cancel"), "0", "0", True),
        (told("done"), "0", "0", True),
        (told("watch"), "0", "0", False),
        (listed(told("cancel", trade(1, "0.0004"))), "0.0004", "49740", True),
    ],
)
def test_an_order_has_filled_what_was_executed(body: dict[str, Any], filled: str, cost: str, final: bool) -> None:
    assert outcome(body) == Filled(order(), BTC.amount(D(filled)), _won(cost), final)


def test_a_market_buy_that_upbit_calls_cancelled_is_filled() -> None:
    by_cost = order(limit=None, cost=_won("100000"), amount=BTC.amount(D("0.0008")))
    assert outcome(ENDED_MARKET_BUY, by_cost) == Filled(
        by_cost, BTC.amount(D("0.00080418")), _won("99999.783"), final=True
    )


@pytest.mark.parametrize("word", ["trade", "prevented", "DONE", "", "expired"])
def test_a_word_that_nobody_knows_is_unknown_with_what_traded(word: str) -> None:
    said = outcome(told(word, trade(1, "0.0004")))
    assert isinstance(said, Unknown)
    assert (said.filled, said.cost) == (BTC.amount(D("0.0004")), _won("49740"))
    assert repr(word) in said.why


def test_what_traded_for_an_unknown_sum_is_not_told() -> None:
    late = told("cancel", trade(1, "0.0004"), trade(2, "0.0006"))
    assert outcome(late | {"trades": late["trades"][:1]}) is None
    assert outcome({k: v for k, v in late.items() if k != "trades"}) is None


@pytest.mark.parametrize(
    "changed",
    [{"identifier": "bot-000002"}, {"market": "KRW-ETH"}, {"side": "ask"}, {"executed_volume": "-1"}],
)
def test_what_is_said_of_another_order_is_not_taken(changed: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        outcome(told("wait") | changed)


def test_an_order_that_rests_in_our_words() -> None:
    mine = order_of("upbit", seen(listed(told("wait") | {"time_in_force": None})))
    assert mine == order(time_in_force=TimeInForce.GTC)
    theirs = order_of("upbit", seen(listed(told("wait") | {"identifier": None, "side": "ask"})))
    assert theirs == replace(order(), id=UUID, intent_id="", side=Side.SELL, time_in_force=TimeInForce.IOC)
    assert mine is not None
    assert mine.intent_id == INTENT
    assert order_of("upbit", seen(ENDED_MARKET_BUY)) is None


@pytest.mark.parametrize("changed", [{"side": "both"}, {"market": "KRW"}, {"volume": "0"}, {"price": "-1"}])
def test_one_that_cannot_be_said_in_our_words_is_unreadable(changed: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        order_of("upbit", seen(told("wait") | changed))
