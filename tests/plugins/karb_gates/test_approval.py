"""The owner's word: for one entry of a pair, on the side that he named, for as long as the file says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from karb_core.domain.decisions import Denied, Passed
from karb_core.ports import Approval
from karb_gates.approval import ApprovalGate
from tests.plugins.karb_gates.asked import built, full_account, rule_of
from tests.plugins.karb_gates.test_counts import entering
from tests.plugins.scene import LONG, NOW, SECOND, SHORT, leaving, lot, plan, proposal, view

LIMIT = "`karb approve BTC`, good for 600s"


def asked(*, pair: str = "BTC", side: str | None = None, age_s: float = 0, way: Any = None, **more: Any) -> Any:
    word = Approval(side, NOW - round(age_s * SECOND), "ann@phone")
    return built(ApprovalGate, "{valid_for: 10m, worse: 0.2%}").check(
        way or plan(), view(), full_account(approvals={pair: word}, **more)
    )


def test_without_a_word_the_entry_waits_and_says_for_what() -> None:
    gate = built(ApprovalGate, "{valid_for: 10m, worse: 0.2%}")
    assert gate.check(plan(), view(), full_account()) == Denied(
        "valid_for", "BTC short_premium waits for your word", LIMIT
    )


@pytest.mark.parametrize(
    ("age_s", "denied"), [(0, None), (600, None), (600.000000001, "valid_for"), (-0.000000001, "valid_for")]
)
def test_a_word_is_good_for_so_long_and_one_from_the_future_is_none(age_s: float, denied: str | None) -> None:
    assert rule_of(asked(age_s=age_s)) == denied


@pytest.mark.parametrize(("side", "denied"), [(None, None), (SHORT, None), (LONG, "valid_for")])
def test_it_is_for_the_side_that_was_named_or_for_either(side: str | None, denied: str | None) -> None:
    assert rule_of(asked(side=side)) == denied


def test_it_is_for_its_pair() -> None:
    assert rule_of(asked(pair="ETH")) == "valid_for"


def test_while_an_entry_of_the_pair_is_under_way_there_is_no_second() -> None:
    told = asked(entering={"x": entering("BTC", "x")})
    assert told == Denied("valid_for", "an entry of BTC is under way", LIMIT)
    assert asked(entering={"x": entering("ETH", "x")}) == Passed()


@pytest.mark.parametrize(
    ("near", "denied"), [("103000", None), ("102800", None), ("102799.99999999", "worse"), ("120000", None)]
)
def test_it_is_quoted_anew_and_may_be_so_much_worse_than_what_was_judged(near: str, denied: str | None) -> None:
    """Judged at 3 %: near at 103,000 sold, far at 100 bought, a dollar at 1,000."""
    assert rule_of(asked(way=plan("1", near))) == denied


@pytest.mark.parametrize(("near", "denied"), [("103200", None), ("103200.00000001", "worse"), ("1", None)])
def test_bought_near_what_is_dearer_is_worse(near: str, denied: str | None) -> None:
    assert rule_of(asked(way=plan("1", near, proposal(side=LONG)))) == denied


def test_a_denial_tells_what_was_judged_and_how_far_it_is_from_there() -> None:
    assert asked(way=plan("1", "101000")) == Denied("worse", "3% was judged, now it is -2% from there", "0.2% worse")


def test_a_premium_that_was_not_told_is_none() -> None:
    blind = replace(proposal(), seen=())
    assert rule_of(asked(way=plan("1", "103000", blind))) == "worse"
    assert rule_of(asked(way=replace(plan(), legs=plan().legs[:1]))) == "worse"


def test_a_way_out_needs_no_word() -> None:
    held = lot()
    gate = built(ApprovalGate, "{valid_for: 10m, worse: 0.2%}")
    assert gate.check(leaving(held), view(), full_account(held)) == Passed()


def test_a_shorter_time_never_lets_more_through() -> None:
    for age_s in range(0, 700, 50):
        word = {"BTC": Approval(None, NOW - age_s * SECOND, "ann")}
        short, long = (
            built(ApprovalGate, f"{{valid_for: {s}s, worse: 0.2%}}").check(
                plan(), view(), replace(full_account(), approvals=word)
            )
            for s in (200, 500)
        )
        assert long == Passed() or short != Passed()
