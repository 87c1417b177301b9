"""A book that is rebuilt from what was booked is the one that lived through it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Side, Unknown
from karb_core.venue.book import VenueBook
from karb_core.venue.forced import Forced
from karb_core.venue.restoring import untold
from tests.venue.accounts import PERPETUAL, SPOT, margined, order, spot

sides = st.sampled_from(Side)
trades = st.tuples(st.just("trade"), sides, st.integers(1, 500), st.integers(20_000, 90_000), st.booleans())
events = st.one_of(
    trades,
    trades,
    st.tuples(st.just("fund"), sides, st.integers(0, 300), st.integers(20_000, 90_000), st.just(False)),
    st.tuples(st.just("mark"), sides, st.just(0), st.integers(20_000, 90_000), st.just(False)),
    st.tuples(st.just("force"), sides, st.integers(1, 300), st.integers(20_000, 90_000), st.just(False)),
)
Event = tuple[str, Side, int, int, bool]
LATER = 10**6


def live(book: VenueBook, steps: list[Event]) -> list[Outcome]:
    """Each step at a time of its own; what becomes of its orders."""
    outcomes: list[Outcome] = []
    for at_ns, (what, side, size, price, reduce_only) in enumerate(steps, start=1):
        mark, amount = Decimal(price), exact.mul(Decimal(size), Decimal("0.001"))
        match what:
            case "trade":
                limit = exact.mul(mark, Decimal(2) if side is Side.BUY else Decimal("0.5"))
                item = order(PERPETUAL, side, amount, limit, reduce_only=reduce_only)
                outcomes.append(book.trade(item, exact.mul(mark, Decimal("1.0003")), at_ns).outcome)
            case "fund":
                book.settle_funding(PERPETUAL, exact.mul(side.sign, amount), mark, at_ns)
            case "force":
                book.close_by_force(Forced.DELEVERAGING, PERPETUAL, amount, mark, at_ns)
        book.mark_to(PERPETUAL, mark, at_ns)
    return outcomes


def shown(book: VenueBook, times: int) -> object:
    held = [book.held(PERPETUAL, at_ns) for at_ns in range(times)]
    booked = [(book.fills_since(at_ns), book.income_since(at_ns)) for at_ns in range(times)]
    return book.balances(), book.positions(), book.liquidation_price(PERPETUAL), book.amount(PERPETUAL), held, booked


@given(st.lists(events, max_size=16), st.integers(1, 7), st.randoms())
@settings(max_examples=150, deadline=None)
def test_a_restored_book_is_the_one_that_lived_through_it(steps: list[Event], leverage: int, chance: object) -> None:
    lived, restored = margined(leverage=str(leverage)), margined(leverage=str(leverage))
    outcomes = live(lived, steps)
    fills, incomes = [*lived.fills_since(0)] * 2, [*lived.income_since(0)] * 2
    chance.shuffle(incomes)  # type: ignore[attr-defined]
    restored.restore(outcomes, fills, incomes, LATER)
    assert shown(restored, len(steps) + 2) == shown(lived, len(steps) + 2)
    assert [restored.outcome_of(o.order.id) for o in outcomes] == outcomes
    after = order(PERPETUAL, Side.SELL, "0.1", "1000")
    assert restored.trade(after, Decimal(50_000), LATER) == lived.trade(after, Decimal(50_000), LATER)
    assert restored.balances() == lived.balances()
    assert all(restored.trade(o.order, Decimal(1), LATER).fills == () for o in outcomes)


@given(st.lists(st.tuples(sides, st.integers(1, 30_000_000), st.integers(90_000, 100_000)), max_size=10))
@settings(max_examples=60, deadline=None)
def test_a_restored_book_of_coins_is_too(trades: list[tuple[Side, int, int]]) -> None:
    lived, restored = spot(), spot()
    outcomes = []
    for at_ns, (side, units, thousands) in enumerate(trades):
        limit = Decimal(200_000_000 if side is Side.BUY else 1000)
        item = order(SPOT, side, exact.mul(Decimal(units), Decimal("0.00000001")), limit)
        outcomes.append(lived.trade(item, exact.mul(Decimal(thousands), Decimal(1000)), at_ns).outcome)
    restored.restore(outcomes, lived.fills_since(0), [], LATER)
    assert restored.balances() == lived.balances()
    assert restored.fills_since(0) == lived.fills_since(0)


def filled(item: Order, amount: str, cost: str, *, final: bool = True) -> Filled:
    return Filled(item, item.instrument.amount(Decimal(amount)), Amount(Decimal(cost), item.instrument.quote), final)


@given(st.integers(1, 10**12), st.integers(0, 8), st.integers(1, 10**14), st.integers(0, 8))
@settings(max_examples=200, deadline=None)
def test_what_only_an_answer_told_is_booked_to_the_last_digit(amount: int, a: int, cost: int, c: int) -> None:
    digits = str(Decimal(amount).scaleb(-a, exact.EXACT)), str(Decimal(cost).scaleb(-c, exact.EXACT))
    told = filled(order(SPOT, Side.BUY, "1", "1000"), *digits)
    fills = list(untold([told], [], spot().terms.taken_fee_of, LATER))
    assert 1 <= len(fills) <= 2
    assert sum(Fraction(f.amount.value) for f in fills) == Fraction(told.filled.value)
    assert sum(Fraction(f.cost.value) for f in fills) == Fraction(told.cost.value)
    assert sum(Fraction(f.fee.value) for f in fills) == Fraction(told.cost.value) / 2000


def test_an_answer_whose_fills_were_not_written_is_one_fill_at_its_price() -> None:
    book, item = spot(), order(SPOT, Side.BUY, "0.3", "95000000")
    book.restore([filled(item, "0.3", "27200100")], [], [], LATER)
    (fill,) = book.fills_since(LATER)
    assert (fill.amount.text(), fill.price.text()) == ("0.3 BTC", "90667000 KRW/BTC")
    assert book.outcome_of(item.id) == filled(item, "0.3", "27200100")


def test_a_price_that_does_not_end_becomes_two() -> None:
    item = order(SPOT, Side.BUY, "0.3", "95000000")
    fills = list(untold([filled(item, "0.3", "27200000")], [], spot().terms.taken_fee_of, LATER))
    assert [fill.amount.text() for fill in fills] == ["0.1 BTC", "0.2 BTC"]
    assert sum(Fraction(fill.cost.value) for fill in fills) == 27_200_000


def test_of_the_fills_of_an_answer_only_what_is_missing_is_added() -> None:
    lived, item = spot(), order(SPOT, Side.BUY, "0.1", "95000000")
    lived.trade(item, Decimal(90_000_000), 5)
    restored = spot()
    restored.restore([filled(item, "0.3", "27400000")], lived.fills_since(0), [], LATER)
    assert [(f.venue_at_ns, f.amount.text(), f.price.value) for f in restored.fills_since(0)] == [
        (5, "0.1 BTC", 90_000_000),
        (LATER, "0.2 BTC", 92_000_000),
    ]


def test_of_one_time_what_was_forced_comes_before_what_was_settled_and_that_before_what_was_traded() -> None:
    lived, restored = margined(leverage="3"), margined(leverage="3")
    lived.trade(order(PERPETUAL, Side.SELL, "0.3", "50000"), Decimal(60_000), 1)
    lived.close_by_force(Forced.DELEVERAGING, PERPETUAL, Decimal("0.1"), Decimal(61_000), 7)
    lived.settle_funding(PERPETUAL, Decimal("0.001"), Decimal(61_000), 7)
    lived.trade(order(PERPETUAL, Side.BUY, "0.07", "70000"), Decimal(61_000), 7)
    restored.restore([], lived.fills_since(0), lived.income_since(0), LATER)
    assert shown(restored, 9) == shown(lived, 9)


def test_of_two_answers_the_last_counts() -> None:
    book, item = spot(), order(SPOT, Side.BUY, "0.3", "95000000")
    nothing = Unknown(item, "no answer", Amount.zero("BTC"), Amount.zero("KRW"))
    book.restore([nothing, filled(item, "0", "0")], [], [], LATER)
    assert book.outcome_of(item.id) == filled(item, "0", "0")


def test_an_order_whose_fills_came_before_its_answer_has_ended() -> None:
    lived, item = spot(), order(SPOT, Side.BUY, "0.1", "95000000")
    ended = lived.trade(item, Decimal(90_000_000), 5).outcome
    restored = spot()
    restored.restore(
        [Unknown(item, "no answer", Amount.zero("BTC"), Amount.zero("KRW"))], lived.fills_since(0), [], LATER
    )
    assert restored.outcome_of(item.id) == ended


def test_an_order_of_which_nothing_is_known_never_came() -> None:
    book, item = spot(), order(SPOT, Side.BUY, "0.1", "95000000")
    book.restore([Unknown(item, "no answer", Amount.zero("BTC"), Amount.zero("KRW"))], [], [], LATER)
    assert book.outcome_of(item.id) is None
    assert isinstance(book.trade(item, Decimal(90_000_000), LATER).outcome, Filled)


def test_what_was_refused_stays_refused() -> None:
    book, item = spot(), order(SPOT, Side.BUY, "0.1", "95000000")
    refused = Rejected(item, "insufficient_funds_bid", "0.5 KRW is missing")
    book.restore([refused], [], [], LATER)
    assert book.outcome_of(item.id) == refused


def test_a_settlement_that_was_told_late_changes_no_sum() -> None:
    lived, restored = margined(), margined()
    lived.trade(order(PERPETUAL, Side.SELL, "0.1", "50000"), Decimal(60_000), 1)
    back = order(PERPETUAL, Side.BUY, "0.05", "70000")
    lived.trade(back, Decimal(60_000), 5)
    lived.settle_funding(PERPETUAL, Decimal("0.001"), Decimal(60_000), 3)
    restored.restore([], lived.fills_since(0), lived.income_since(0), LATER)
    (one,), (other,) = lived.balances().values(), restored.balances().values()
    assert exact.add(one.free, one.locked) == exact.add(other.free, other.locked)
    assert one.locked == exact.add(other.locked, Decimal(3))


def test_only_a_fresh_account_goes_on() -> None:
    book = spot()
    book.trade(order(SPOT, Side.BUY, "0.1", "95000000"), Decimal(90_000_000), 1)
    with pytest.raises(ValueError, match="fresh"):
        book.restore([], [], [], LATER)


def test_what_was_booked_elsewhere_is_no_part_of_it() -> None:
    lived = margined()
    lived.trade(order(PERPETUAL, Side.SELL, "0.1", "50000"), Decimal(60_000), 1)
    fills: list[Fill] = [*lived.fills_since(0)]
    with pytest.raises(LookupError, match="not traded at upbit"):
        spot().restore([], fills, [], LATER)
