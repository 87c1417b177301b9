"""What the z-score signals would like at one moment, at each bound of the owner's rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal, FloatOperation, localcontext
from math import nan, nextafter
from typing import Any

import pytest

from karb_core.domain.decisions import Cause, Proposal, ProposalKind
from karb_core.domain.lots import Lot
from karb_core.ports import Fired, Judgement, Standing
from karb_premium.zscore_tiers import ZScoreTiers
from tests.plugins.karb_premium.signals import plain, tiered
from tests.plugins.scene import FAR, LONG, NEAR, NOW, SECOND, SHORT, TERMS, lot, moment, top, tops

REARM = {"rearm": {"below_z": 1}}


def judged(
    signal: Any, premium: str | None = "0.03", z: float = 2.0, standing: Standing | None = None, **more: Any
) -> Judgement:
    found: Judgement = signal.judge(moment(premium, z, **more), standing or Standing(), TERMS)
    return found


def entry(*args: Any, **more: Any) -> Proposal | None:
    proposals = judged(*args, **more).proposals
    assert len(proposals) <= 1
    assert all(p.kind is ProposalKind.ENTRY for p in proposals)
    return proposals[0] if proposals else None


def tier(*args: Any, **more: Any) -> str | None:
    found = entry(*args, **more)
    return found.tier if found is not None else "nothing"


def fired(name: str, complete: bool = True) -> Standing:
    return Standing((), (Fired(name, 1, Decimal("0.03"), complete),))


# -- entries -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "reached"),
    [
        (2.0, "normal"),
        (nextafter(2, 0), "nothing"),
        (nextafter(3, 0), "normal"),
        (3.0, "extreme"),
        (nextafter(4, 0), "extreme"),
        (4.0, "ultra"),
        (99.0, "ultra"),
        (nan, "nothing"),
    ],
)
def test_the_highest_tier_reached_acts_alone_and_its_bound_is_inclusive(z: float, reached: str) -> None:
    assert tier(tiered(), z=z) == reached
    assert tier(tiered(), z=-z) == reached


def test_a_bound_that_no_float_is_is_compared_exactly() -> None:
    """The float written 2.2 is above 22 / 10, the float written 2.3 below 23 / 10."""
    tiers = {"t": {"z": Decimal("2.2"), "take_profit": "none"}, "u": {"z": Decimal("2.3"), "take_profit": "none"}}
    assert tier(tiered(tiers=tiers), z=2.2) == "t"
    assert tier(tiered(tiers=tiers), z=2.3) == "t"
    assert tier(tiered(tiers=tiers), z=nextafter(2.3, 3)) == "u"


def test_what_is_proposed_is_the_tiers_own() -> None:
    at = (top(NEAR, "103000", "103100"), top(FAR, "100", "100.1"))
    found = entry(tiered(min_premium="0.5%", premium_sign="agrees"), "0.03", 3.1, at=at)
    assert found == Proposal(
        pair="BTC",
        kind=ProposalKind.ENTRY,
        cause=Cause.TAKEN,
        tier="extreme",
        side=SHORT,
        rules=("tiers.extreme.z", "when_high", "min_premium", "premium_sign"),
        lot_ids=(),
        target=Decimal("0.015"),
        seen=(("entry_premium", Decimal("0.02897103")), ("premium", Decimal("0.03")), ("z", Decimal("3.1"))),
    )
    one = entry(plain(), "0.03", -2.5)
    assert one is not None
    assert (one.tier, one.rules, one.target, one.side) == (None, ("entry", "when_low"), Decimal("0.004"), LONG)


@pytest.mark.parametrize(
    ("premium", "goes"),
    [("0.005", True), ("0.00499999", False), ("-0.005", True), ("-0.00499999", False), (None, False)],
)
def test_the_least_premium_is_inclusive_on_either_side_of_zero(premium: str | None, goes: bool) -> None:
    assert (entry(plain(min_premium="0.5%"), premium) is not None) is goes


@pytest.mark.parametrize(
    ("sign", "premium", "z", "goes"),
    [
        ("any", "-0.01", 2.0, True),
        ("agrees", "-0.01", 2.0, False),
        ("agrees", "0.01", 2.0, True),
        ("agrees", "0.01", -2.0, False),
        ("agrees", "-0.01", -2.0, True),
        ("agrees", "0", 2.0, False),
        ("agrees", "0", -2.0, False),
    ],
)
def test_long_only_below_zero_and_short_only_above_where_signs_must_agree(
    sign: str, premium: str, z: float, goes: bool
) -> None:
    assert (entry(plain(premium_sign=sign), premium, z) is not None) is goes


@pytest.mark.parametrize(
    ("high", "low", "z", "side"),
    [
        (SHORT, LONG, 2.0, SHORT),
        (SHORT, LONG, -2.0, LONG),
        (LONG, SHORT, 2.0, LONG),
        (LONG, SHORT, -2.0, SHORT),
        ("none", LONG, 2.0, None),
        (SHORT, "none", -2.0, None),
    ],
)
def test_the_side_is_what_the_owner_says_of_high_and_low(high: str, low: str, z: float, side: str | None) -> None:
    found = entry(plain(when_high=high, when_low=low), z=z)
    assert (None if found is None else found.side) == side


def test_a_rate_or_a_price_that_is_missing_is_seen_as_missing() -> None:
    for more in ({"known": {}}, {"at": tops("0")}):
        found = entry(plain(), **more)
        assert found is not None
        assert dict(found.seen)["entry_premium"] is None


# -- spent and re-armed ------------------------------------------------------------------------------------------------


def test_a_tier_fires_once_until_it_is_rearmed_and_no_lower_one_stands_in() -> None:
    assert tier(tiered(**REARM), z=3.0, standing=fired("extreme")) == "nothing"
    assert tier(tiered(**REARM), z=2.5, standing=fired("extreme")) == "normal"
    assert tier(tiered(**REARM), z=4.0, standing=fired("extreme")) == "ultra"
    assert tier(tiered(**REARM), z=3.0, standing=fired("extreme", complete=False)) == "extreme"
    assert entry(plain(**REARM), standing=fired("")) is None


def test_without_a_rearming_rule_nothing_is_ever_spent() -> None:
    assert tier(tiered(), z=3.0, standing=fired("extreme")) == "extreme"
    assert entry(plain(), standing=fired("")) is not None
    assert judged(plain(), z=0.1, standing=fired("")).rearmed is None


@pytest.mark.parametrize(("most", "entered"), [("none", True), (3, True), (2, False), (1, False)])
def test_nothing_is_entered_while_as_many_lots_are_open_as_may_be(most: object, entered: bool) -> None:
    two = Standing((lot(target="9"), lot(target="9")))
    assert (entry(tiered(max_open=most), z=4.0, standing=two) is not None) is entered
    assert (entry(plain(max_open=most), standing=two) is not None) is entered


def test_an_entry_says_that_the_lots_open_allowed_it() -> None:
    one, any_number = entry(plain(max_open=1)), entry(plain())
    assert one is not None and one.rules[-1] == "max_open"
    assert any_number is not None and "max_open" not in any_number.rules


@pytest.mark.parametrize(
    ("z", "rearmed"),
    [(1.0, None), (nextafter(1, 0), "rearm.below_z"), (-0.5, "rearm.below_z"), (-1.0, None), (nan, None)],
)
def test_it_is_rearmed_strictly_below_its_bound(z: float, rearmed: str | None) -> None:
    assert judged(tiered(**REARM), z=z, standing=fired("normal")).rearmed == rearmed
    assert judged(tiered(**REARM), z=z, standing=fired("normal", complete=False)).rearmed == rearmed
    assert judged(tiered(**REARM), z=z).rearmed is None


# -- exits -------------------------------------------------------------------------------------------------------------


def lots(*held: Lot) -> Standing:
    return Standing(held)


def test_each_lot_that_is_due_is_an_exit_of_its_own_with_its_tiers_line() -> None:
    """Back at 1 %: 2 % earned since 3 %, 1.7 % net; a target of 1.5 % is reached, one of 2 % is not."""
    held = lots(
        lot(target="0.015", tier="extreme", name="a"),
        lot(target="0.02", tier="ultra", name="b"),
        lot(target="0.008", name="c"),
    )
    found = judged(tiered(), "0.01", 0.2, held, at=tops("101000"))
    measured = ("exit.profit_by", "exit.profit", "exit.funding")
    assert [(p.lot_ids, p.rules) for p in found.proposals] == [
        (("a",), ("tiers.extreme.take_profit", *measured)),
        (("c",), ("tiers.normal.take_profit", *measured)),
    ]
    first = found.proposals[0]
    assert (first.kind, first.cause, first.side, first.tier) == (ProposalKind.EXIT, Cause.TAKEN, SHORT, "extreme")
    assert dict(first.seen)["premium"] == Decimal("0.01")
    assert dict(first.seen)["net"] == Decimal("0.01743689")  # (0.02 - 0.001 x 2.04) / 1.03


def test_a_lot_of_the_plain_signal_cites_its_own_target() -> None:
    found = judged(plain(), "0.01", 0.2, lots(lot(target="0.004", tier=None)), at=tops("101000"))
    assert found.proposals[0].rules[0] == "take_profit"


def test_an_exit_and_an_entry_are_never_proposed_together() -> None:
    held = lots(lot(LONG, near="99000", target="0.01"))
    found = judged(tiered(), "0.03", 4.0, held)
    assert [p.kind for p in found.proposals] == [ProposalKind.EXIT]
    far_from_it = lots(lot(LONG, near="102500", target="0.01"))
    assert tier(tiered(), "0.03", 4.0, far_from_it) == "ultra"


def test_an_exit_may_come_with_a_rearming() -> None:
    standing = replace(fired("normal"), lots=(lot(target="0.008"),))
    found = judged(tiered(**REARM), "0.01", 0.2, standing, at=tops("101000"))
    assert (len(found.proposals), found.rearmed) == (1, "rearm.below_z")


def test_a_lot_is_not_left_at_the_moment_it_was_opened() -> None:
    signal = plain({"exit_z": Decimal(5)})
    assert judged(signal, z=1.0, standing=lots(lot(opened_at_ns=NOW))).proposals == ()
    assert len(judged(signal, z=1.0, standing=lots(lot(opened_at_ns=NOW - 1))).proposals) == 1


def test_what_is_flat_is_not_left_again() -> None:
    bare = lot(target="0.0001")
    empty = replace(bare, legs=tuple(replace(leg, entered=leg.left) for leg in bare.legs))
    assert judged(plain({"exit_z": Decimal(5)}), z=1.0, standing=lots(empty)).proposals == ()


def test_a_lot_can_grow_old_where_no_premium_is_there() -> None:
    signal = plain({"max_holding": {"for": "1h", "then": "exit"}, "stop_loss": "0.001%"})
    found = judged(signal, None, nan, lots(lot(opened_at_ns=NOW - 3600 * SECOND)), known={})
    assert found.proposals[0].rules == ("exit.max_holding.for", "exit.max_holding.then")


@pytest.mark.parametrize(("age_s", "goes"), [(3599, True), (3600, False)])
def test_no_entry_while_a_lot_is_older_than_the_owner_lets_entries_go_on(age_s: int, goes: bool) -> None:
    signal = plain({"max_holding": {"for": "1h", "then": "stop_entries"}})
    assert (entry(signal, standing=lots(lot(opened_at_ns=NOW - age_s * SECOND))) is not None) is goes
    telling = plain({"max_holding": {"for": "1h", "then": "tell"}})
    assert entry(telling, standing=lots(lot(opened_at_ns=NOW - age_s * SECOND))) is not None


TELLING = {"max_holding": {"for": "1h", "then": "tell"}}


@pytest.mark.parametrize(("age_s", "told"), [(3599, ()), (3600, ("old",)), (7200, ("old",))])
def test_the_owner_is_told_of_a_lot_that_is_as_old_as_they_wrote(age_s: int, told: tuple[str, ...]) -> None:
    held = lots(lot(name="old", opened_at_ns=NOW - age_s * SECOND), lot(name="young", opened_at_ns=NOW - SECOND))
    found = judged(plain(TELLING), None, nan, held)
    assert tuple(reminder.lot_id for reminder in found.reminders) == told
    assert all(r.rules == ("exit.max_holding.for", "exit.max_holding.then") for r in found.reminders)
    assert found.proposals == ()


def test_of_a_lot_the_owner_is_told_once() -> None:
    old = lot(name="old", opened_at_ns=NOW - 3600 * SECOND)
    assert judged(plain(TELLING), None, nan, Standing((old,), (), frozenset({"old"}))) == Judgement()
    other = Standing((old,), (), frozenset({"other"}))
    assert [r.lot_id for r in judged(plain(TELLING), None, nan, other).reminders] == ["old"]


def test_a_lot_whose_exit_is_proposed_is_told_of_too_for_that_may_be_refused() -> None:
    found = judged(plain(TELLING | {"exit_z": Decimal(1)}), z=1.0, standing=lots(lot(opened_at_ns=1)))
    assert [p.kind for p in found.proposals] == [ProposalKind.EXIT]
    assert len(found.reminders) == 1


def test_judging_heeds_no_decimal_context_of_its_thread() -> None:
    held = lots(lot(target="0.015", tier="extreme"))
    calm = judged(tiered(), "0.01", 0.2, held, at=tops("101000")), judged(tiered(), z=2.5)
    with localcontext(Context(prec=2, traps=[FloatOperation])):
        assert (judged(tiered(), "0.01", 0.2, held, at=tops("101000")), judged(tiered(), z=2.5)) == calm


def test_tiers_in_any_order_are_read_by_their_bounds() -> None:
    tiers = {name: {"z": z, "take_profit": "1%"} for name, z in (("c", 4), ("a", 2), ("b", 3))}
    signal: ZScoreTiers = tiered(tiers=tiers)
    assert [tier(signal, z=z) for z in (2.0, 3.0, 4.0)] == ["a", "b", "c"]
