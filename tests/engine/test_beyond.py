"""Remainders of several plans, each less than a step: once they come to a step they are traded away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Side
from karb_core.engine.beyond import beyond
from tests.engine.scene import FACTS, PERP, SPOT, D, lot

TENTHS = {i: replace(stated, amount_step=D("0.1")) for i, stated in FACTS.items()}


def left(name: str, spot: str, perp: str) -> Lot:
    """Bought 10 and sold 10, of which so much is open."""
    one = lot(name, "10", "-10")
    legs = []
    for leg, stays in zip(one.legs, (spot, perp), strict=True):
        gone = leg.instrument.amount((D(10) - D(stays)) * -leg.side.sign)
        legs.append(leg.moved(gone, gone.at(leg.instrument.price(D(10)))) if gone.value else leg)
    return replace(one, legs=tuple(legs))


@pytest.mark.parametrize(
    ("spot", "perp", "found"),
    [
        ("5", "5", {}),
        ("5", "5.09", {}),
        ("5", "5.1", {PERP: D("-0.1")}),
        ("5", "5.19", {PERP: D("-0.1")}),
        ("5", "5.2", {}),
        ("5", "5.3", {}),
        ("5.1", "5", {SPOT: D("0.1")}),
        ("1", "0.45", {}),
    ],
)
def test_a_step_is_found_and_what_is_less_or_a_leg_alone_is_not(
    spot: str, perp: str, found: dict[object, object]
) -> None:
    assert beyond([left("a", spot, perp)], TENTHS) == found


def test_what_was_traded_back_on_the_way_out_again_and_again_makes_no_leg_ahead() -> None:
    """One leg went out and came back six times, the other never: as much of both is open."""
    one = left("a", "0.5", "0.5")
    perp = one.legs[1]
    for _ in range(6):
        back, out = (perp.instrument.amount(D(each)) for each in ("-0.5", "0.5"))
        price = perp.instrument.price(D(10))
        perp = perp.moved(out, out.at(price)).moved(back, back.at(price))
    assert beyond([replace(one, legs=(one.legs[0], perp))], TENTHS) == {}


def test_lots_of_a_pair_count_together() -> None:
    assert beyond([left("a", "5", "5.06"), left("b", "5", "5.06")], TENTHS) == {PERP: D("-0.1")}


def test_a_lot_of_which_a_leg_never_entered_is_the_ladders() -> None:
    alone = lot("a", "0.1", "-0.1")
    never = LotLeg.unfilled(PERP, Side.SELL)
    assert beyond([replace(alone, legs=(alone.legs[0], never))], TENTHS) == {}


steps = st.decimals("0", "10", places=2)


@given(steps, steps)
def test_of_one_coin_it_is_the_leg_with_more_open_by_a_step_and_less_than_two(spot: Decimal, perp: Decimal) -> None:
    found = beyond([left("a", str(spot), str(perp))], TENTHS)
    more, sign = (SPOT, 1) if spot > perp else (PERP, -1)
    assert found == ({more: D("0.1") * sign} if D("0.1") <= abs(spot - perp) < D("0.2") else {})


#: Another coin, of which a lot holds three for each of the first.
XRP = Instrument("dydx", "XRP", "USD")


def of_two_coins(spot: str, perp: str) -> Lot:
    """10 of one coin bought and 30 of another sold, of which so much is open."""
    one = lot("a", "10", "-10")
    sold = LotLeg.unfilled(XRP, Side.SELL).moved(XRP.amount(D(-30)), XRP.amount(D(-30)).at(XRP.price(D(10))))
    legs = []
    for leg, held, stays in ((one.legs[0], D(10), D(spot)), (sold, D(30), D(perp))):
        gone = leg.instrument.amount((held - stays) * -leg.side.sign)
        legs.append(leg.moved(gone, gone.at(leg.instrument.price(D(10)))) if gone.value else leg)
    return replace(one, legs=tuple(legs))


@pytest.mark.parametrize(
    ("spot", "perp", "found"),
    [
        ("10", "30", {}),
        ("5", "15", {}),
        ("5", "15.09", {}),
        ("5", "15.1", {XRP: D("-0.1")}),
        ("5", "15.2", {}),
        ("5.1", "15", {SPOT: D("0.1")}),
        ("2", "0.9", {}),
        ("0.1", "0", {SPOT: D("0.1")}),
    ],
)
def test_of_two_coins_even_is_the_same_part_of_what_was_entered(
    spot: str, perp: str, found: dict[object, object]
) -> None:
    facts = {**TENTHS, XRP: replace(TENTHS[PERP], instrument=XRP)}
    assert beyond([of_two_coins(spot, perp)], facts) == found
