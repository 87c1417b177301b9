"""How far a z-score signal was from acting: what it explains and what it does are the same rules."""

from __future__ import annotations

from decimal import Decimal
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import ProposalKind
from karb_core.ports import Explained, Explaining, Fired, Moment, Standing
from karb_premium.zscore import ZScore
from karb_premium.zscore_tiers import ZScoreTiers
from tests.plugins.karb_premium.signals import plain, tiered
from tests.plugins.scene import LEGS, LONG, NOW, SHORT, TERMS, lot, rates, tops

NOTHING = Standing()


def moment(z: float, premium: int = 3_000_000, near: str = "103000", *, present: bool = True) -> Moment:
    features = {"z": z, "premium": premium, "present": present}
    return Moment("BTC", NOW, features, LEGS, tops(near=near), rates())


def bounds(signal: ZScore | ZScoreTiers, of: Moment, standing: Standing = NOTHING) -> dict[str, Explained]:
    return {bound.rule: bound for bound in signal.explain(of, standing, TERMS).bounds}


def test_both_signals_explain() -> None:
    assert isinstance(plain(), Explaining)
    assert isinstance(tiered(), Explaining)


def test_it_tells_what_was_seen_as_a_decision_would() -> None:
    of = moment(2.5)
    (entry,) = plain().judge(of, NOTHING, TERMS).proposals
    told = dict(plain().explain(of, NOTHING, TERMS).seen)
    assert told == {name: value for name, value in entry.seen if name in ("premium", "z")}


@pytest.mark.parametrize(("z", "reached"), [(1.999, 0), (2.0, 1), (-2.0, 1), (3.5, 2), (4.0, 3)])
def test_each_tier_says_whether_it_is_reached(z: float, reached: int) -> None:
    told = tiered().explain(moment(z), NOTHING, TERMS).bounds
    assert [b.rule for b in told] == ["tiers.normal.z", "tiers.extreme.z", "tiers.ultra.z"]
    assert [b.met for b in told] == [n < reached for n in range(3)]
    assert [b.about for b in told] == ["normal", "extreme", "ultra"]


def test_short_is_the_rest_of_the_way() -> None:
    bound = bounds(plain(), moment(-1.25))["entry"]
    assert (bound.seen, bound.needed, bound.short) == (Decimal("1.25"), Decimal(2), Decimal("0.75"))
    assert bounds(plain(), moment(2.0))["entry"].short is None


def test_an_undefined_z_meets_nothing() -> None:
    bound = bounds(plain(min_premium="1%"), moment(nan, present=False))
    assert {(b.seen, b.met, b.short) for b in bound.values()} == {(None, False, None)}


def test_a_premium_at_its_least_is_enough() -> None:
    signal = plain(min_premium="3%")
    assert bounds(signal, moment(2.0, 3_000_000))["min_premium"].met
    under = bounds(signal, moment(2.0, -2_999_999))["min_premium"]
    assert (under.met, under.short) == (False, Decimal("0.00000001"))


@pytest.mark.parametrize(
    ("z", "premium", "relation", "met"),
    [(2.0, 1, ">", True), (2.0, -1, ">", False), (-2.0, -1, "<", True), (-2.0, 0, "<", False)],
)
def test_the_sign_that_is_asked_for(z: float, premium: int, relation: str, met: bool) -> None:
    bound = bounds(plain(premium_sign="agrees"), moment(z, premium))["premium_sign"]
    assert (bound.relation, bound.met) == (relation, met)


def test_a_side_that_is_not_entered_is_named() -> None:
    bound = bounds(plain(when_low="none"), moment(-3.0))["when_low"]
    assert (bound.needed, bound.met) == ("none", False)
    assert "when_low" not in bounds(plain(when_low="none"), moment(3.0))


def test_how_many_lots_may_be_open_is_told_with_how_many_are() -> None:
    signal, one = plain(max_open=1), Standing((lot(SHORT, tier=None),))
    empty, full = bounds(signal, moment(2.5))["max_open"], bounds(signal, moment(2.5), one)["max_open"]
    assert [(b.seen, b.relation, b.needed, b.met) for b in (empty, full)] == [
        (Decimal(0), "<", Decimal(1), True),
        (Decimal(1), "<", Decimal(1), False),
    ]
    assert "max_open" not in bounds(plain(), moment(2.5), one)


def test_a_spent_tier_waits_for_its_rearming_and_a_begun_one_does_not() -> None:
    signal = tiered(rearm={"below_z": 1})
    fired = (Fired("normal", 1, None, complete=True), Fired("extreme", 2, None, complete=False))
    told = [b for b in signal.explain(moment(2.5), Standing((), fired), TERMS).bounds if b.rule == "rearm.below_z"]
    assert [(b.about, b.relation, b.met, b.short) for b in told] == [("normal", "<", False, Decimal("1.5"))]
    assert not any(b.rule == "rearm.below_z" for b in tiered().explain(moment(2.5), Standing((), fired), TERMS).bounds)


def test_an_open_lot_says_every_line_it_may_leave_by() -> None:
    signal = plain({"exit_z": 1, "stop_loss": "3%", "max_holding": {"for": "2d", "then": "exit"}}, take_profit="0.4%")
    held = lot(SHORT, tier=None, target="0.004", opened_at_ns=NOW - 1_000_000_000)
    told = bounds(signal, moment(1.5), Standing((held,)))
    assert {"take_profit", "exit.exit_z", "exit.stop_loss", "exit.max_holding.for"} < told.keys()
    assert all(told[rule].about == held.id for rule in told if rule.startswith("exit."))
    # bought back where it was sold, it has only paid both venues' fees, twice
    assert told["take_profit"].seen == Decimal("-0.002")
    assert told["take_profit"].short == Decimal("0.006")
    assert told["exit.max_holding.for"].seen == Decimal(1)


@pytest.mark.parametrize(("age_s", "met"), [(3599, True), (3600, False)])
def test_entries_that_an_old_lot_holds_up_say_which(age_s: int, met: bool) -> None:
    signal = plain({"max_holding": {"for": "1h", "then": "stop_entries"}})
    held = lot(SHORT, tier=None, opened_at_ns=NOW - age_s * 1_000_000_000)
    bound = bounds(signal, moment(2.0), Standing((held,)))["exit.max_holding.then"]
    assert (bound.about, bound.seen, bound.relation, bound.met) == (held.id, Decimal(age_s), "<", met)
    telling = plain({"max_holding": {"for": "1h", "then": "tell"}})
    assert "exit.max_holding.then" not in bounds(telling, moment(2.0), Standing((held,)))


def test_a_lot_of_this_very_moment_is_not_left_yet() -> None:
    held = lot(SHORT, tier=None, target="0.004", opened_at_ns=NOW)
    assert "take_profit" not in bounds(plain(), moment(1.0), Standing((held,)))


@settings(max_examples=150)
@given(
    st.floats(-5, 5), st.integers(-10_000_000, 10_000_000), st.sampled_from(["any", "agrees"]), st.booleans(),
    st.sampled_from([SHORT, LONG, None]), st.integers(95_000, 110_000),
)  # fmt: skip
def test_what_is_explained_is_what_is_done(
    z: float, premium: int, sign: str, spent: bool, side: str | None, near: int
) -> None:
    signal = plain(premium_sign=sign, min_premium="1%", rearm={"below_z": 1}, max_open=1)
    fired = (Fired("", 1, None, complete=True),) if spent else ()
    standing = Standing((lot(side, tier=None, target="0.004"),) if side else (), fired)
    of = moment(z, premium, str(near))
    judged, told = signal.judge(of, standing, TERMS), signal.explain(of, standing, TERMS).bounds
    exits = [b for b in told if b.about == "lot-1" and b.rule == "take_profit"]
    assert [b.met for b in exits] == [any(p.kind is ProposalKind.EXIT for p in judged.proposals)] * len(exits)
    waits = [b for b in told if b.rule == "rearm.below_z"]
    assert (judged.rearmed is not None) == any(b.met for b in waits)
    entries = [b for b in told if not b.about and b.rule != "rearm.below_z"]
    entered = any(p.kind is ProposalKind.ENTRY for p in judged.proposals)
    assert entered == (all(b.met for b in entries) and not waits and not any(b.met for b in exits))
