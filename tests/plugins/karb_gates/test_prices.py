"""Gates that look at prices and rates of now: exactly the limit passes, a little more does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, LegTarget, Passed
from karb_gates.fx_disagreement import FxDisagreement
from karb_gates.max_premium import MaxPremium
from karb_gates.spread import Spread
from tests.plugins.karb_gates.asked import built, rule_of
from tests.plugins.scene import FAR, NEAR, account, leaving, lot, plan, rates, top, view

BITHUMB = replace(NEAR, venue="bithumb")


def premium(near: str, most: str = "3%", **more: Any) -> Any:
    """Far stands at 100 and a dollar at 1000: the premium is near / 100000 - 1."""
    return built(MaxPremium, f"{{most: {most}}}").check(
        more.get("of") or plan("1", near), view(known=more.get("known")), account()
    )


@pytest.mark.parametrize(
    ("near", "denied"),
    [
        ("103000", None), ("103000.000001", "most"), ("97000", None), ("96999.999999", "most"), ("100000", None),
    ],
)  # fmt: skip
def test_a_premium_is_believed_up_to_the_limit_either_way(near: str, denied: str | None) -> None:
    assert rule_of(premium(near)) == denied


def test_a_denial_tells_the_premium_and_the_limit() -> None:
    assert premium("125000") == Denied("most", "25%", "3%")
    assert premium("75000") == Denied("most", "-25%", "3%")


def test_it_is_the_premium_seats_rate_that_counts() -> None:
    assert premium("103000", known=rates(premium="1000", money="1")) == Passed()
    assert rule_of(premium("103000", known={"money": rates()["money"]})) == "most"


def test_legs_of_one_quote_need_no_rate() -> None:
    legs = (
        plan("1", "103000").legs[0],
        LegTarget(BITHUMB, BITHUMB.amount(Decimal(1)), BITHUMB.price(Decimal(100_000))),
    )
    assert premium("103000", of=replace(plan(), legs=legs), known={}) == Passed()
    assert rule_of(premium("103000", "2.9%", of=replace(plan(), legs=legs), known={})) == "most"


def test_a_plan_of_one_leg_has_no_premium() -> None:
    assert rule_of(premium("103000", of=replace(plan(), legs=plan().legs[:1]))) == "most"


@given(st.integers(50_000, 150_000), st.integers(1, 5000), st.integers(1, 5000))
def test_a_tighter_limit_never_lets_more_through(near: int, a: int, b: int) -> None:
    tight, wide = (f"{n}bp" for n in sorted((a, b)))
    if premium(str(near), tight) == Passed():
        assert premium(str(near), wide) == Passed()


def spread(bid: str, ask: str, far_ask: str = "100", most: str = "20bp") -> Any:
    gate = built(Spread, f"{{most: {most}}}")
    return gate.check(plan(), view(top(NEAR, bid, ask), top(FAR, "100", far_ask)), account())


@pytest.mark.parametrize(
    ("bid", "ask", "denied"),
    [("999", "1001", None), ("999", "1001.0001", "most"), ("1000", "1000", None), ("1001", "1000", "most")],
)
def test_bid_and_ask_may_be_so_far_apart(bid: str, ask: str, denied: str | None) -> None:
    assert rule_of(spread(bid, ask)) == denied


def test_each_leg_is_asked_by_itself_and_named() -> None:
    assert spread("1000", "1001", "101") == Denied("most", "binance_usdm BTC/USDT: 0.995%", "0.2%")
    assert spread("1000", "1000", "100", "1bp") == Passed()


def test_a_book_that_is_crossed_is_told_as_it_is() -> None:
    assert spread("1001", "1000") == Denied("most", "upbit BTC/KRW: 1001 is bid, 1000 asked", "0.2%")


def disagree(money: str, most: str = "5%", known: Any = None) -> Any:
    of = leaving(lot())
    return built(FxDisagreement, f"{{most: {most}}}").check(of, view(known=known or rates(money=money)), account())


@pytest.mark.parametrize(
    ("money", "denied"), [("1050", None), ("1050.0001", "most"), ("950", None), ("949.9999", "most"), ("1000", None)]
)
def test_rates_may_be_so_far_apart(money: str, denied: str | None) -> None:
    assert rule_of(disagree(money)) == denied


def test_a_rate_that_is_not_known_is_named() -> None:
    assert disagree("1000", known={"money": rates()["money"]}) == Denied(
        "most", "no rate of the `premium` seat is known", "5%"
    )
    assert disagree("1000", known={"premium": rates()["premium"]}).observed == "no rate of the `money` seat is known"


def test_one_that_stands_far_out_is_told_with_its_sign() -> None:
    assert disagree("1200").observed == "20%"
    assert disagree("800").observed == "-20%"
