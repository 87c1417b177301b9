from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain.holdings import Account
from karb_core.domain.orders import Filled, Rejected, Side, TimeInForce
from karb_core.domain.statement import Balance
from karb_core.venue.book import VenueBook
from tests.venue.accounts import PERPETUAL, SPOT, order, spot

BUY, SELL = Side.BUY, Side.SELL


def free(book: VenueBook, asset: str) -> str:
    balance = book.balances()[Account("upbit", asset)]
    assert balance.locked == 0
    return str(balance.free)


def test_a_purchase_moves_quote_base_and_a_fee_that_is_not_rounded() -> None:
    book = spot()
    bought = order(SPOT, BUY, "0.1", "95100000")
    execution = book.trade(bought, Decimal("95028500.1"), 7)
    (fill,) = execution.fills
    assert execution.outcome == Filled(bought, fill.amount, fill.cost, final=True)
    assert (fill.amount.text(), fill.cost.text(), fill.fee.text()) == (
        "0.1 BTC",
        "9502850.01 KRW",
        "4751.425005 KRW",
    )
    assert (fill.venue_at_ns, fill.received_at_ns, fill.venue_trade_id) == (7, 7, f"{bought.id}-t")
    assert (free(book, "KRW"), free(book, "BTC")) == ("35492398.564995", "0.35")


def test_a_sale_brings_quote_less_the_fee() -> None:
    book = spot()
    execution = book.trade(order(SPOT, SELL, "0.25", "94000000"), Decimal(95000000), 0)
    assert isinstance(execution.outcome, Filled)
    assert execution.outcome.cost.text() == "23750000 KRW"
    assert Decimal(free(book, "KRW")) == Decimal("68738125")
    assert Decimal(free(book, "BTC")) == 0


@pytest.mark.parametrize(
    ("side", "limit", "price", "trades"),
    [
        (BUY, "95000000", "95000000", True),
        (BUY, "95000000", "95000000.1", False),
        (SELL, "95000000", "95000000", True),
        (SELL, "95000000", "94999999.9", False),
        (BUY, "95000000", None, False),
    ],
)
def test_trades_at_the_limit_and_not_beyond(side: Side, limit: str, price: str | None, trades: bool) -> None:
    book = spot()
    before = book.balances()
    execution = book.trade(order(SPOT, side, "0.1", limit), None if price is None else Decimal(price), 0)
    assert isinstance(execution.outcome, Filled)
    assert execution.outcome.final
    assert (execution.outcome.filled.value > 0, bool(execution.fills)) == (trades, trades)
    assert (book.balances() != before) is trades


def test_an_order_by_cost_buys_the_whole_steps_that_the_cost_pays_for() -> None:
    book = spot(fee="0")
    execution = book.trade(order(SPOT, BUY, "0.0001", None, cost="10000"), Decimal(95000001), 0)
    (fill,) = execution.fills
    assert fill.amount.text() == "0.00010526 BTC"
    assert fill.cost.value <= 10000


@pytest.mark.parametrize(
    ("opening", "side", "amount", "code", "message"),
    [
        ({"KRW": "9504749"}, BUY, "0.1", "insufficient_funds_bid", "1 KRW is missing of 9504750 KRW"),
        ({"KRW": "9504750"}, BUY, "0.1", None, ""),
        ({"BTC": "0.1"}, SELL, "0.1", None, ""),
        ({"BTC": "0.1"}, SELL, "0.10000001", "insufficient_funds_ask", "0.00000001 BTC is missing of 0.10000001 BTC"),
    ],
)
def test_refuses_exactly_what_cannot_be_paid(
    opening: dict[str, str], side: Side, amount: str, code: str | None, message: str
) -> None:
    book = spot(opening)
    before = book.balances()
    outcome = book.trade(order(SPOT, side, amount, "95000000"), Decimal(95000000), 0).outcome
    if code is None:
        assert isinstance(outcome, Filled)
    else:
        assert isinstance(outcome, Rejected)
        assert (outcome.code, outcome.message) == (code, message)
        assert book.balances() == before


@pytest.mark.parametrize(
    ("amount", "limit", "code"),
    [
        ("0.000000001", "95000000", "unfit_amount_step"),
        ("0.1", "95000500", "unfit_ticks"),
        ("0.00005263", "95000000", "unfit_min_notional"),
        ("0.00005264", "95000000", None),
        ("1001", "95000000", "unfit_max_amount"),
    ],
)
def test_refuses_what_breaks_a_fact(amount: str, limit: str, code: str | None) -> None:
    outcome = spot().trade(order(SPOT, BUY, amount, limit), Decimal(95000000), 0).outcome
    assert (outcome.code if isinstance(outcome, Rejected) else None) == code


def test_refuses_a_cost_below_the_least_notional() -> None:
    outcome = spot().trade(order(SPOT, BUY, "0.1", None, cost="4999"), Decimal(95000000), 0).outcome
    assert isinstance(outcome, Rejected)
    assert outcome.code == "unfit_min_notional"


def test_refuses_what_it_does_not_serve() -> None:
    book = spot()
    resting = order(SPOT, BUY, "0.1", "95000000", time_in_force=TimeInForce.GTC)
    foreign = order(PERPETUAL, BUY, "0.1", "63000")
    reducing = order(SPOT, SELL, "0.1", "95000000", reduce_only=True)
    outcomes = [book.trade(each, Decimal(63000), 0).outcome for each in (resting, foreign, reducing)]
    assert [outcome.code for outcome in outcomes if isinstance(outcome, Rejected)] == [
        "time_in_force_not_served",
        "unknown_instrument",
        "reduce_only_rejected",
    ]


@pytest.mark.parametrize("limit", ["95000000", "94000000", "94000500"])
def test_an_id_is_taken_once_whatever_became_of_it(limit: str) -> None:
    book = spot()
    first = order(SPOT, BUY, "0.1", limit, id="same")
    outcome = book.trade(first, Decimal(95000000), 0).outcome
    after = book.balances()
    again = book.trade(first, Decimal(95000000), 1)
    assert isinstance(again.outcome, Rejected)
    assert again.outcome.code == "duplicate_order_id"
    assert book.balances() == after
    assert book.outcome_of("same") == outcome


def test_what_it_never_saw_it_does_not_know() -> None:
    assert spot().outcome_of("never") is None


def test_fills_are_told_from_a_time_on_oldest_first() -> None:
    book = spot()
    for at_ns in (5, 9, 7):
        book.trade(order(SPOT, BUY, "0.01", "95000000"), Decimal(95000000), at_ns)
    assert [fill.venue_at_ns for fill in book.fills_since(7)] == [7, 9]
    assert book.fills_since(0) == book.fills_since(0)
    assert book.fills_since(10) == []
    assert (book.traded_at(SPOT), book.traded_at(PERPETUAL)) == (9, None)


def test_tells_every_asset_that_was_ever_here() -> None:
    book = spot({"KRW": "45000000"})
    book.trade(order(SPOT, BUY, "0.1", "95000000"), Decimal(95000000), 0)
    assert book.balances()[Account("upbit", "BTC")] == Balance(Decimal("0.1"), Decimal(0))


def test_what_a_venue_asks_from_now_on_it_asks_of_every_later_order() -> None:
    book = spot()
    assert isinstance(book.trade(order(SPOT, BUY, "0.01", "95000000"), Decimal(95_000_000), 1).outcome, Filled)
    book.restate(replace(book.terms.facts[SPOT], min_notional=Decimal(1_000_000)))
    outcome = book.trade(order(SPOT, BUY, "0.01", "95000000"), Decimal(95_000_000), 2).outcome
    assert isinstance(outcome, Rejected)
    assert outcome.code == "unfit_min_notional"
