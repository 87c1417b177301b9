"""The funding to come less what it costs to be there: at a bound is enough, to enter and to leave."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.market import FundingRate
from karb_core.ports import Moment, Standing
from karb_premium.funding_carry import FundingCarry
from tests.plugins.karb_premium.signals import EXIT
from tests.plugins.scene import FAR, LEGS, LONG, NEAR, NOW, SECOND, SHORT, TERMS, lot, rates, top
from tests.rulebook.shipped import checked, edited

HOUR = 3600 * SECOND
DAY = 24 * HOUR


def signal(exits: dict[str, Any] | None = None, **rules: Any) -> FundingCarry:
    """Both venues take 0.05 %: in and out of both is 0.2 %. Ten days are thirty settlements of eight hours."""
    written: dict[str, Any] = {
        "bar": "1h", "price": "close", "enter": LONG, "over": "10d", "interval": "8h", "enter_at": "0.1%",
        "leave_at": "-0.2%", "max_open": "none", "take_profit": "none",
    }  # fmt: skip
    return FundingCarry(FundingCarry.Params.model_validate(written | rules | {"exit": EXIT | (exits or {})}))


def announced(rate: str, interval_ns: int | None = None, *, settles_ns: int = NOW + HOUR, settled: bool = False) -> Any:
    return FundingRate(FAR, Decimal(rate), settles_ns, settled, interval_ns, NOW, NOW)


def moment(told: FundingRate | None, *, present: bool = True) -> Moment:
    features = {"premium": 0, "present": present, "closed_at_ms": NOW // 10**6}
    return Moment(
        "BTC", NOW, features, LEGS, (top(NEAR, "100000"), top(FAR, "100")), rates(), {FAR: told} if told else {}
    )


def proposed(of: FundingCarry, at: Moment, *lots: Any) -> list[tuple[str, str]]:
    return [(p.kind.value, p.side) for p in of.judge(at, Standing(tuple(lots)), TERMS).proposals]


@pytest.mark.parametrize(("rate", "entered"), [("0.0001", True), ("0.00009999", False), ("0.00010001", True)])
def test_at_the_bound_it_enters_and_a_hair_below_it_does_not(rate: str, entered: bool) -> None:
    """0.01 % thirty times is 0.3 %; less 0.2 % that is the bound, 0.1 %."""
    assert proposed(signal(), moment(announced(rate))) == ([("entry", LONG)] if entered else [])


@pytest.mark.parametrize(("rate", "left"), [("0", True), ("-0.0001", True), ("0.00000001", False)])
def test_at_the_bound_a_lot_is_left_and_a_hair_above_it_is_not(rate: str, left: bool) -> None:
    held = lot(LONG, opened_at_ns=NOW - 1)
    assert proposed(signal(), moment(announced(rate)), held) == ([("exit", LONG)] if left else [])


def test_a_short_premium_receives_funding_below_zero() -> None:
    assert proposed(signal(enter=SHORT), moment(announced("-0.0001"))) == [("entry", SHORT)]
    assert proposed(signal(enter=SHORT), moment(announced("0.0001"))) == []


def test_the_time_between_settlements_is_what_the_venue_tells_and_else_what_is_written() -> None:
    """At four hours there are twice as many: half the rate is enough."""
    assert proposed(signal(), moment(announced("0.00005"))) == []
    assert proposed(signal(), moment(announced("0.00005", 4 * HOUR))) == [("entry", LONG)]
    assert proposed(signal(interval="4h"), moment(announced("0.00005"))) == [("entry", LONG)]
    assert proposed(signal(interval="4h"), moment(announced("0.0001", 8 * HOUR))) == [("entry", LONG)]
    assert proposed(signal(interval="4h"), moment(announced("0.00009", 8 * HOUR))) == []


@pytest.mark.parametrize(
    "told",
    [None, announced("NaN"), announced("0.01", settles_ns=NOW - 1), announced("0.01", 0)],
    ids=["nothing", "no number", "a settlement that is over", "no time between"],
)
def test_where_it_cannot_be_told_nothing_is_entered_and_nothing_left(told: Any) -> None:
    assert proposed(signal(), moment(told)) == []
    assert proposed(signal(leave_at="0.0%", enter_at="0.1%"), moment(told), lot(LONG, opened_at_ns=NOW - 1)) == []


def test_over_data_the_last_that_was_settled_counts() -> None:
    assert proposed(signal(), moment(announced("0.0001", settles_ns=NOW - HOUR, settled=True))) == [("entry", LONG)]


def test_a_pair_of_which_a_leg_is_missing_or_a_fee_is_not_stated_enters_nothing() -> None:
    assert proposed(signal(), moment(announced("0.01"), present=False)) == []
    without = replace(TERMS, costs={"upbit": Decimal("0.0005")})
    assert signal().judge(moment(announced("0.01")), Standing(), without).proposals == ()


def test_no_entry_beside_an_exit_nor_beyond_what_may_be_open() -> None:
    held = lot(LONG, opened_at_ns=NOW - 1)
    rich = moment(announced("0.01"))
    assert proposed(signal(max_open=1), rich, held) == []
    assert proposed(signal(max_open=2), rich, held) == [("entry", LONG)]
    due = signal({"max_holding": {"for": "1m", "then": "exit"}})
    assert proposed(due, rich, lot(LONG, opened_at_ns=NOW - HOUR)) == [("exit", LONG)]


@given(st.decimals("-0.01", "0.01", places=8), st.integers(1, 60), st.sampled_from([1, 2, 4, 8]))
def test_it_is_the_rate_as_often_as_it_is_settled_less_the_fees_of_both_ways(
    rate: Decimal, days: int, hours: int
) -> None:
    told = announced(str(rate), hours * HOUR)
    (bound, *_) = signal(over=f"{days}d").explain(moment(told), Standing(), TERMS).bounds
    exactly = rate * days * 24 / hours - Decimal("0.002")
    assert isinstance(bound.seen, Decimal)
    assert abs(bound.seen - exactly) <= Decimal("0.5e-8")
    assert bound.met == (exactly >= Decimal("0.001"))


def test_a_bound_to_leave_at_which_is_entered_is_refused() -> None:
    for leave in ("1.2%", "1.3%"):
        found = checked(edited(("leave_at: 0%  ", f"leave_at: {leave}"), of="cash_and_carry"))
        assert [error.code for error in found.errors] == ["K402"]
    assert checked(edited(("leave_at: 0%  ", "leave_at: 1.1%"), of="cash_and_carry")).errors == ()
