"""The truth keeps what happened, whoever did it."""

from decimal import Decimal

import pytest

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Filled, Rejected, Side
from karb_core.venue.forced import Forced
from tests.chaos.market import Scene, Weather
from tests.chaos.places import FAR, NEAR, START
from tests.chaos.stage import SECOND, approved, truth
from tests.chaos.strangers import (
    other_desk_trades,
    owner_moves,
    owner_trades,
    venue_deleverages,
    venue_settles,
)
from tests.chaos.truth import Truth

USDT = Account("binance_usdm", "USDT")
BTC = Account("upbit", "BTC")


def short(at: Truth, amount: str = "0.3") -> None:
    outcome = at.arrive(approved(amount, Side.SELL, FAR).item, START, START)
    assert isinstance(outcome, Filled)
    assert outcome.filled == outcome.order.amount


def test_an_order_trades_at_the_levels_that_stand_when_it_arrives() -> None:
    at, later = truth(), START + 7 * SECOND
    levels = at.offers(NEAR, later).facing(Side.BUY)
    outcome = at.arrive(approved("0.3").item, later, later)
    assert isinstance(outcome, Filled)
    assert levels[0].amount < Decimal("0.3")
    assert [f.price.value for f in at.fills("upbit")] == [level.price for level in levels][: len(at.fills("upbit"))]
    assert {f.venue_at_ns for f in at.fills("upbit")} == {later}


def test_what_was_taken_is_there_again_only_when_the_book_changes() -> None:
    at = truth()
    change = at.market.next_change(START)
    whole = at.market.depth(NEAR, START).asks
    at.arrive(approved("0.3").item, START, START)
    assert at.offers(NEAR, change - 1).facing(Side.BUY) != whole
    assert at.offers(NEAR, change).facing(Side.BUY) == at.market.depth(NEAR, change).asks


def test_a_request_outside_the_window_leaves_its_id_free() -> None:
    at, item = truth(), approved(id="mine").item
    late = at.arrive(item, START, START + 5 * SECOND + 1)
    assert isinstance(late, Rejected)
    assert late.code == "request_out_of_window"
    assert at.outcome_of(item) is None
    assert isinstance(at.arrive(item, START + 6 * SECOND, START + 6 * SECOND), Filled)
    assert [each.order_id for each in at.arrived] == ["mine", "mine"]


def test_a_refused_order_is_one_that_the_venue_does_not_know() -> None:
    at, item = truth(), approved("100").item
    assert isinstance(at.arrive(item, START, START), Rejected)
    assert at.outcome_of(item) is None


def test_a_position_whose_margin_is_used_up_is_taken_as_soon_as_time_passes() -> None:
    """The market falls by a third: a long on half margin lives, until funding has eaten the rest of it."""
    at = truth(1, Scene(Weather.CRASH, START + SECOND, START + 21 * SECOND, FAR))
    at.arrive(approved("0.3", Side.BUY, FAR).item, START, START)
    at.pass_time(START + 10 * SECOND)
    assert at.positions("binance_usdm")[FAR].amount == Decimal("0.3")
    owner_moves(
        at, "binance_usdm", Amount(exact.negate(at.balances("binance_usdm")[USDT].free), "USDT"), START + 10 * SECOND
    )
    for hour in range(1, 40):
        at.fund(FAR, Decimal("0.02"), START + 10 * SECOND + hour)
    at.pass_time(START + 12 * SECOND)
    assert at.positions("binance_usdm") == {}
    assert Forced.read(at.fills("binance_usdm")[-1].order_id) is Forced.LIQUIDATION


@pytest.mark.parametrize(("amount", "left"), [("0.1", "-0.2"), ("0.3", None), ("5", None)])
def test_a_deleveraging_closes_a_part_or_all_at_the_mark(amount: str, left: str | None) -> None:
    at, then = truth(), START + SECOND
    short(at)
    fill = venue_deleverages(at, FAR, Decimal(amount), then)
    assert fill is not None
    assert (fill.order_id, fill.price.value) == (f"adl_autoclose-BTC-USDT-{then}", at.market.mark(FAR, then))
    position = at.positions("binance_usdm").get(FAR)
    assert (None if position is None else position.amount) == (None if left is None else Decimal(left))
    assert venue_deleverages(truth(), FAR, Decimal(amount), then) is None


def test_a_settlement_closes_all() -> None:
    at = truth()
    short(at)
    fill = venue_settles(at, FAR, START + SECOND)
    assert fill is not None
    assert Forced.read(fill.order_id) is Forced.SETTLEMENT
    assert at.positions("binance_usdm") == {}
    assert venue_settles(at, FAR, START + 2 * SECOND) is None


def test_what_the_owner_does_by_hand_has_no_id_of_ours() -> None:
    at = truth()
    assert isinstance(owner_trades(at, NEAR, Side.SELL, Decimal("0.05"), START), Filled)
    owner_moves(at, "upbit", Amount(Decimal("-0.1"), "BTC"), START + 1)
    assert at.balances("upbit")[BTC].free == Decimal("0.1")
    assert {OrderId.read(fill.order_id) for fill in at.fills("upbit")} == {None}
    assert [(each.by, each.order_id) for each in at.arrived] == [("owner", f"web_{START}")]
    with pytest.raises(ValueError, match="free to go"):
        owner_moves(at, "upbit", Amount(Decimal(-1), "BTC"), START + 2)


def test_another_karb_has_our_form_and_another_mark() -> None:
    at = truth()
    assert isinstance(other_desk_trades(at, NEAR, Side.BUY, Decimal("0.05"), START), Filled)
    read = OrderId.read(at.fills("upbit")[0].order_id)
    assert read is not None
    assert read.mark == "zz9"
    assert at.arrived[0].by == "other desk"


def test_what_was_stated_at_a_time_is_kept() -> None:
    at = truth()
    opened = at.balances("upbit")
    at.arrive(approved().item, START + SECOND, START + SECOND)
    assert at.stated("upbit", START - 1).balances == opened
    assert at.stated("upbit", START + SECOND - 1).balances == opened
    assert at.stated("upbit", START + SECOND).balances == at.balances("upbit") != opened


def test_funding_is_booked_at_the_mark_of_its_time() -> None:
    at = truth()
    short(at)
    income = at.fund(FAR, Decimal("0.0001"), START + SECOND)
    assert income is not None
    paid = exact.mul(exact.mul(Decimal("0.3"), at.market.mark(FAR, START + SECOND)), Decimal("0.0001"))
    assert income.received == Amount(paid, "USDT")
