"""What can be had near the plan's price, on the side that each leg needs: the leg with less counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, LegTarget, Passed
from karb_core.domain.market import Depth, Level
from karb_gates.liquidity import Liquidity
from tests.plugins.karb_gates.asked import built, full_account, rule_of
from tests.plugins.scene import FAR, NEAR, NOW, SECOND, plan, rates, view

PLENTY = (("100", "999999"),)


def side(levels: Any) -> tuple[Level, ...]:
    return tuple(Level(Decimal(price), Decimal(amount)) for price, amount in levels)


def book(leg: Any, bids: Any = (), asks: Any = (), at_ns: int = NOW) -> Depth:
    return Depth(leg, side(bids), side(asks), at_ns, at_ns)


def asked(
    near: Depth | None, far: Depth | None = None, *, least: str = "1000000 KRW", known: Any = None, way: Any = None
) -> Any:
    """The plan sells near at 1000 and buys far at 100; a tether is 1000 won, the band 1 %, a book may be 3 s old."""
    far = book(FAR, asks=PLENTY) if far is None else far
    depths = {leg: told for leg, told in ((NEAR, near), (FAR, far)) if told is not None}
    gate = built(Liquidity, f"{{band: 1%, least: {least}, max_age: 3s}}")
    return gate.check(way or plan("1", "1000"), replace(view(known=known), depths=depths), full_account())


@pytest.mark.parametrize(
    ("bids", "refused"),
    [
        ([("1000", "1000")], None),
        ([("1000", "999.999")], "least"),
        ([("1000", "10"), ("990", "1000")], None),  # exactly the band counts
        ([("1000", "10"), ("989.99999999", "99999")], "least"),
        ([("1010", "991")], None),  # better than the plan's price counts too
        ([], "least"),
    ],
)
def test_what_is_bid_within_the_band_counts_at_its_own_price(bids: Any, refused: str | None) -> None:
    assert rule_of(asked(book(NEAR, bids=bids, asks=PLENTY))) == refused


def test_each_leg_is_asked_on_the_side_that_it_needs() -> None:
    there = [("1000", "5000")]
    assert rule_of(asked(book(NEAR, asks=there))) == "least"
    turned = replace(plan(), legs=tuple(LegTarget(t.instrument, -t.amount, t.price) for t in plan("1", "1000").legs))
    far = book(FAR, bids=PLENTY)
    assert asked(book(NEAR, asks=there), far, way=turned) == Passed()
    assert rule_of(asked(book(NEAR, bids=there), far, way=turned)) == "least"


def test_the_leg_with_less_counts_and_is_named_in_the_limits_asset() -> None:
    """Ten coins at 100 are 1,000 USDT, 1,000,000 won; 9 at 100 are 900,000."""
    near = book(NEAR, bids=[("1000", "999999")])
    assert asked(near, book(FAR, asks=[("100", "10")])) == Passed()
    assert asked(near, book(FAR, asks=[("100", "9"), ("102", "99")])) == Denied(
        "least", "binance_usdm BTC/USDT: 900000 KRW", "1000000 KRW"
    )


@pytest.mark.parametrize(("age_s", "refused"), [(0, None), (3, None), (3.000000001, "max_age"), (-0.5, "max_age")])
def test_an_old_book_does_not_count_and_neither_does_one_from_the_future(age_s: float, refused: str | None) -> None:
    at_ns = NOW - round(age_s * SECOND)
    assert rule_of(asked(book(NEAR, bids=[("1000", "5000")], at_ns=at_ns))) == refused


def test_a_leg_without_a_book_is_refused_by_name() -> None:
    assert asked(None) == Denied("max_age", "upbit BTC/KRW has no book", "3s")


def test_a_leg_that_no_rate_leads_from_is_refused() -> None:
    near = book(NEAR, bids=[("1000", "5000")])
    only_judged = {"premium": rates()["premium"]}
    assert asked(near, known=only_judged) == Denied(
        "least", "binance_usdm BTC/USDT: no rate to KRW is known", "1000000 KRW"
    )
    assert rule_of(asked(near, known={"money": rates()["premium"]})) == "least"  # of the dollar, not of the tether


def test_a_limit_in_the_tether_leaves_out_a_leg_in_won() -> None:
    """The `money` rate leads from the tether to won, and not back."""
    assert rule_of(asked(book(NEAR, bids=[("1000", "5000")]), least="10 USDT")) == "least"


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 2_000_000), st.integers(1, 2_000_000))
def test_a_tighter_limit_never_lets_more_through(one: int, other: int, least: int, more: int) -> None:
    near = book(NEAR, bids=[(str(price), "100") for price in range(1000, 950, -3)])
    far = book(FAR, asks=[(str(price), "2") for price in range(100, 110)])
    at = replace(view(), depths={NEAR: near, FAR: far})

    def passes(band: int, limit: int) -> bool:
        gate = built(Liquidity, f"{{band: {band}bp, least: {limit} KRW, max_age: 3s}}")
        return bool(gate.check(plan("1", "1000"), at, full_account()) == Passed())

    if passes(min(one, other), max(least, more)):
        assert passes(max(one, other), min(least, more))
