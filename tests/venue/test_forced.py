"""What happens at an account that nobody at it ordered, and what its owner does by hand."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Fill, Side
from karb_core.venue.book import VenueBook
from karb_core.venue.forced import Forced
from tests.venue.accounts import PERPETUAL, SPOT, margined, order, spot

USDT = Account("binance_usdm", "USDT")
ADL = Forced.DELEVERAGING


def short(amount: str = "0.2", leverage: str = "2") -> VenueBook:
    book = margined(leverage=leverage, fee="0.0005")
    book.trade(order(PERPETUAL, Side.SELL, amount, "63000"), Decimal(63000), 1)
    return book


def forced(book: VenueBook, amount: str, price: str, why: Forced = ADL, at_ns: int = 9) -> Fill | None:
    return book.close_by_force(why, PERPETUAL, Decimal(amount), Decimal(price), at_ns)


@pytest.mark.parametrize(
    ("amount", "closed", "left"), [("0.05", "0.05", "-0.15"), ("0.2", "0.2", "0"), ("9", "0.2", "0")]
)
def test_a_deleveraging_closes_part_or_all_at_its_price_without_a_fee(amount: str, closed: str, left: str) -> None:
    book = short()
    before = book.balances()[USDT]
    fill = forced(book, amount, "60000")
    assert fill is not None
    assert (fill.order_id, fill.venue_trade_id) == ("adl_autoclose-BTC-USDT-9", "adl_autoclose-BTC-USDT-9-t")
    assert (fill.side, fill.amount.value, fill.price.value, fill.fee.value) == (
        Side.BUY,
        Decimal(closed),
        Decimal(60000),
        0,
    )
    assert book.amount(PERPETUAL) == Decimal(left)
    after = book.balances()[USDT]
    won = exact.sub(exact.add(after.free, after.locked), exact.add(before.free, before.locked))
    assert won == exact.mul(Decimal(closed), Decimal(3000))
    assert book.fills_since(9) == [fill]


def test_nothing_open_is_not_closed_and_one_moment_closes_once() -> None:
    assert forced(margined(), "0.1", "63000") is None
    book = short()
    assert forced(book, "0.05", "63000") is not None
    assert forced(book, "0.05", "63000") is None
    assert forced(book, "0.05", "63000", Forced.SETTLEMENT) is not None
    assert forced(book, "0.05", "63000", at_ns=10) is not None
    assert book.amount(PERPETUAL) == Decimal("-0.05")


def test_no_forced_close_costs_more_than_the_positions_margin() -> None:
    book = short()
    free = book.balances()[USDT].free
    fill = forced(book, "0.2", "200000")
    assert fill is not None
    assert fill.price.value == 94500
    assert book.balances()[USDT].free == free


def test_a_forced_close_at_a_settlement_comes_before_it() -> None:
    book = short()
    forced(book, "0.2", "63000", at_ns=5)
    assert book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 5) is None


@pytest.mark.parametrize(
    ("order_id", "why"),
    [
        ("autoclose-BTC-USDT-9", Forced.LIQUIDATION),
        ("adl_autoclose", None),
        ("adl_autoclose-1", ADL),
        ("settlement_autoclose-1", Forced.SETTLEMENT),
        ("karb-m1-abcdefghij234567-0-1", None),
        ("web_autoclose-1", None),
    ],
)
def test_the_id_tells_why(order_id: str, why: Forced | None) -> None:
    assert Forced.read(order_id) is why


def test_a_deposit_and_a_withdrawal_change_what_is_free_and_make_no_fill() -> None:
    book = spot()
    book.transfer(Amount(Decimal("0.1"), "BTC"))
    book.transfer(Amount(Decimal("-0.35"), "BTC"))
    book.transfer(Amount(Decimal(5), "XRP"))
    assert {account.asset: balance.free for account, balance in book.balances().items()} == {
        "KRW": Decimal(45_000_000),
        "BTC": Decimal(0),
        "XRP": Decimal(5),
    }
    assert (book.fills_since(0), book.income_since(0)) == ([], [])


def test_what_is_not_free_cannot_be_withdrawn() -> None:
    book = short("0.48", "1")
    with pytest.raises(ValueError, match="free to go"):
        book.transfer(Amount(Decimal(-1000), "USDT"))
    with pytest.raises(ValueError, match="free to go"):
        spot().transfer(Amount(Decimal(-1), "ETH"))


Step = tuple[str, Side, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["trade", "adl", "mark", "deposit", "withdraw", "fund"]),
        st.sampled_from(Side),
        st.integers(1, 300),
        st.integers(30_000, 90_000),
    ),
    max_size=14,
)


@given(steps, st.integers(1, 7))
@settings(max_examples=120, deadline=None)
def test_money_is_neither_made_nor_lost_by_whatever_happens(steps: list[Step], leverage: int) -> None:
    book, moved = margined(leverage=str(leverage)), Decimal(0)
    for at_ns, (what, side, size, price) in enumerate(steps, start=1):
        amount, mark = exact.mul(Decimal(size), Decimal("0.001")), Decimal(price)
        free = book.balances()[USDT].free
        if what == "trade":
            book.trade(order(PERPETUAL, side, amount, mark), mark, at_ns)
        elif what == "adl":
            book.close_by_force(ADL, PERPETUAL, amount, mark, at_ns)
        elif what == "fund":
            book.settle_funding(PERPETUAL, exact.mul(side.sign, Decimal("0.001")), mark, at_ns)
        elif what == "deposit" or (what == "withdraw" and free >= size):
            change = Decimal(size) if what == "deposit" else Decimal(-size)
            book.transfer(Amount(change, "USDT"))
            moved = exact.add(moved, change)
        book.mark_to(PERPETUAL, mark, at_ns)
    holdings = Holdings(inventory={})
    for fill in book.fills_since(0):
        holdings = holdings.with_fill(fill, InstrumentKind.PERPETUAL)
    for income in book.income_since(0):
        holdings = holdings.with_funding(book.terms.venue, income.received)
    balance = book.balances()[USDT]
    wallet = exact.add(balance.free, balance.locked)
    worth = exact.add(wallet, book.unrealised(PERPETUAL, Decimal(60_000)).value)
    by_facts = exact.add(holdings.balance(*USDT).value, holdings.position(PERPETUAL).result(Decimal(60_000)))
    assert worth == exact.add(exact.add(Decimal(31_000), moved), by_facts)
    assert book.amount(PERPETUAL) == holdings.position(PERPETUAL).amount


def test_a_spot_venue_forces_nothing() -> None:
    assert spot().close_by_force(ADL, SPOT, Decimal(1), Decimal(95_000_000), 1) is None
