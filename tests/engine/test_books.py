"""What a desk holds: every fill once, and every share, fee and settlement to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Plan, Share
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Side
from karb_core.engine.books import Books
from karb_core.engine.deployable import free_to_deploy
from karb_core.ports import Fired, Income
from tests.engine.scene import FACTS, NOW, PERP, SPOT, D, lot, plan, target


def fill(
    name: str, instrument: Instrument, side: Side, amount: str | Decimal, price: str = "10", fee: str = "0.07",
    order_id: str = "o",
) -> Fill:  # fmt: skip
    return Fill(
        order_id=order_id, venue_trade_id=name, instrument=instrument, side=side, amount=instrument.amount(D(amount)),
        price=instrument.price(D(price)), fee=Amount(D(fee), instrument.quote), venue_at_ns=NOW, received_at_ns=NOW,
    )  # fmt: skip


def books(*lots: Lot) -> Books:
    return Books(Holdings({}), FACTS, {one.id: one for one in lots})


def leaving(*lots: Lot) -> Plan:
    spot = sum((-one.legs[0].open.value for one in lots), D(0))
    perp = sum((-one.legs[1].open.value for one in lots), D(0))
    shares = tuple(Share(one.id, -one.legs[0].open.value) for one in lots)
    return plan(target(SPOT, spot), target(PERP, perp), shares=shares)


def test_a_fill_is_booked_once_by_its_venue_and_trade() -> None:
    held = lot("a", "-10", "10")
    kept, way = books(held), leaving(held)
    one = fill("t1", SPOT, Side.BUY, "4")
    assert kept.book_fill(one, way) == (("a", Amount(D(4), "ADA")),)
    before = (kept.holdings, kept.lots["a"])
    assert kept.book_fill(one, way) is None
    assert (kept.holdings, kept.lots["a"]) == before
    # Another venue may use the same id.
    assert kept.book_fill(fill("t1", PERP, Side.SELL, "4"), way) is not None


held = st.lists(st.integers(1, 5000), min_size=1, max_size=6)
parts = st.lists(st.integers(1, 3000), min_size=1, max_size=5)


@given(held, parts, st.integers(-999, 10**9), st.booleans())
@settings(max_examples=120, deadline=None)
def test_shares_of_fills_and_fees_add_up_exactly(sizes: list[int], cuts: list[int], fee: int, up: bool) -> None:
    sign = 1 if up else -1
    lots = [lot(f"l{i}", str(D(sign * n).scaleb(-1)), str(D(-sign * n).scaleb(-1))) for i, n in enumerate(sizes)]
    kept, way = books(*lots), leaving(*lots)
    left, way_out = sum(sizes), Side.SELL if up else Side.BUY
    told_fee = str(D(fee).scaleb(-11))
    for i, cut_ in enumerate(cuts):
        size = min(cut_, left)
        if not size:
            break
        left -= size
        one = fill(f"t{i}", SPOT, way_out, D(size).scaleb(-1), fee=told_fee)
        shares = kept.book_fill(one, way)
        assert shares is not None
        assert sum(Fraction(a.value) for _, a in shares) == Fraction(one.moved.value)
    for one_lot, now in zip(lots, kept.lots.values(), strict=True):
        # No lot gives more than it had, so a small one is never turned round.
        assert abs(now.legs[0].open.value) <= abs(one_lot.legs[0].open.value)
    assert sum(abs(Fraction(one.legs[0].open.value)) for one in kept.lots.values()) == Fraction(left, 10)
    paid = sum((Fraction(f.value) for one in kept.lots.values() for f in one.fees), Fraction(0))
    assert paid == -Fraction(kept.holdings.balance("korbit", "EUR").value) - sum(
        Fraction(leg.left_cost.value) for one in kept.lots.values() for leg in one.legs
    )


@given(held, st.integers(-(10**12), 10**12).filter(bool))
@settings(max_examples=80, deadline=None)
def test_settlements_are_shared_by_what_is_open_to_the_last_digit(sizes: list[int], received: int) -> None:
    lots = [lot(f"l{i}", str(-n), str(n)) for i, n in enumerate(sizes)]
    kept = books(*lots)
    income = Income("f1", "funding", PERP, Amount(D(received).scaleb(-9), "USD"), NOW)
    booked = kept.book_income(income)
    assert booked is not None
    assert sum(Fraction(part.value) for _, part in booked.lots) == Fraction(income.received.value)
    assert kept.book_income(income) is None
    assert kept.holdings.balance("dydx", "USD") == income.received


def test_a_settlement_after_all_lots_are_closed_is_kept_by_the_holdings() -> None:
    kept = books(lot("a", "-10", "10"))
    del kept.lots["a"]
    booked = kept.book_income(Income("f1", "funding", PERP, Amount(D(1), "USD"), NOW))
    assert booked is not None
    assert booked.lots == ()
    assert kept.holdings.balance("dydx", "USD") == Amount(D(1), "USD")


def test_what_is_traded_back_goes_to_whom_it_was_taken_from() -> None:
    lots = (lot("a", "-30", "30"), lot("b", "-10", "10"))
    kept, way = books(*lots), leaving(*lots)
    kept.book_fill(fill("t1", SPOT, Side.BUY, "40"), way)
    assert all(not one.legs[0].open.value for one in kept.lots.values())
    kept.book_fill(fill("t2", SPOT, Side.SELL, "40"), way)
    assert [one.legs[0].open.value for one in kept.lots.values()] == [D(-30), D(-10)]


def test_a_forced_fill_is_shared_by_what_is_open_and_booked_once() -> None:
    kept = books(lot("a", "-30", "30"), lot("b", "-10", "10"))
    forced = fill("liq-t", PERP, Side.SELL, "40", fee="0")
    assert kept.book_forced(forced) == (("a", Amount(D(-30), "ADA")), ("b", Amount(D(-10), "ADA")))
    assert kept.book_forced(forced) is None
    assert [one.legs[1].open.value for one in kept.lots.values()] == [0, 0]


def test_a_forced_close_of_opposite_lots_takes_each_whole() -> None:
    """The venue had one position, 30 - 10, and took all of it: nothing is left of either lot."""
    kept = books(lot("a", "-30", "30"), lot("b", "10", "-10", side="down"))
    shares = kept.book_forced(fill("liq-t", PERP, Side.SELL, "20", fee="0.07"))
    assert shares == (("a", Amount(D(-30), "ADA")), ("b", Amount(D(10), "ADA")))
    assert [one.legs[1].open.value for one in kept.lots.values()] == [0, 0]
    assert sum(f.value for one in kept.lots.values() for f in one.fees) == D("0.07")


def test_a_settlement_of_opposite_lots_is_shared_by_the_side_of_each() -> None:
    kept = books(lot("a", "-30", "30"), lot("b", "10", "-10", side="down"))
    booked = kept.book_income(Income("f1", "funding", PERP, Amount(D(2), "USD"), NOW))
    assert booked is not None
    assert booked.lots == (("a", Amount(D(3), "USD")), ("b", Amount(D(-1), "USD")))


def test_a_settlement_that_meets_lots_which_cancel_out_is_held_and_shared_by_none() -> None:
    kept = books(lot("a", "-10", "10"), lot("b", "10", "-10", side="down"))
    booked = kept.book_income(Income("f1", "funding", PERP, Amount(D(2), "USD"), NOW))
    assert booked is not None
    assert booked.lots == ()
    assert kept.holdings.balance("dydx", "USD") == Amount(D(2), "USD")


def test_a_forced_fill_of_nothing_we_know_is_still_held() -> None:
    kept = books()
    assert kept.book_forced(fill("liq-t", PERP, Side.SELL, "4")) == ()
    assert kept.holdings.position(PERP).amount == D(-4)


def test_a_lot_that_came_back_is_closed_and_one_that_never_filled_leaves_no_trace() -> None:
    done, empty = lot("a", "-10", "10"), lot("b", "-10", "10")
    kept = books(done, empty)
    kept.lots["b"] = Lot(**{**{n: getattr(empty, n) for n in Lot.__slots__}, "legs": ()})
    way = leaving(done)
    kept.book_fill(fill("t1", SPOT, Side.BUY, "10"), way)
    kept.close(["a", "b"], NOW, ())
    assert list(kept.lots) == ["a"]
    kept.book_fill(fill("t2", PERP, Side.SELL, "10"), way)
    kept.close(["a"], NOW, ())
    assert (kept.lots, [c.lot.id for c in kept.closed]) == ({}, ["a"])


def test_what_fired_stands_until_it_is_rearmed() -> None:
    kept = books()
    kept.fire("ADA", Fired("normal", NOW, None, complete=True))
    assert kept.standing("ADA").spent("normal")
    assert not kept.standing("ADA").spent("extreme")
    kept.rearm("ADA")
    assert not kept.standing("ADA").spent("normal")


EUR, ADA = Account("korbit", "EUR"), Account("korbit", "ADA")


@pytest.mark.parametrize(("free", "kept", "left"), [("100", "30", "70"), ("100", "100", "0"), ("20", "30", "0")])
def test_what_is_reserved_is_not_deployed_and_nothing_is_below_zero(free: str, kept: str, left: str) -> None:
    told = free_to_deploy({EUR: D(free)}, {EUR: D(kept)}, Holdings({}), frozenset({ADA}))
    assert told == {EUR: D(left)}


def test_no_more_coins_than_the_owner_lent() -> None:
    told = free_to_deploy({ADA: D(50)}, {}, Holdings({ADA: D(8)}), frozenset({ADA}))
    assert told == {ADA: D(8)}
