from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.orders import Filled, Rejected, Side
from karb_core.domain.statement import Balance
from karb_core.venue.book import VenueBook
from tests.venue.accounts import PERPETUAL, margined, order

BUY, SELL = Side.BUY, Side.SELL
USDT = Account("binance_usdm", "USDT")


def trade(book: VenueBook, side: Side, amount: str, price: str, *, reduce_only: bool = False, at_ns: int = 0) -> str:
    """What became of it: the amount that traded, or the code of the refusal."""
    outcome = book.trade(order(PERPETUAL, side, amount, price, reduce_only=reduce_only), Decimal(price), at_ns).outcome
    return outcome.code if isinstance(outcome, Rejected) else outcome.filled.text()


def wallet(book: VenueBook) -> tuple[Decimal, Decimal]:
    balance = book.balances()[USDT]
    return balance.free, balance.locked


def test_opening_locks_the_notional_over_the_leverage_rounded_up() -> None:
    book = margined(leverage="3")
    assert trade(book, SELL, "0.1", "63000.1") == "0.1 BTC"
    assert wallet(book) == (Decimal("28896.84666166"), Decimal("2100.00333334"))
    position = book.positions()[PERPETUAL]
    assert (position.amount, position.margin, position.entry_price) == (
        Decimal("-0.1"),
        Decimal("2100.00333334"),
        Decimal("63000.1"),
    )


def test_closing_gives_the_margin_back_and_realises_the_result() -> None:
    book = margined(leverage="2", fee="0")
    trade(book, SELL, "0.1", "63000")
    assert trade(book, BUY, "0.1", "62000", reduce_only=True) == "0.1 BTC"
    assert wallet(book) == (Decimal(31100), Decimal(0))
    assert book.positions() == {}
    assert book.liquidation_price(PERPETUAL) is None


def test_a_partial_close_gives_its_share_back() -> None:
    book = margined(fee="0")
    trade(book, BUY, "0.3", "60000")
    trade(book, SELL, "0.1", "61000")
    assert wallet(book) == (Decimal(19100), Decimal(12000))
    assert book.positions()[PERPETUAL].entry_price == 60000


def test_what_a_share_is_rounded_by_stays_with_the_rest() -> None:
    """A third of a cost of 18200 is 6066.66666667, of a margin of 18200 6066.66666666."""
    book = margined(fee="0")
    trade(book, BUY, "0.1", "60000")
    trade(book, BUY, "0.2", "61000")
    trade(book, SELL, "0.1", "62000")
    assert wallet(book) == (Decimal("18999.99999999"), Decimal("12133.33333334"))
    assert book.unrealised(PERPETUAL, Decimal(62000)).text() == "266.66666667 USDT"


def test_an_order_through_zero_closes_all_and_opens_the_rest() -> None:
    book = margined(fee="0")
    trade(book, BUY, "0.2", "60000")
    trade(book, SELL, "0.3", "61000")
    position = book.positions()[PERPETUAL]
    assert (position.amount, position.entry_price, position.margin) == (Decimal("-0.1"), Decimal(61000), Decimal(6100))
    assert wallet(book) == (Decimal(25100), Decimal(6100))


def test_what_only_reduces_never_turns_a_position() -> None:
    book = margined()
    assert trade(book, BUY, "0.1", "60000", reduce_only=True) == "reduce_only_rejected"
    trade(book, SELL, "0.1", "60000")
    assert trade(book, SELL, "0.1", "60000", reduce_only=True) == "reduce_only_rejected"
    assert trade(book, BUY, "0.3", "60000", reduce_only=True) == "0.1 BTC"
    assert book.positions() == {}


def test_a_way_out_is_never_too_small() -> None:
    book = margined()
    trade(book, SELL, "0.002", "30000")
    assert trade(book, BUY, "0.001", "30000") == "unfit_min_notional"
    assert trade(book, BUY, "0.001", "30000", reduce_only=True) == "0.001 BTC"


@pytest.mark.parametrize(("usdt", "told"), [("6303.15", "0.1 BTC"), ("6303.14", "insufficient_margin")])
def test_asks_for_margin_and_fee_exactly(usdt: str, told: str) -> None:
    book = margined(usdt)
    assert trade(book, SELL, "0.1", "63000") == told
    assert (book.positions() == {}) is (told == "insufficient_margin")


def test_a_close_that_nothing_could_pay_for_is_refused() -> None:
    book = margined("6303.15")
    trade(book, SELL, "0.1", "63000")
    before = book.balances()
    assert trade(book, BUY, "0.1", "126000") == "insufficient_margin"
    assert book.balances() == before


def test_a_short_pays_a_negative_rate_and_gets_a_positive_one() -> None:
    book = margined(fee="0")
    trade(book, SELL, "0.1", "63000", at_ns=1)
    got = book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal("63100.5"), 2)
    paid = book.settle_funding(PERPETUAL, Decimal("-0.0002"), Decimal(63000), 3)
    assert got is not None
    assert paid is not None
    assert (got.id, got.kind, got.received.text()) == ("funding-BTC-USDT-2", "funding", "0.631005 USDT")
    assert paid.received.text() == "-1.26 USDT"
    assert wallet(book) == (Decimal(24700), Decimal("6299.371005"))
    assert book.income_since(3) == [paid]
    assert book.income_since(0) == [got, paid]


def test_a_settlement_is_booked_once() -> None:
    book = margined()
    trade(book, SELL, "0.1", "63000", at_ns=1)
    assert book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 2) is not None
    after = book.balances()
    assert book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 2) is None
    assert book.balances() == after


@pytest.mark.parametrize(("opened", "closed", "owed"), [(1, 9, True), (5, 9, False), (1, 5, True), (1, 4, False)])
def test_funding_is_owed_only_by_what_was_held_before_it(opened: int, closed: int, owed: bool) -> None:
    book = margined(fee="0")
    trade(book, SELL, "0.1", "63000", at_ns=opened)
    trade(book, BUY, "0.1", "63000", at_ns=closed)
    income = book.settle_funding(PERPETUAL, Decimal("0.0001"), Decimal(63000), 5)
    assert (income is not None) is owed
    assert wallet(book) == (Decimal("31000.63") if owed else Decimal(31000), Decimal(0))


def test_an_order_by_cost_in_a_perpetual_locks_margin() -> None:
    book = margined(fee="0")
    outcome = book.trade(order(PERPETUAL, BUY, "0.1", None, cost="6399"), Decimal(63000), 0).outcome
    assert isinstance(outcome, Filled)
    assert outcome.filled.text() == "0.101 BTC"
    assert book.balances()[USDT] == Balance(Decimal(24637), Decimal(6363))


def test_a_leverage_of_its_own_holds_for_what_opens_from_then_on() -> None:
    """0.1 at 63000 with a leverage of 1 locks 6300; the same again with 3 locks 2100."""
    book = margined("31000", fee="0")
    book.trade(order(PERPETUAL, Side.BUY, "0.1", "63000"), Decimal(63000), 0)
    book.lever(PERPETUAL, Decimal(3))
    assert book.positions()[PERPETUAL].margin == 6300
    book.trade(order(PERPETUAL, Side.BUY, "0.1", "63000"), Decimal(63000), 1)
    assert book.positions()[PERPETUAL].margin == 8400
    with pytest.raises(ValueError, match="leverage"):
        book.lever(PERPETUAL, Decimal(0))


def test_fees_and_funding_are_booked_in_the_venues_digits_and_what_is_finer_is_cut_off() -> None:
    every = margined(fee="0.00045")
    book = VenueBook(replace(every.terms, booked_step=Decimal("0.00000001")))
    for each in (every, book):
        trade(each, BUY, "1.759", "2755.7", at_ns=1)
        each.settle_funding(PERPETUAL, Decimal("0.00012345"), Decimal("2755.6"), 2)
    ((exact_fee, exact_got), (fee, got)) = (
        (each.fills_since(0)[0].fee.value, each.income_since(0)[0].received.value) for each in (every, book)
    )
    assert (exact_fee, fee) == (Decimal("2.181274335"), Decimal("2.18127433"))
    assert (exact_got, got) == (Decimal("-0.598374544380"), Decimal("-0.59837454"))
    paid = exact.add(fee, exact.negate(got))
    free, locked = wallet(book)
    assert free + locked == Decimal(31_000) - paid
