"""A plan is cut once, the same for both legs, and never up; and what is not free denies it with what is missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, LegTarget
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.engine.cut import cut
from karb_core.engine.funds import short_of
from karb_core.ports import AccountView
from karb_core.ports.needs import needs
from tests.engine.scene import FACTS, PERP, SPOT, TERMS, D, target

RULE = "/pairs/ADA"
HEDGE = Instrument("korbit", "USD", "EUR")
ALL = {**FACTS, HEDGE: replace(FACTS[SPOT], instrument=HEDGE, amount_step=D("0.03"))}


@given(st.integers(1, 10**9), st.integers(1, 2000), st.integers(1, 2000))
@settings(max_examples=150, deadline=None)
def test_both_legs_get_the_same_and_no_more_than_was_asked(size: int, one: int, two: int) -> None:
    steps = {
        SPOT: replace(FACTS[SPOT], amount_step=D(one).scaleb(-6), min_notional=None),
        PERP: replace(FACTS[PERP], amount_step=D(two).scaleb(-5)),
    }
    amount = D(size).scaleb(-4)
    asked = (target(SPOT, -amount), target(PERP, amount))
    told = cut(asked, steps, RULE)
    if isinstance(told, Denied):
        assert told.rule == RULE
        return
    spot, perp = told[0].amount.value, told[1].amount.value
    assert (spot, perp) == (-perp, perp)
    assert 0 < perp <= amount
    for leg in told:
        assert steps[leg.instrument].floor_amount(abs(leg.amount.value)) == abs(leg.amount.value)


def test_the_common_step_is_the_coarser_one() -> None:
    told = cut((target(SPOT, "-1.2399"), target(PERP, "1.2399")), FACTS, RULE)
    assert not isinstance(told, Denied)
    assert [leg.amount.text() for leg in told] == ["-1.2 ADA", "1.2 ADA"]


def test_a_leg_of_another_coin_keeps_its_own_step() -> None:
    told = cut((target(SPOT, "1.29"), target(PERP, "-1.29"), target(HEDGE, "-12.32")), ALL, RULE)
    assert not isinstance(told, Denied)
    assert [leg.amount.text() for leg in told] == ["1.2 ADA", "-1.2 ADA", "-12.3 USD"]


@pytest.mark.parametrize(
    ("amount", "price", "broken"),
    [("0.09", "100", "amount_step"), ("0.5", "9.999", "min_notional"), ("0.5", "10", None)],
)
def test_what_no_venue_takes_is_denied_by_the_fact_that_says_so(amount: str, price: str, broken: str | None) -> None:
    told = cut((target(SPOT, amount, price),), {SPOT: replace(FACTS[SPOT], amount_step=D("0.1"))}, RULE)
    assert (told.limit.split()[2] if isinstance(told, Denied) else None) == broken


def account(**free: str) -> AccountView:
    at = {"EUR": "korbit", "ADA": "korbit", "USD": "dydx"}
    return AccountView(replace(TERMS, facts=ALL), {Account(at[a], a): D(value) for a, value in free.items()}, {})


def missing(*legs: LegTarget, **free: str) -> list[tuple[str, str]]:
    return [(d.rule, d.observed) for d in short_of(legs, account(**free))]


def test_each_kind_of_leg_needs_what_it_pays_with() -> None:
    buying = needs((target(SPOT, "100"), target(PERP, "-100", "9.9999999")), TERMS)
    assert buying == {Account("korbit", "EUR"): D("1001"), Account("dydx", "USD"): D("500.999994990")}
    selling = needs((target(SPOT, "-100"), target(PERP, "100")), TERMS)
    assert selling == {Account("korbit", "ADA"): D("100"), Account("dydx", "USD"): D("501")}


def test_margin_is_rounded_up() -> None:
    thirds = replace(TERMS, leverage={"dydx": D(3)})
    assert needs((target(PERP, "1", "10"),), thirds) == {Account("dydx", "USD"): D("3.33333334") + D("0.01")}


@pytest.mark.parametrize(("euros", "told"), [("1001", []), ("1000.99", ["0.01 EUR missing"])])
def test_exactly_enough_is_enough(euros: str, told: list[str]) -> None:
    denied = missing(target(SPOT, "100"), target(PERP, "-100"), EUR=euros, USD="501")
    assert [observed.split(", ")[1] for _, observed in denied] == told


def test_an_account_that_is_not_there_has_nothing_and_each_want_is_told() -> None:
    denied = missing(target(SPOT, "-100"), target(PERP, "100"))
    assert [rule for rule, _ in denied] == ["/balances/korbit", "/balances/dydx"]
    assert denied[0][1] == "0 ADA free at korbit, 100 ADA missing"


def test_two_legs_that_pay_from_one_account_are_added_up() -> None:
    legs = (target(SPOT, "50"), target(HEDGE, "30"))
    assert missing(*legs, EUR="800.8") == []
    assert len(missing(*legs, EUR="800.79")) == 1


def test_decimals_stay_decimals() -> None:
    assert all(isinstance(v, Decimal) for v in needs((target(SPOT, "1"),), TERMS).values())
