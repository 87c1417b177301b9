"""What ccxt tells of orders, trades and positions: contracts become base, and what is not told is not made up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from karb_ccxt.told_market import depth_of, funding_of, mark_of
from karb_ccxt.told_number import number
from karb_ccxt.told_orders import fill_of, income_of, outcome_of, position_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.orders import Filled, Unknown
from tests.plugins.karb_ccxt.test_order_words import SWAP, order

CONTRACT = Decimal("0.01")
TOLD = {
    "id": "77",
    "clientOrderId": "karb-m1-abcdefghij234567-1-1",
    "status": "closed",
    "filled": "5",
    "cost": "4205.02",
}
TRADE = {
    "id": "9", "order": "77", "side": "sell", "price": "84100.4", "amount": "5", "timestamp": 1_795_237_200_123,
    "fee": {"cost": "2.10251", "currency": "USDT"},
}  # fmt: skip
POSITION = {
    "symbol": "BTC/USDT:USDT", "contracts": "5", "side": "short", "collateral": "4205.02", "entryPrice": "84100.4",
    "liquidationPrice": "167000.1", "hedged": False,
}  # fmt: skip


def outcome(**more: Any) -> Any:
    return outcome_of(order(), TOLD | more, CONTRACT, "as_is")


def test_a_filled_order_is_told_in_base_and_quote() -> None:
    told = outcome()
    assert isinstance(told, Filled)
    assert (told.filled.text(), told.cost.text(), told.final) == ("0.05 BTC", "4205.02 USDT", True)


@pytest.mark.parametrize("more", [{"filled": None}, {"status": None}, {"cost": None}, {"cost": "0"}])
def test_what_the_answer_does_not_say_is_asked_for_and_not_assumed(more: dict[str, Any]) -> None:
    assert outcome(**more) is None


def test_an_order_of_which_nothing_traded_ends_with_nothing() -> None:
    told = outcome(status="canceled", filled="0", cost=None)
    assert isinstance(told, Filled)
    assert (told.filled.text(), told.final) == ("0 BTC", True)


def test_a_part_that_rests_may_trade_on() -> None:
    assert outcome(status="open", filled="2", cost="1682.008").final is False
    assert outcome(status="open").final, "all of it traded"


def test_a_state_that_nobody_knows_is_unknown_with_what_traded() -> None:
    told = outcome(status="watch")
    assert isinstance(told, Unknown)
    assert told.filled.text() == "0.05 BTC"


def test_another_order_than_was_asked_about_is_read_into_nothing() -> None:
    with pytest.raises(Unreadable):
        outcome(clientOrderId="karb-m1-abcdefghij234567-1-2")


def test_a_trade_is_a_fill_of_our_order_with_its_fee() -> None:
    fill = fill_of(SWAP, TRADE, "karb-m1-abcdefghij234567-1-1", CONTRACT, 5)
    assert (fill.amount.text(), fill.price.text(), fill.fee.text()) == ("0.05 BTC", "84100.4 USDT/BTC", "2.10251 USDT")
    assert (fill.venue_trade_id, fill.venue_at_ns) == ("BTC/USDT-9", 1_795_237_200_123_000_000)


@pytest.mark.parametrize(
    "more", [{"fee": None}, {"id": None}, {"side": "hold"}, {"timestamp": None}, {"amount": "NaN"}, {"price": None}]
)
def test_a_trade_that_lacks_something_is_no_fill(more: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        fill_of(SWAP, TRADE | more, "any", CONTRACT, 5)


def test_a_short_is_below_zero_and_a_position_of_nothing_is_none() -> None:
    told = position_of(SWAP, POSITION, CONTRACT)
    assert told is not None
    assert (told.amount, told.margin, told.liquidation_price) == (
        Decimal("-0.05"), Decimal("4205.02"), Decimal("167000.1"),
    )  # fmt: skip
    assert position_of(SWAP, POSITION | {"contracts": "0"}, CONTRACT) is None


@pytest.mark.parametrize("more", [{"hedged": True}, {"side": None}, {"collateral": None}, {"entryPrice": None}])
def test_a_position_that_cannot_be_read_is_not_passed_over(more: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        position_of(SWAP, POSITION | more, CONTRACT)


def test_funding_that_came_is_income_and_one_without_an_id_is_named_by_its_time() -> None:
    told = income_of(SWAP, {"id": None, "timestamp": 1_795_248_000_000, "amount": "-0.41", "code": "USDT"})
    assert (told.received.text(), told.kind) == ("-0.41 USDT", "funding")
    assert told.id == "far BTC/USDT 1795248000000000000"


def test_a_float_of_a_book_is_the_number_that_was_written() -> None:
    assert number(84132.7, "a price") == Decimal("84132.7")
    for wrong in (None, "x", float("nan"), float("inf"), "1e400"):
        with pytest.raises(Unreadable):
            number(wrong, "a price")


def test_a_book_has_the_exchanges_time_and_ours_where_it_tells_none() -> None:
    book = {"timestamp": 1_795_237_200_000, "bids": [[84132.6, 0.1], [84132.5, 0.0]], "asks": [[84132.7, 0.2]]}
    depth = depth_of(SWAP, book, 9)
    assert (len(depth.bids), depth.venue_at_ns, depth.received_at_ns) == (1, 1_795_237_200_000_000_000, 9)
    assert depth_of(SWAP, book | {"timestamp": None}, 9).venue_at_ns == 9


def test_marks_and_funding_that_are_not_told_are_not_made_up() -> None:
    told = {
        "markPrice": "84133.0", "indexPrice": None, "fundingRate": "0.0001", "fundingTimestamp": 1_795_248_000_000,
        "interval": "8h", "timestamp": 1_795_237_200_000,
    }  # fmt: skip
    mark, funding = mark_of(SWAP, told, 9), funding_of(SWAP, told, 9)
    assert mark is not None
    assert (mark.price, mark.index) == (Decimal("84133.0"), None)
    assert funding is not None
    assert (funding.rate, funding.interval_ns, funding.settled) == (Decimal("0.0001"), 8 * 3_600_000_000_000, False)
    assert mark_of(SWAP, told | {"markPrice": None}, 9) is None
    assert funding_of(SWAP, told | {"fundingTimestamp": None}, 9) is None
