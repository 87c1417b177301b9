"""Remainders of several plans, each less than a step: once they come to a step they are traded away."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
        ("5.1", "5", {SPOT: D("0.1")}),
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
