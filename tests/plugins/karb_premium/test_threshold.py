"""Plain levels: strictly beyond them is entered, at them is left, and funding must be above its bound."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import ProposalKind
from karb_core.domain.market import FundingRate
from karb_core.ports import Moment, Standing
from karb_core.rulebook.money_table import money_table
from karb_premium.threshold import Threshold
from tests.plugins.karb_premium.signals import EXIT, series
from tests.plugins.karb_premium.test_waking import acting
from tests.plugins.scene import FAR, LEGS, LONG, NEAR, NOW, SECOND, SHORT, TERMS, lot, rates, top
from tests.rulebook.shipped import checked, shipped

ABOVE = {"premium": "3%", "enter": SHORT, "leave_at": "1%"}
BELOW = {"premium": "-1%", "enter": LONG, "leave_at": "0%"}
HOUR = 3600 * SECOND


def signal(exits: dict[str, Any] | None = None, **rules: Any) -> Threshold:
    written: dict[str, Any] = {
        "bar": "5m", "price": "close", "at": "sides", "above": ABOVE, "below": BELOW, "funding_above": "none",
        "max_open": "none", "take_profit": "none",
    }  # fmt: skip
    return Threshold(Threshold.Params.model_validate(written | rules | {"exit": EXIT | (exits or {})}))


def moment(bid: str, ask: str | None = None, *, close: str = "0", funding: FundingRate | None = None) -> Moment:
    """Far stands at 100, a dollar at 1000: a price near of 103,000 is 3 %. `close`: the premium of the closes."""
    features = {"premium": int(Decimal(close).scaleb(8)), "present": True, "closed_at_ms": NOW // 10**6}
    told = {} if funding is None else {FAR: funding}
    return Moment("BTC", NOW, features, LEGS, (top(NEAR, bid, ask), top(FAR, "100")), rates(), told)


def announced(rate: str, *, settles_ns: int = NOW + HOUR, settled: bool = False) -> FundingRate:
    return FundingRate(FAR, Decimal(rate), settles_ns, settled, 8 * HOUR, NOW, NOW)


def proposed(of: Threshold, at: Moment, *lots: Any) -> list[tuple[str, str | None, str]]:
    found = of.judge(at, Standing(tuple(lots)), TERMS)
    return [(p.kind.value, p.tier, p.side) for p in found.proposals]


@pytest.mark.parametrize(
    ("near", "entered"),
    [
        ("103000.001", [("entry", "above", SHORT)]), ("103000", []), ("102999.999", []),
        ("98999.999", [("entry", "below", LONG)]), ("99000", []), ("99000.001", []),
    ],
)  # fmt: skip
def test_only_strictly_beyond_a_level_is_entered(near: str, entered: list[Any]) -> None:
    assert proposed(signal(), moment(near)) == entered


def test_an_entry_is_judged_at_the_sides_we_would_trade_at_or_at_the_closes() -> None:
    wide = moment("102900", "103100", close="0.031")
    assert proposed(signal(), wide) == []  # sold at the bid it is 2.9 %
    assert proposed(signal(at="closes"), wide) == [("entry", "above", SHORT)]
    assert proposed(signal(above=ABOVE | {"enter": LONG}), wide) == [
        ("entry", "above", LONG)
    ]  # bought at the ask: 3.1 %


@pytest.mark.parametrize(("near", "left"), [("101000.001", False), ("101000", True), ("100999", True)])
def test_a_lot_is_left_when_the_premium_is_back_at_the_level(near: str, left: bool) -> None:
    held = lot(tier="above", opened_at_ns=NOW - 1)
    assert proposed(signal(), moment(near), held) == ([("exit", "above", SHORT)] if left else [])


@pytest.mark.parametrize(("near", "left"), [("99999.999", False), ("100000", True), ("100001", True)])
def test_a_lot_that_was_entered_low_is_left_high(near: str, left: bool) -> None:
    held = lot(LONG, tier="below", near="98000", opened_at_ns=NOW - 1)
    assert proposed(signal(), moment(near), held) == ([("exit", "below", LONG)] if left else [])


def test_what_leaves_is_cited_with_whatever_else_would() -> None:
    held = lot(tier="above", target="0.004", opened_at_ns=NOW - 1)
    (way,) = signal(take_profit="0.4%").judge(moment("100000"), Standing((held,)), TERMS).proposals
    assert way.rules == ("above.leave_at", "at", "take_profit", "exit.profit_by", "exit.profit", "exit.funding")
    assert way.kind is ProposalKind.EXIT


def test_no_entry_beside_an_exit_nor_in_the_moment_of_the_entry() -> None:
    held = lot(tier="below", side=LONG, near="98000", opened_at_ns=NOW - 1)
    assert proposed(signal(), moment("104000"), held) == [("exit", "below", LONG)]
    fresh = replace(held, opened_at_ns=NOW)
    assert proposed(signal(), moment("104000"), fresh) == [("entry", "above", SHORT)]


@pytest.mark.parametrize(("rate", "entered"), [("0.00000001", True), ("0", False), ("-0.0001", False), ("NaN", False)])
def test_funding_must_be_strictly_above_its_bound(rate: str, entered: bool) -> None:
    assert bool(proposed(signal(funding_above="0%"), moment("104000", funding=announced(rate)))) is entered


@pytest.mark.parametrize(
    ("told", "entered"),
    [
        (None, False),
        (announced("0.0001", settles_ns=NOW), True),  # the one that settles right now was announced for now
        (announced("0.0001", settles_ns=NOW - 1), False),  # what was announced for a settlement that is over
        (announced("0.0001", settles_ns=NOW - HOUR, settled=True), True),  # over data: the last that was settled
    ],
)
def test_what_was_announced_for_a_settlement_that_is_over_is_nothing(told: Any, entered: bool) -> None:
    assert bool(proposed(signal(funding_above="0%"), moment("104000", funding=told))) is entered
    assert proposed(signal(), moment("104000", funding=told)) == [("entry", "above", SHORT)]


def test_it_reads_funding_only_where_a_bound_on_it_is_written() -> None:
    assert [signal(funding_above=bound).reads_funding() for bound in ("0%", "-0.01%", "none")] == [True, True, False]


def test_as_many_lots_as_are_allowed_are_enough() -> None:
    held = lot(tier="above", opened_at_ns=NOW - 1)
    assert proposed(signal(max_open=1), moment("104000"), held) == []
    assert proposed(signal(max_open=2), moment("104000"), held) == [("entry", "above", SHORT)]


def test_without_a_rate_nothing_is_entered() -> None:
    at = replace(moment("104000"), rates={})
    assert proposed(signal(), at) == []
    assert proposed(signal(at="closes"), replace(at, features={**at.features, "present": False})) == []


def test_profit_of_nothing_is_proposed_as_soon_as_nothing_is_lost() -> None:
    held = lot(tier="above", target="0", near="100100", far="100", opened_at_ns=NOW - 1)
    krw = signal({"profit_by": "krw"}, take_profit="0%", above=ABOVE | {"leave_at": "none"})
    earned = {near: proposed(krw, moment(near), held) for near in ("100000", "99990", "100010")}
    # sold at 100,100: 100 less 50 and 50 of fees of leaving at 100,000
    assert earned == {"100000": [("exit", "above", SHORT)], "99990": [("exit", "above", SHORT)], "100010": []}


def test_each_bound_can_be_asked_how_far_it_was() -> None:
    held = lot(tier="above", target="0.004", opened_at_ns=NOW - 1)
    of = signal(take_profit="0.4%", funding_above="0%", max_open=2)
    told = {
        e.rule: e.met
        for e in of.explain(moment("104000", funding=announced("0.0001")), Standing((held,)), TERMS).bounds
    }
    assert told == {
        "above.premium": True, "below.premium": False, "funding_above": True, "max_open": True,
        "above.leave_at": False, "take_profit": False,
    }  # fmt: skip


levels = st.sampled_from(["sides", "closes"])
ways = st.sampled_from([SHORT, LONG])
premia = st.lists(
    st.sampled_from([95.0, 98.9, 99.0, 100.0, 101.0, 102.9, 103.0, 103.1, 105.0, 0.0]), min_size=1, max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    premia,
    levels,
    ways,
    ways,
    st.sampled_from(["0", "0.0003"]),
    st.sampled_from(["none", "above", "below"]),
    st.booleans(),
)
def test_no_row_at_which_it_acts_is_passed_over(
    near: list[float], at: str, high: str, low: str, slippage: str, tier: str, targeted: bool
) -> None:
    of = signal(at=at, above=ABOVE | {"enter": high}, below=BELOW | {"enter": low}, max_open=2)
    held = lot(high if tier == "above" else low, tier=tier, target="0.001" if targeted else None, near="100000")
    standing = Standing(() if tier == "none" else (held,))
    rows = series([n * 1000 for n in near])
    acts = acting(of, rows, standing, Decimal(slippage))
    woken = np.flatnonzero(of.wakes(of.features(rows), standing, TERMS)).tolist()
    assert set(acts) <= set(woken)


@pytest.mark.parametrize("then", ["exit", "tell", "stop_entries"])
@pytest.mark.parametrize("age_s", [-1, 0, 1])
def test_no_row_at_which_the_longest_holding_acts_is_passed_over(then: str, age_s: int) -> None:
    of = signal({"max_holding": {"for": "600s", "then": then}}, above=ABOVE | {"leave_at": "none"})
    rows = series([102_000.0, 102_000.0])
    held = lot(tier="above", opened_at_ns=int(rows.closed_at_ms[1]) * 10**6 - (600 + age_s) * SECOND)
    acts = acting(of, rows, Standing((held,)), Decimal(0))
    assert acts == ([1] if age_s >= 0 and then != "stop_entries" else [])
    assert set(acts) <= set(np.flatnonzero(of.wakes(of.features(rows), Standing((held,)), TERMS)).tolist())


def wrong(*changes: tuple[str, str]) -> list[str]:
    text = shipped("kimp_simple")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return [error.code for error in checked(text).errors]


@pytest.mark.parametrize(
    "changes",
    [
        (("leave_at: 1.0% ", "leave_at: 3.1% "),),
        (("leave_at: 0%", "leave_at: -1.1%"),),
        (("premium: -1.0%", "premium: 3.1%"), ("leave_at: 0%", "leave_at: none")),
        (("exit_z: none", "exit_z: 0.5"),),
    ],
)
def test_levels_that_contradict_each_other_are_refused(changes: tuple[tuple[str, str], ...]) -> None:
    assert wrong(*changes) == ["K402"]


def test_a_level_that_is_left_where_it_is_entered_is_no_contradiction() -> None:
    assert wrong(("leave_at: 1.0% ", "leave_at: 3.0% ")) == []


def test_who_pays_the_funding_that_is_asked_for_is_warned_and_who_receives_it_is_not() -> None:
    warned = {
        name: "K411" in {finding.code for finding in checked(shipped(name)).findings}
        for name in ("kimp_threshold", "kimp_threshold_carry")
    }
    assert warned == {"kimp_threshold": True, "kimp_threshold_carry": False}


def test_what_each_level_needs_is_told_of_its_own_side_alone() -> None:
    found = checked(shipped("kimp_simple")).rulebook
    assert found is not None
    prices = {"upbit BTC/KRW": Decimal(10**8), "binance_usdm BTC/USDT": Decimal(70_000), "USDT/KRW": Decimal(1400)}
    assert [(row.tier, row.side) for row in money_table(found, prices)] == [("above", SHORT), ("below", LONG)]
