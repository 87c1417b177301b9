"""Orders that rest: what is set aside for them, how the market comes to them, how they end."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.market import Depth, Level
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce
from karb_core.domain.statement import Balance
from karb_core.venue.offers import Offers
from tests.venue.accounts import PERPETUAL, SPOT, margined, order, spot

BUY, SELL = Side.BUY, Side.SELL
KRW, BTC, USDT = Account("upbit", "KRW"), Account("upbit", "BTC"), Account("binance_usdm", "USDT")


def near(ask: str = "95000000", amount: str = "0.05") -> Offers:
    bids = (Level(Decimal(94_990_000), Decimal("0.1")),)
    return Offers(Depth(SPOT, bids, (Level(Decimal(ask), Decimal(amount)),), 0, 0))


def waiting(side: Side, amount: str, limit: str, id: str = "mine", **more: bool) -> Order:  # noqa: A002
    instrument = PERPETUAL if Decimal(limit) < 1_000_000 else SPOT
    return order(instrument, side, amount, limit, id=id, time_in_force=TimeInForce.GTC, **more)


def told(outcome: Outcome | None) -> tuple[str, bool]:
    assert isinstance(outcome, Filled)
    return outcome.filled.text(), outcome.final


def test_what_is_not_there_rests_and_is_set_aside_at_its_limit_with_its_fee() -> None:
    book = spot({"KRW": "10000000"})
    execution = book.rest(waiting(BUY, "0.1", "95000000"), near(), 7)
    assert told(execution.outcome) == ("0.05 BTC", False)
    assert [fill.venue_trade_id for fill in execution.fills] == ["mine-t0"]
    assert book.balances()[KRW] == Balance(Decimal("495250"), Decimal("4752375"))
    assert told(book.outcome_of("mine")) == ("0.05 BTC", False)


def test_a_sale_sets_its_base_aside() -> None:
    book = spot({"BTC": "0.25"})
    book.rest(waiting(SELL, "0.2", "96000000"), near(), 7)
    assert book.balances()[BTC] == Balance(Decimal("0.05"), Decimal("0.2"))
    refused = book.rest(waiting(SELL, "0.06", "96000000", id="more"), near(), 8).outcome
    assert isinstance(refused, Rejected)
    assert refused.code == "insufficient_funds_ask"


def test_the_market_comes_to_it_at_its_own_price_and_the_rest_stays() -> None:
    book = spot({"KRW": "10000000"})
    book.rest(waiting(BUY, "0.1", "94000000"), near(), 1)
    fill = book.reach("mine", Decimal("0.04"), 2)
    assert fill is not None
    assert (fill.price.value, fill.amount.value, fill.fee.text()) == (94_000_000, Decimal("0.04"), "1880 KRW")
    assert book.balances()[KRW] == Balance(Decimal("595300"), Decimal("5642820"))
    last = book.reach("mine", Decimal(9), 3)
    assert last is not None
    assert (last.venue_trade_id, last.amount.value) == ("mine-t1", Decimal("0.06"))
    assert told(book.outcome_of("mine")) == ("0.1 BTC", True)
    assert book.balances()[KRW] == Balance(Decimal("595300"), Decimal(0))
    assert book.reach("mine", Decimal(1), 4) is None


def test_a_cancel_frees_what_was_set_aside_and_comes_once() -> None:
    book = spot({"KRW": "10000000"})
    book.rest(waiting(BUY, "0.1", "95000000"), near(), 1)
    assert told(book.cancel("mine", 2)) == ("0.05 BTC", True)
    assert book.balances()[KRW] == Balance(Decimal("5247625"), Decimal(0))
    assert book.cancel("mine", 3) is None
    assert book.reach("mine", Decimal(1), 3) is None
    assert isinstance(book.rest(waiting(BUY, "0.01", "95000000"), near(), 4).outcome, Rejected)


def test_only_what_may_wait_rests_and_only_what_may_not_is_matched() -> None:
    book = spot()
    now = order(SPOT, BUY, "0.1", "95000000", id="now")
    for execution in (book.rest(now, near(), 1), book.match(waiting(BUY, "0.1", "95000000"), near(), 1)):
        assert isinstance(execution.outcome, Rejected)
        assert execution.outcome.code == "time_in_force_not_served"


@pytest.mark.parametrize(("usdt", "rests"), [("1260.63", True), ("1260.62", False)])
def test_a_perpetual_sets_aside_margin_and_fee(usdt: str, rests: bool) -> None:
    """0.1 at 63000 with a leverage of 5 is 1260, and the fee of 0.0001 on 6300 is 0.63; less than both is refused."""
    book = margined(usdt, leverage="5", fee="0.0001")
    offers = Offers(Depth(PERPETUAL, (), (), 0, 0))
    outcome = book.rest(waiting(BUY, "0.1", "63000"), offers, 1).outcome
    assert ("mine" in book.resting()) is rests
    assert isinstance(outcome, Filled if rests else Rejected)
    if rests:
        assert book.balances()[USDT] == Balance(Decimal(0), Decimal("1260.63"))
        assert book.reach("mine", Decimal("0.1"), 2) is not None
        assert book.balances()[USDT] == Balance(Decimal(0), Decimal(1260))


def test_what_only_reduces_needs_nothing_and_trades_no_more_than_is_open() -> None:
    book = margined("31000")
    offers = Offers(Depth(PERPETUAL, (Level(Decimal(62_999), Decimal(1)),), (), 0, 0))
    book.match(order(PERPETUAL, SELL, "0.1", "62000"), offers, 1)
    free = book.balances()[USDT].free
    book.rest(waiting(BUY, "0.3", "60000", reduce_only=True), offers, 2)
    assert book.balances()[USDT].free == free
    fill = book.reach("mine", Decimal(5), 3)
    assert fill is not None
    assert fill.amount.value == Decimal("0.1")
    assert book.positions() == {}


steps = st.lists(
    st.tuples(
        st.sampled_from(["rest", "reach", "cancel"]), st.sampled_from(Side), st.integers(1, 40), st.integers(0, 9)
    ),
    max_size=30,
)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_whatever_rests_is_reached_or_cancelled_no_money_is_made_or_lost(
    played: list[tuple[str, Side, int, int]],
) -> None:
    """free + locked is the opening and what was booked; nothing is below zero; with nothing resting nothing is locked."""
    book = spot({"KRW": "20000000", "BTC": "0.3"})
    for at, (what, side, size, which) in enumerate(played):
        known = sorted(book.resting())
        if what == "rest":
            limit = str(94_000_000 + 100_000 * which * (1 if side is BUY else 3))
            book.rest(waiting(side, str(Decimal(size).scaleb(-3)), limit, id=f"o{at}"), near(), at)
        elif known and what == "reach":
            book.reach(known[which % len(known)], Decimal(size).scaleb(-4), at)
        elif known:
            book.cancel(known[which % len(known)], at)
    for account, opening in ((KRW, Decimal(20_000_000)), (BTC, Decimal("0.3"))):
        balance, booked = book.balances()[account], opening
        for fill in book.fills_since(0):
            moved = (fill.moved,) if account == BTC else (-fill.cost, -fill.fee)
            booked = exact.total([booked, *(amount.value for amount in moved)])
        assert exact.add(balance.free, balance.locked) == booked
        assert balance.free >= 0
    for order_id in book.resting():
        book.cancel(order_id, 99)
    assert all(balance.locked == 0 for balance in book.balances().values())
