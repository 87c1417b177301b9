"""A retry that goes on only while it is cheaper: what is weighed, and what happens where the way back costs less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.halt import Halt
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
