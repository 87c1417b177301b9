"""The venue's own books and the fold of its facts say the same, to the last digit."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Filled, Side
from karb_core.venue.book import VenueBook
from tests.venue.accounts import PERPETUAL, SPOT, margined, order, spot

USDT = Account("binance_usdm", "USDT")
sides = st.sampled_from(Side)
spot_trades = st.tuples(sides, st.integers(1, 30_000_000), st.integers(90_000, 100_000), st.booleans())
steps = st.one_of(
    st.tuples(st.just("trade"), sides, st.integers(1, 500), st.integers(20_000, 90_000), st.booleans()),
    st.tuples(st.just("fund"), sides, st.integers(0, 300), st.integers(20_000, 90_000), st.just(False)),
    st.tuples(st.just("mark"), sides, st.just(0), st.integers(20_000, 90_000), st.just(False)),
)
Step = tuple[str, Side, int, int, bool]


def fold(book: VenueBook, kind: InstrumentKind) -> Holdings:
    holdings = Holdings(inventory={})
    for fill in book.fills_since(0):
        holdings = holdings.with_fill(fill, kind)
    for income in book.income_since(0):
        holdings = holdings.with_funding(book.terms.venue, income.received)
    return holdings


@given(st.lists(spot_trades, max_size=12))
@settings(max_examples=80, deadline=None)
def test_opening_balances_and_moves_are_the_closing_ones(trades: list[tuple[Side, int, int, bool]]) -> None:
    book = spot()
    for at_ns, (side, units, thousands, slipped) in enumerate(trades):
        price = exact.mul(Decimal(thousands), Decimal("1000.3") if slipped else Decimal(1000))
        size = exact.mul(Decimal(units), Decimal("0.00000001"))
        limit = Decimal(200_000_000 if side is Side.BUY else 1000)
        book.trade(order(SPOT, side, size, limit), price, at_ns)
        assert all(balance.free >= 0 for balance in book.balances().values())
    holdings = fold(book, InstrumentKind.SPOT)
    for account, balance in book.balances().items():
        opening = Fraction(book.terms.opening[account.asset])
        assert Fraction(balance.free) == opening + Fraction(holdings.balance(*account).value)
    spent = sum(Fraction(fill.cost.value) + Fraction(fill.fee.value) for fill in book.fills_since(0))
    assert Fraction(book.balances()[Account("upbit", "KRW")].free) == 45_000_000 - spent


def walk(book: VenueBook, steps: list[Step]) -> None:
    for at_ns, (what, side, size, price, reduce_only) in enumerate(steps, start=1):
        mark = Decimal(price)
        if what == "trade":
            amount = exact.mul(Decimal(size), Decimal("0.001"))
            limit = exact.mul(mark, Decimal(2) if side is Side.BUY else Decimal("0.5"))
            slipped = exact.mul(mark, Decimal("1.0003"))
            book.trade(order(PERPETUAL, side, amount, limit, reduce_only=reduce_only), slipped, at_ns)
        elif what == "fund":
            book.mark_to(PERPETUAL, mark, at_ns)
            rate = exact.mul(exact.mul(Decimal(size), side.sign), Decimal("0.00001"))
            book.settle_funding(PERPETUAL, rate, mark, at_ns)
        book.mark_to(PERPETUAL, mark, at_ns)
        assert book.balances()[USDT].free >= 0


@given(st.lists(steps, max_size=14), st.integers(1, 7), st.integers(1, 200_000))
@settings(max_examples=120, deadline=None)
def test_wallet_and_unrealised_are_the_fold_of_fills_fees_and_funding(
    steps: list[Step], leverage: int, mark: int
) -> None:
    book = margined(leverage=str(leverage))
    walk(book, steps)
    balance = book.balances()[USDT]
    at_venue = exact.add(exact.add(balance.free, balance.locked), book.unrealised(PERPETUAL, Decimal(mark)).value)
    holdings = fold(book, InstrumentKind.PERPETUAL)
    by_facts = exact.add(
        holdings.balance(*USDT).value,
        holdings.position(PERPETUAL).result(Decimal(mark)),
    )
    assert at_venue == exact.add(Decimal(31000), by_facts)
    assert book.amount(PERPETUAL) == holdings.position(PERPETUAL).amount


@given(st.lists(steps, max_size=10), st.integers(1, 7))
@settings(max_examples=80, deadline=None)
def test_closing_all_leaves_no_margin_behind(steps: list[Step], leverage: int) -> None:
    book = margined(leverage=str(leverage))
    walk(book, steps)
    amount, entry = book.amount(PERPETUAL), Decimal(0)
    if not amount:
        assert book.balances()[USDT].locked == 0
        return
    entry = exact.half_even(book.positions()[PERPETUAL].entry_price, 1)
    back = order(PERPETUAL, Side.of(amount).opposite, exact.absolute(amount), entry, reduce_only=True)
    outcome = book.trade(back, entry, 99).outcome
    if isinstance(outcome, Filled):
        assert book.positions() == {}
        assert book.balances()[USDT].locked == 0


@given(st.lists(steps, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_same_calls_make_the_same_books(steps: list[Step]) -> None:
    one, two = margined(leverage="3"), margined(leverage="3")
    walk(one, steps)
    walk(two, steps)
    assert one.balances() == two.balances()
    assert one.positions() == two.positions()
    assert one.income_since(0) == two.income_since(0)
