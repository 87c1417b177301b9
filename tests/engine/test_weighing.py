"""A retry that goes on only while it is cheaper: what is weighed, and what happens where the way back costs less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Cause, Share
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from karb_core.engine.leg_rules import LegRules, Rung
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Phase, Place
from karb_core.engine.weighing import completing_costs_more
from tests.engine.scene import FACTS, LADDER, NOW, PERP, SPOT, D, plan, rules, rung, target, top
from tests.engine.test_legs import ask, sent

#: Sell 100 spot, buy 100 of the future, each planned at 10.
SOLD, LACKS = sent(0, "100"), sent(1, "30")
CHEAPER = tuple(replace(each, if_cheaper=each.rung is Rung.RETRY) for each in LADDER)


def placed(spot: str | None, perp: str | None, by: LegRules | None = None, halt: Halt = Halt.NONE) -> list[Place]:
    tops = [top(i, price) for i, price in ((SPOT, spot), (PERP, perp)) if price is not None]
    told = ask(SOLD, LACKS, tops=tuple(tops), by=by or rules(ladder=CHEAPER), halt=halt)
    assert told.phase is Phase.WORKING
    return [action for action in told.actions if isinstance(action, Place)]


@pytest.mark.parametrize(
    ("spot", "perp"),
    [("10", "10"), ("10.2", "10.1"), ("10.1", "10.1"), ("9.9", "9.9"), ("9.9", "9.8")],
    ids=["as planned", "the way back rose more", "both rose alike", "both fell alike", "the way on fell more"],
)
def test_what_lacks_is_filled_up_where_that_costs_no_more(spot: str, perp: str) -> None:
    (place,) = placed(spot, perp)
    assert (place.leg, place.side, place.amount, place.step) == (1, Side.BUY, D("70"), 0)


@pytest.mark.parametrize(("spot", "perp"), [("10", "10.01"), ("9.9", "10"), ("10.1", "10.11")])
def test_what_leads_is_traded_back_at_once_where_that_costs_less(spot: str, perp: str) -> None:
    (place,) = placed(spot, perp)
    assert (place.leg, place.side, place.amount, place.step) == (0, Side.BUY, D("70"), 2)


@pytest.mark.parametrize(("spot", "perp"), [(None, "10"), ("10", None), (None, None)])
def test_what_cannot_be_weighed_is_traded_back(spot: str | None, perp: str | None) -> None:
    (place,) = placed(spot, perp)
    assert place.leg == 0


def test_without_the_owners_word_the_ladder_is_climbed_whatever_it_costs() -> None:
    (place,) = placed("9", "11", rules())
    assert (place.leg, place.step) == (1, 0)


def test_where_no_rung_trades_back_or_none_may_nothing_is_weighed() -> None:
    only = (replace(rung(Rung.RETRY, "0.005", 2), if_cheaper=True), rung(Rung.HALT))
    (place,) = placed("9", "11", rules(ladder=only))
    assert place.leg == 1


@pytest.mark.parametrize(("cause", "leg"), [(Cause.TAKEN, 0), (Cause.DEMANDED, 1), (Cause.FORCED, 1)])
def test_a_way_out_is_weighed_where_it_may_be_traded_back_and_filled_up_where_it_may_not(
    cause: Cause, leg: int
) -> None:
    """The way back costs less: a way out that somebody demanded or forced has none."""
    leaves = plan(shares=(Share("lot", D(1)),))
    leaves = replace(leaves, proposals=tuple(replace(each, cause=cause) for each in leaves.proposals))
    done = (sent(0, "100", of=leaves), sent(1, "30", of=leaves))
    tops = (top(SPOT, "9"), top(PERP, "11"))
    (place,) = ask(*done, of=leaves, tops=tops, by=rules(ladder=CHEAPER)).actions
    assert isinstance(place, Place)
    assert place.leg == leg


def test_a_half_open_entry_that_may_not_be_completed_goes_back_unweighed() -> None:
    (place,) = placed("10", "10", halt=Halt.REDUCE_ONLY)
    assert place.leg == 0


prices = st.decimals(min_value="0.01", max_value="1000", places=2)


@given(prices, prices, prices, prices, st.integers(1, 100))
def test_it_is_the_same_whatever_money_a_leg_is_in(
    spot: Decimal, perp: Decimal, planned: Decimal, other: Decimal, rate: int
) -> None:
    """Prices of one leg and of its plan, all in another money: the same is dearer."""

    def weighed(times: int) -> bool:
        legs = (target(SPOT, "-100", str(planned * times)), target(PERP, "100", str(other)))
        tops = {SPOT: top(SPOT, str(spot * times)), PERP: top(PERP, str(perp))}
        return completing_costs_more(LegsNow(plan(*legs), (SOLD, LACKS), NOW, tops, FACTS, rules()))

    assert weighed(1) is weighed(rate)


THIRD = Instrument("dydx", "ADA", "EUR")
SHAPE = ((SPOT, -100), (PERP, 400), (THIRD, -40))
hundredths = st.tuples(*(st.integers(0, 100) for _ in SHAPE))
of_each = st.tuples(*(prices for _ in SHAPE))


@given(of_each, of_each, hundredths)
def test_each_way_costs_what_it_loses_against_the_plan_for_the_part_of_a_leg_that_it_trades(
    planned: tuple[Decimal, ...], market: tuple[Decimal, ...], has: tuple[int, ...]
) -> None:
    """Reckoned anew, for three legs of which each has another part of its target."""
    legs = tuple(target(i, str(base), str(price)) for (i, base), price in zip(SHAPE, planned, strict=True))
    tops = {i: top(i, str(price)) for (i, _), price in zip(SHAPE, market, strict=True)}
    whole = plan(*legs)
    done = tuple(
        sent(leg, str(D(abs(base) * part) / 100), of=whole, amount=str(abs(base)))
        for leg, ((_, base), part) in enumerate(zip(SHAPE, has, strict=True))
    )
    now = LegsNow(whole, done, NOW, tops, {**FACTS, THIRD: replace(FACTS[PERP], instrument=THIRD)}, rules())

    def lost(leg: int, amount: Decimal, onwards: int) -> Fraction:
        """Buying above the plan's price and selling below it loses."""
        bought = SHAPE[leg][1] * onwards > 0
        gap = market[leg] - planned[leg] if bought else planned[leg] - market[leg]
        return Fraction(gap) / Fraction(planned[leg]) * Fraction(amount) / abs(SHAPE[leg][1])

    way_on = sum((lost(leg, amount, 1) for leg, amount in now.lacking().items()), Fraction(0))
    way_back = sum((lost(leg, amount, -1) for leg, amount in now.leading().items()), Fraction(0))
    assert completing_costs_more(now) is (way_on > way_back)


def test_exactly_as_much_is_not_more() -> None:
    legs = (target(SPOT, "-100"), target(PERP, "400"))
    half = sent(1, "200", of=plan(*legs), amount="400")
    tops = {SPOT: top(SPOT, "10.2"), PERP: top(PERP, "10.2")}
    now = LegsNow(plan(*legs), (sent(0, "100"), half), NOW, tops, FACTS, rules())
    assert completing_costs_more(now) is False
    assert completing_costs_more(replace(now, tops={**tops, PERP: top(PERP, "10.3")})) is True


def test_where_nothing_lacks_neither_way_costs_anything() -> None:
    now = LegsNow(
        plan(target(SPOT, "-100"), target(PERP, "100")), (sent(0, "50"), sent(1, "50")), NOW, {}, FACTS, rules()
    )
    assert completing_costs_more(now) is False
