"""A spot venue that takes the fee of a purchase out of what is bought, as Binance does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.market import Depth, Level
from karb_core.domain.orders import Filled, Side, TimeInForce
from karb_core.venue.book import VenueBook
from karb_core.venue.offers import Offers
from tests.venue.accounts import SPOT, order, spot

AT = 5


def received(opening: dict[str, str], fee: str = "0.001") -> VenueBook:
    return VenueBook(replace(spot(opening, fee).terms, fee_from_received=True))


def offered(price: str, amount: str) -> Offers:
    level = Level(Decimal(price), Decimal(amount))
    return Offers(Depth(SPOT, (level,), (level,), AT, AT))


def held(book: VenueBook) -> dict[str, tuple[Decimal, Decimal]]:
    return {at.asset: (balance.free, balance.locked) for at, balance in book.balances().items()}


def test_all_that_there_is_can_be_spent_and_less_comes_than_was_bought() -> None:
    book = received({"KRW": "9000000"})
    done = book.match(order(SPOT, Side.BUY, "0.1", "90000000"), offered("90000000", "1"), AT)
    (fill,) = done.fills
    assert (fill.amount.text(), fill.fee.text()) == ("0.1 BTC", "0.0001 BTC")
    assert held(book) == {"KRW": (0, 0), "BTC": (Decimal("0.0999"), 0)}


def test_a_sale_pays_in_quote_as_everywhere() -> None:
    book = received({"BTC": "0.1"})
    (fill,) = book.match(order(SPOT, Side.SELL, "0.1", "90000000"), offered("90000000", "1"), AT).fills
    assert fill.fee.text() == "9000 KRW"
    assert held(book)["KRW"] == (Decimal(8_991_000), 0)


def test_what_rests_sets_its_cost_aside_and_nothing_beside_it() -> None:
    book = received({"KRW": "9000000"})
    item = order(SPOT, Side.BUY, "0.1", "90000000", time_in_force=TimeInForce.GTC)
    book.rest(item, Offers(Depth(SPOT, (), (), AT, AT)), AT)
    assert held(book)["KRW"] == (0, 9_000_000)
    fill = book.reach(item.id, Decimal("0.04"), AT)
    assert fill is not None
    assert fill.fee.text() == "0.00004 BTC"
    assert held(book) == {"KRW": (0, 5_400_000), "BTC": (Decimal("0.03996"), 0)}


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.booleans())
def test_what_comes_and_goes_are_the_fills_and_their_fees(price: int, steps: int, buys: bool) -> None:
    opening = {"KRW": str(10**12), "BTC": "1000"}
    book = received(opening)
    side, amount = (Side.BUY if buys else Side.SELL), exact.mul(Decimal(steps), Decimal("0.0001"))
    done = book.match(order(SPOT, side, amount, str(price * 1000)), offered(str(price * 1000), str(amount)), AT)
    moved = {asset: Decimal(value) for asset, value in opening.items()}
    assert isinstance(done.outcome, Filled) or not done.fills
    for fill in done.fills:
        moved["BTC"] = exact.add(moved["BTC"], fill.moved.value)
        moved["KRW"] = exact.sub(moved["KRW"], fill.cost.value)
        moved[fill.fee.asset] = exact.sub(moved[fill.fee.asset], fill.fee.value)
    assert {at.asset: balance.free for at, balance in book.balances().items()} == moved
    assert set(book.balances()) == {Account(SPOT.venue, "KRW"), Account(SPOT.venue, "BTC")}


def test_what_an_answer_told_beyond_its_fills_pays_as_they_do() -> None:
    book, item = received({"KRW": "9000000"}), order(SPOT, Side.BUY, "0.1", "90000000")
    told = received({"KRW": "9000000"}).match(item, offered("90000000", "1"), AT).outcome
    book.restore([told], [], [], AT)
    assert held(book) == {"KRW": (0, 0), "BTC": (Decimal("0.0999"), 0)}


def test_what_is_finer_than_the_venue_books_is_cut_off_in_either_asset() -> None:
    step = Decimal("0.00000001")
    book = VenueBook(replace(spot({"KRW": "9000000"}, "0.001").terms, fee_from_received=True, booked_step=step))
    (fill,) = book.match(order(SPOT, Side.BUY, "0.00012346", "90000000"), offered("90000000", "1"), AT).fills
    assert fill.fee.text() == "0.00000012 BTC"
