"""Our orders in Bithumb's words, and Bithumb's of them in ours: by what was executed, never by a word."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_bithumb.order_words import order_fields
from karb_bithumb.wire import SeenOrder
from karb_core.connection.placing import Unfit
from karb_core.connection.told_outcome import order_of, outcome_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.amount import Amount
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Filled, Order, Outcome, Side, TimeInForce, Unknown
from tests.plugins.karb_bithumb.orders_told import BTC, ID, INTENT, UUID, facts, order, told, trade

D = Decimal


def won(value: str) -> Amount:
    return Amount(D(value), "KRW")


def outcome(body: dict[str, Any], of: Order | None = None) -> Outcome | None:
    return outcome_of(of or order(), read(json.dumps(body).encode(), SeenOrder))


def test_a_marketable_limit_as_it_is_sent() -> None:
    assert list(order_fields(order(), facts())) == [
        ("market", "KRW-BTC"), ("side", "bid"), ("order_type", "limit"), ("price", "124330000"), ("volume", "0.001"),
        ("time_in_force", "ioc"), ("client_order_id", ID),
    ]  # fmt: skip


def test_one_that_rests_and_one_that_only_rests() -> None:
    rests = dict(order_fields(order(time_in_force=TimeInForce.GTC, side=Side.SELL), facts()))
    assert (rests["side"], "time_in_force" in rests) == ("ask", False)
    assert dict(order_fields(order(time_in_force=TimeInForce.POST_ONLY), facts()))["time_in_force"] == "post_only"


def test_a_buy_by_cost_tells_the_money_and_no_amount() -> None:
    assert list(order_fields(order(limit=None, cost=won("100000")), facts())) == [
        ("market", "KRW-BTC"), ("side", "bid"), ("order_type", "price"), ("price", "100000"), ("client_order_id", ID),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"limit": BTC.price(D("124330500"))}, "unfit_ticks"),
        ({"amount": BTC.amount(D("0.000000001"))}, "unfit_amount_step"),
        ({"amount": BTC.amount(D("0.00004021"))}, "unfit_min_notional"),
        ({"limit": None, "cost": won("4999")}, "unfit_min_notional"),
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


def test_the_longest_of_our_ids_is_one_that_bithumb_takes() -> None:
    longest = order_id(mark="abcdef", intent_id=INTENT, leg=9, attempt=9999)
    assert re.fullmatch("[A-Za-z0-9_-]{1,36}", longest)


@pytest.mark.parametrize(
    ("body", "filled", "cost", "final"),
    [
        (told("wait"), "0", "0", False),
        (told("watch"), "0", "0", False),
        (told("wait", trade(1, "0.0004")), "0.0004", "49732", False),
        (told("wait", trade(1, "0.0004"), trade(2, "0.0006")), "0.001", "124330", True),
        (told("done", trade(1, "0.001")), "0.001", "124330", True),
        (told("done", trade(1, "0.0004"), time_in_force="ioc", cancel_type="tif_cancel"), "0.0004", "49732", True),
        (told("cancel", time_in_force="ioc", cancel_type="tif_cancel"), "0", "0", True),
        (told("cancel", trade(1, "0.0004"), cancel_type="stp_cancel"), "0.0004", "49732", True),
        (told("cancel", trade(1, "0.0004"), cancel_type="a_word_that_is_new"), "0.0004", "49732", True),
        (told("wait", trade(1, "0.0004"), trades=None), "0.0004", "49732", False),
    ],
)
def test_an_order_has_filled_what_was_executed(body: dict[str, Any], filled: str, cost: str, final: bool) -> None:
    """What fills in part and is then cut Bithumb calls done: the part has filled, and no more."""
    assert outcome(body) == Filled(order(), BTC.amount(D(filled)), won(cost), final)


def test_a_market_buy_has_spent_what_its_trades_say() -> None:
    by_cost = order(limit=None, cost=won("100000"), amount=BTC.amount(D("0.0008")))
    body = told("done", trade(1, "0.00080431"), ord_type="price", price="100000", volume=None, remaining_volume=None)
    assert outcome(body, by_cost) == Filled(by_cost, BTC.amount(D("0.00080431")), won("99999.8623"), final=True)


@pytest.mark.parametrize("word", ["trade", "DONE", "", "expired", "partial", "canceled"])
def test_a_state_in_none_of_bithumbs_pages_ends_nothing(word: str) -> None:
    found = outcome(told(word, trade(1, "0.0004")))
    assert isinstance(found, Unknown)
    assert (found.filled.value, repr(word) in found.why) == (D("0.0004"), True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"market": "KRW-ETH"}, {"market": "BTC_KRW"}, {"side": "ask"}, {"side": "buy"}, {"client_order_id": "another"},
        {"executed_volume": "-0.0001"}, {"executed_funds": "-1", "executed_volume": "0.0004", "trades": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_told_of_another_order_is_quarantined(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        outcome(told("done") | wrong)


def test_what_traded_for_nobody_knows_how_much_is_not_told_yet() -> None:
    assert outcome(told("done", executed_volume="0.0004", executed_funds=None)) is None


def test_an_order_that_rests_is_ours_or_somebodys() -> None:
    mine = order_of("bithumb", read(json.dumps(told("wait", time_in_force=None)).encode(), SeenOrder))
    assert mine is not None
    assert (mine.id, mine.intent_id, mine.time_in_force) == (ID, INTENT, TimeInForce.GTC)
    theirs = order_of("bithumb", read(json.dumps(told("watch", client_order_id=None)).encode(), SeenOrder))
    assert theirs is not None
    assert (theirs.id, theirs.intent_id) == (UUID, "")
