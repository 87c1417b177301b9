"""Orders against the levels of a book."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side
from karb_core.venue.offers import Offers
from tests.venue.accounts import PERPETUAL, SPOT, margined, order, spot

BUY, SELL = Side.BUY, Side.SELL
KRW = Account("upbit", "KRW")
USDT = Account("binance_usdm", "USDT")


def offers(instrument: Instrument, bids: list[tuple[str, str]], asks: list[tuple[str, str]]) -> Offers:
    sides = [tuple(Level(Decimal(price), Decimal(amount)) for price, amount in side) for side in (bids, asks)]
    return Offers(Depth(instrument, sides[0], sides[1], 0, 0))


def near() -> Offers:
    return offers(
        SPOT,
        [("94990000", "0.1"), ("94980000", "0.2")],
        [("95000000", "0.05"), ("95010000", "0.1"), ("95030000", "0.5")],
    )


def far() -> Offers:
    return offers(PERPETUAL, [("62999", "0.1"), ("62998", "0.3")], [("63000", "0.1"), ("63001", "0.3")])


def traded(outcome: Outcome) -> tuple[str, str]:
    assert isinstance(outcome, Filled)
    assert outcome.final
    return outcome.filled.text(), outcome.cost.text()


def code(outcome: Outcome) -> str:
    assert isinstance(outcome, Rejected)
    return outcome.code


def test_a_purchase_takes_the_cheapest_first_with_a_fill_and_a_fee_for_each_level() -> None:
    book = spot()
    bought = order(SPOT, BUY, "0.12", "95030000", id="mine")
    execution = book.match(bought, near(), 7)
    assert [(f.venue_trade_id, f.price.value, f.amount.value, f.fee.text()) for f in execution.fills] == [
        ("mine-t0", Decimal(95000000), Decimal("0.05"), "2375 KRW"),
        ("mine-t1", Decimal(95010000), Decimal("0.07"), "3325.35 KRW"),
    ]
    assert traded(execution.outcome) == ("0.12 BTC", "11400700 KRW")
    assert book.fills_since(7) == list(execution.fills)
    assert book.outcome_of("mine") == execution.outcome
    assert book.balances()[KRW].free == Decimal("33593599.65")


@pytest.mark.parametrize(
    ("side", "limit", "filled", "cost"),
    [
        (BUY, "95010000", "0.15 BTC", "14251000 KRW"),
        (BUY, "95009000", "0.05 BTC", "4750000 KRW"),
        (BUY, "94999000", "0 BTC", "0 KRW"),
        (SELL, "94990000", "0.1 BTC", "9499000 KRW"),
        (SELL, "94991000", "0 BTC", "0 KRW"),
        (SELL, "90000000", "0.25 BTC", "23746000 KRW"),
    ],
)
def test_what_is_not_there_inside_the_limit_is_not_traded(side: Side, limit: str, filled: str, cost: str) -> None:
    assert traded(spot().match(order(SPOT, side, "0.25", limit), near(), 0).outcome) == (filled, cost)


def test_two_orders_at_one_moment_never_take_the_same_coins() -> None:
    book, offered = spot({"KRW": "100000000"}), near()
    outcomes = [book.match(order(SPOT, BUY, "0.1", "95010000"), offered, 0).outcome for _ in range(3)]
    assert [traded(outcome) for outcome in outcomes] == [
        ("0.1 BTC", "9500500 KRW"),
        ("0.05 BTC", "4750500 KRW"),
        ("0 BTC", "0 KRW"),
    ]
    assert offered.facing(BUY) == (Level(Decimal(95030000), Decimal("0.5")),)
    assert offered.depth == near().depth


def test_two_accounts_share_what_is_offered() -> None:
    offered = near()
    spot().match(order(SPOT, BUY, "0.1", "95010000"), offered, 0)
    assert traded(spot().match(order(SPOT, BUY, "0.1", "95010000"), offered, 0).outcome)[0] == "0.05 BTC"


@pytest.mark.parametrize(
    ("cost", "amount", "spent"),
    [
        ("4750000", "0.05 BTC", "4750000 KRW"),
        ("4751000", "0.05001052 BTC", "4750999.5052 KRW"),
        ("10000000", "0.10525734 BTC", "9999999.8734 KRW"),
        ("40000000", "0.42095654 BTC", "39999999.9962 KRW"),
    ],
)
def test_an_order_by_cost_spends_up_to_its_cost_in_whole_steps(cost: str, amount: str, spent: str) -> None:
    outcome = spot().match(order(SPOT, BUY, "0.1", None, cost=cost), near(), 0).outcome
    assert traded(outcome) == (amount, spent)


def test_an_order_by_cost_ends_where_the_book_does() -> None:
    rich = spot({"KRW": "900000000"})
    assert traded(rich.match(order(SPOT, BUY, "1", None, cost="100000000"), near(), 0).outcome)[0] == "0.65 BTC"


@pytest.mark.parametrize(("krw", "paid"), [("9507751.5", True), ("9507751.4", False)])
def test_a_purchase_must_be_paid_for_whole_at_its_limit_and_with_its_fee(krw: str, paid: bool) -> None:
    """9503000 and 4751.5, though it would trade for 9500500: the venue sets it aside before it looks at its book."""
    book = spot({"KRW": krw})
    outcome = book.match(order(SPOT, BUY, "0.1", "95030000"), near(), 0).outcome
    if paid:
        assert traded(outcome) == ("0.1 BTC", "9500500 KRW")
    else:
        assert code(outcome) == "insufficient_funds_bid"
        assert book.balances()[KRW].free == Decimal(krw)


def test_a_sale_must_be_there_whole_even_if_nobody_buys_it() -> None:
    book, offered = spot({"BTC": "0.1"}), near()
    assert code(book.match(order(SPOT, SELL, "0.2", "96000000"), offered, 0).outcome) == "insufficient_funds_ask"
    assert offered.facing(SELL) == near().facing(SELL)


def test_a_perpetual_asks_for_the_margin_of_what_trades() -> None:
    """0.1 at 63000 and 0.1 at 63001, margin 12600.1 and a fee of 6.30005."""
    wanted = order(PERPETUAL, BUY, "0.2", "63001", id="same")
    assert code(margined("12606.40004").match(wanted, far(), 0).outcome) == "insufficient_margin"
    book = margined("12606.40005")
    assert traded(book.match(wanted, far(), 0).outcome) == ("0.2 BTC", "12600.1 USDT")
    assert book.balances()[USDT].free == 0


@pytest.mark.parametrize(("usdt", "paid"), [("9600.2", True), ("9600.1", False)])
def test_an_order_through_zero_and_two_levels_asks_for_what_all_of_it_locks(usdt: str, paid: bool) -> None:
    """A short of 0.15 at 62000 locks 9300. Closing it frees 6100 at 63000 and 3049.95 at 63001; 0.15 more lock 9450.15."""
    book = margined(usdt, fee="0")
    book.trade(order(PERPETUAL, SELL, "0.15", "62000"), Decimal(62000), 0)
    outcome = book.match(order(PERPETUAL, BUY, "0.3", "63001"), far(), 1).outcome
    if paid:
        assert traded(outcome)[0] == "0.3 BTC"
        assert book.balances()[USDT].free == 0
    else:
        assert code(outcome) == "insufficient_margin"


def test_what_only_reduces_trades_no_more_than_is_open() -> None:
    book, offered = margined(), far()
    book.match(order(PERPETUAL, SELL, "0.15", "62000"), offered, 0)
    assert code(book.match(order(PERPETUAL, SELL, "0.1", "62000", reduce_only=True), offered, 0).outcome) == (
        "reduce_only_rejected"
    )
    back = book.match(order(PERPETUAL, BUY, "0.4", "64000", reduce_only=True), offered, 0)
    assert traded(back.outcome) == ("0.15 BTC", "9450.05 USDT")
    assert book.positions() == {}
    spent = order(PERPETUAL, BUY, "0.4", None, cost="99999", reduce_only=True)
    book.match(order(PERPETUAL, SELL, "0.05", "62000"), offered, 1)
    assert traded(book.match(spent, offered, 1).outcome)[0] == "0.05 BTC"


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (order(SPOT, BUY, "0.000000001", "95000000"), "unfit_amount_step"),
        (order(SPOT, BUY, "0.00005", "95000000"), "unfit_min_notional"),
        (order(SPOT, BUY, "0.1", "95000500"), "unfit_ticks"),
        (order(SPOT, BUY, "0.1", None, cost="4999"), "unfit_min_notional"),
    ],
)
def test_refuses_what_breaks_a_fact_and_takes_nothing(refused: Order, told: str) -> None:
    offered = near()
    assert code(spot().match(refused, offered, 0).outcome) == told
    assert offered.facing(BUY) == near().facing(BUY)


def test_an_id_is_taken_once_however_it_was_traded() -> None:
    book, offered = spot(), near()
    mine = order(SPOT, BUY, "0.01", "95000000", id="mine")
    book.match(mine, offered, 0)
    assert code(book.match(mine, offered, 0).outcome) == "duplicate_order_id"
    assert code(book.trade(mine, Decimal(95000000), 0).outcome) == "duplicate_order_id"
    assert traded(book.outcome_of("mine") or Rejected(mine, "", ""))[0] == "0.01 BTC"


def test_a_suspended_instrument_trades_nothing_until_it_is_resumed() -> None:
    book = spot()
    book.suspend(SPOT)
    assert code(book.match(order(SPOT, BUY, "0.01", "95000000"), near(), 0).outcome) == "instrument_suspended"
    assert code(book.trade(order(SPOT, BUY, "0.01", "95000000"), Decimal(95000000), 0).outcome) == (
        "instrument_suspended"
    )
    book.resume(SPOT)
    assert book.match(order(SPOT, BUY, "0.01", "95000000"), near(), 0).fills


def test_others_may_be_faster() -> None:
    offered = near()
    offered.leave(BUY, Decimal("0.07"))
    assert offered.facing(BUY) == (
        Level(Decimal(95000000), Decimal("0.05")),
        Level(Decimal(95010000), Decimal("0.02")),
    )
    offered.leave(BUY, Decimal(0))
    assert (offered.facing(BUY), len(offered.facing(SELL))) == ((), 2)


@pytest.mark.parametrize("taken", [[("95000000", "0.06")], [("95020000", "0.01")]])
def test_more_than_is_offered_cannot_be_taken(taken: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match="more was taken"):
        near().take(BUY, [Level(Decimal(price), Decimal(amount)) for price, amount in taken])


sizes = st.integers(1, 4_000)
ladders = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 900)), min_size=1, max_size=5)


def ladder(steps: list[tuple[int, int]], begin: int, away: int) -> list[tuple[str, str]]:
    """Levels on ticks of 1000 and steps of 0.0001, from `begin` thousands on."""
    out, at = [], begin
    for gap, size in steps:
        out.append((str(at * 1000), str(exact.mul(Decimal(size), Decimal("0.0001")))))
        at += away * gap
    return out


@given(
    bids=ladders,
    asks=ladders,
    orders=st.lists(st.tuples(st.sampled_from(Side), sizes, st.integers(94_980, 95_020), st.booleans()), max_size=8),
)
@settings(max_examples=120, deadline=None)
def test_coins_and_money_are_neither_made_nor_lost(
    bids: list[tuple[int, int]], asks: list[tuple[int, int]], orders: list[tuple[Side, int, int, bool]]
) -> None:
    book = spot()
    offered = offers(SPOT, ladder(bids, 94_999, -1), ladder(asks, 95_000, 1))
    before = {side: sum(Fraction(level.amount) for level in offered.facing(side)) for side in Side}
    for side, size, limit, by_cost in orders:
        amount, price = exact.mul(Decimal(size), Decimal("0.0001")), Decimal(limit * 1000)
        told_by_cost = by_cost and side is BUY
        cost = str(exact.mul(amount, price)) if told_by_cost else None
        wanted = order(SPOT, side, amount, None if told_by_cost else price, cost=cost)
        execution = book.match(wanted, offered, 0)
        if isinstance(execution.outcome, Rejected):
            assert execution.fills == ()
            continue
        assert sum(Fraction(f.amount.value) for f in execution.fills) == Fraction(execution.outcome.filled.value)
        assert sum(abs(Fraction(f.cost.value)) for f in execution.fills) == Fraction(execution.outcome.cost.value)
        if wanted.cost is not None:
            assert execution.outcome.cost <= wanted.cost
        else:
            assert execution.outcome.filled <= wanted.amount
            assert all(f.price.value <= price if side is BUY else f.price.value >= price for f in execution.fills)
    fills = book.fills_since(0)
    for side in Side:
        taken = sum(Fraction(f.amount.value) for f in fills if f.side is side)
        assert sum(Fraction(level.amount) for level in offered.facing(side)) == before[side] - taken
    spent = sum(Fraction(f.cost.value) + Fraction(f.fee.value) for f in fills)
    moved = sum(Fraction(f.moved.value) for f in fills)
    assert Fraction(book.balances()[KRW].free) == 45_000_000 - spent
    assert Fraction(book.balances()[Account("upbit", "BTC")].free) == Fraction(1, 4) + moved
    assert all(balance.free >= 0 for balance in book.balances().values())


@given(limit=st.integers(62_000, 64_000), size=st.integers(1, 90))
@settings(max_examples=60, deadline=None)
def test_an_order_that_one_level_fills_ends_as_one_at_that_price(limit: int, size: int) -> None:
    amount = exact.mul(Decimal(size), Decimal("0.001"))
    one, other = margined(), margined()
    wanted = order(PERPETUAL, BUY, amount, Decimal(limit), id="same")
    matched = one.match(wanted, offers(PERPETUAL, [], [("63000", "0.1")]), 3)
    at_price = other.trade(wanted, Decimal(63000), 3)
    assert matched.outcome == at_price.outcome
    assert (one.balances(), one.positions()) == (other.balances(), other.positions())


def test_what_was_never_there_leaves_the_book_alone() -> None:
    book = spot()
    before = book.balances()
    assert traded(book.match(order(SPOT, BUY, "0.1", "95000000"), offers(SPOT, [], []), 0).outcome) == (
        "0 BTC",
        "0 KRW",
    )
    assert book.balances() == before
