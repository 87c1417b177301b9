"""How much is traded, and what is denied instead of being cut."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied, seen
from karb_core.ports import Fired, PairTerms, Sized, Stage, Standing
from karb_sizing.by_tier import ByTier
from karb_sizing.share import Share
from tests.plugins.scene import (
    FAR,
    LONG,
    NEAR,
    NOW,
    SHORT,
    TERMS,
    account,
    lot,
    moment,
    proposal,
    top,
    tops,
)

WHOLE = {"size": "15%", "split": "none"}


def share(size: str = "20%", of: str = "capital", counts: str = "near_leg") -> Share:
    return Share(Share.Params.model_validate({"of": of, "counts": counts, "size": size}))


def by_tier(of: str = "capital", kept_for: Any = "none", **tiers: Any) -> ByTier:
    sizes = {"normal": WHOLE, "extreme": {"size": "20%", "split": "none"}} | tiers
    return ByTier(ByTier.Params.model_validate({"of": of, "counts": "near_leg", "kept_for": kept_for, **sizes}))


def sized(found: Sized | Denied) -> Sized:
    assert isinstance(found, Sized), found
    return found


def near_of(found: Sized | Denied) -> Fraction:
    """The near notional of a size."""
    leg = sized(found).legs[0]
    return Fraction(abs(leg.amount).value) * Fraction(leg.price.value)


def held(cost: str, **more: Any) -> Any:
    """A lot whose near leg cost so many KRW."""
    return lot(near=cost, far="100", **more)


def test_they_are_stable() -> None:
    assert (Share.stage, ByTier.stage) == (Stage.STABLE, Stage.STABLE)


# -- the amount --------------------------------------------------------------------------------------------------------


def test_a_share_of_the_capital_is_near_money_at_the_price_of_our_side() -> None:
    """20 % of 40,000,000 KRW at the bid of 80,000 near: 100 BTC; far is bought at its ask."""
    at = (top(NEAR, "80000", "81000"), top(FAR, "99", "101"))
    found = sized(share().size(proposal(None, SHORT), moment(at=at), account()))
    near, far = found.legs
    assert (near.amount.value, near.price.value) == (Decimal(-100), Decimal(80_000))
    assert (far.amount.value, far.price.value) == (Decimal(100), Decimal(101))
    assert (found.rules, found.complete) == (("size", "of", "counts"), True)
    bought = sized(share().size(proposal(None, LONG), moment(at=at), account()))
    assert bought.legs[0].price.value == Decimal(81_000)
    assert bought.legs[0].amount.value == Decimal("98.76543209")
    assert bought.legs[1].price.value == Decimal(99)
    assert bought.legs[1].amount.value == Decimal("-98.76543209")


@pytest.mark.parametrize(
    ("of", "counts", "leverage", "near"),
    [
        ("capital", "near_leg", {}, 8_000_000),
        ("pair_share", "near_leg", {}, 3_200_000),
        ("capital", "both_legs", {}, 4_000_000),  # a venue without margin is paid in full
        ("capital", "both_legs", {"binance_usdm": Decimal(1)}, 4_000_000),
        ("capital", "both_legs", {"binance_usdm": Decimal(3)}, 6_000_000),
        ("pair_share", "both_legs", {"binance_usdm": Decimal(2)}, Fraction("2133333.33333333")),
    ],
)
def test_a_size_is_a_part_of_what_the_owner_says(of: str, counts: str, leverage: Any, near: Fraction) -> None:
    terms = replace(TERMS, leverage=leverage)
    at = tops("1", "1")
    found = share("20%", of, counts).size(proposal(None), moment(at=at), account(terms=terms))
    assert near_of(found) == near


@settings(max_examples=60)
@given(st.integers(1, 10**9), st.integers(1, 40), st.sampled_from([SHORT, LONG]))
def test_the_amount_is_the_most_that_fits_in_steps(price: int, percent: int, side: str) -> None:
    at = (top(NEAR, str(price)), top(FAR, "7"))
    found = share(f"{percent}%").size(proposal(None, side), moment(at=at), account())
    wanted = 400_000 * percent
    assert near_of(found) <= wanted < near_of(found) + Fraction(price, 10**8)
    legs = sized(found).legs
    assert legs[0].amount.value == -legs[1].amount.value
    assert (legs[0].amount.value > 0) is (side == LONG)


def test_what_is_no_amount_at_all_is_denied() -> None:
    for at in (tops("1" + "0" * 17), (top(NEAR, "0"), top(FAR, "1")), (top(NEAR, "1"), top(FAR, "0"))):
        found = share().size(proposal(None), moment(at=at), account())
        assert isinstance(found, Denied)
        assert found.rule == "size"


def test_a_capital_in_another_asset_than_near_is_denied() -> None:
    found = share().size(proposal(None), moment(), account(terms=replace(TERMS, capital=Amount(Decimal(9), "USDT"))))
    assert isinstance(found, Denied)
    assert found.rule == "/capital"


# -- the pair's share --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("open_cost", "fits"), [("8000000", True), ("8000000.01", False)])
def test_the_pairs_share_holds_lots_and_entry_together(open_cost: str, fits: bool) -> None:
    """40 % of 40,000,000 is 16,000,000: 8,000,000 open and 8,000,000 more are exactly that."""
    found = share().size(proposal(None), moment(), account(held(open_cost)))
    assert isinstance(found, Sized) is fits
    if isinstance(found, Denied):
        assert found == Denied(
            "/pairs/BTC/share", "8000000.01 KRW open, 16000000.01 KRW with this entry", "16000000 KRW"
        )


def test_lots_of_other_pairs_and_what_is_flat_do_not_count() -> None:
    gone = held("9000000").with_fill(NEAR, Amount(Decimal(1), "BTC"), Amount(Decimal(1), "KRW"), Amount.zero("KRW"))
    gone = gone.with_fill(FAR, Amount(Decimal(-1), "BTC"), Amount(Decimal(-1), "USDT"), Amount.zero("KRW"))
    assert gone.flat
    found = share().size(proposal(None), moment(), account(gone, held("8000000"), others=(held("9000000"),)))
    assert isinstance(found, Sized)


def test_a_tier_may_go_beyond_the_share_where_the_file_grants_it() -> None:
    full = account(held("16000000"))
    found = by_tier().size(proposal("extreme"), moment(), full)
    assert isinstance(found, Denied)
    assert found.rule == "/pairs/BTC/share"
    over = by_tier(extreme={"size": "20%", "split": "none", "over_share": True})
    assert sized(over.size(proposal("extreme"), moment(), full)).rules == (
        "extreme.size",
        "extreme.over_share",
        "of",
        "counts",
    )


def test_the_rule_of_a_pair_with_a_strange_name_is_a_pointer() -> None:
    terms = replace(TERMS, pairs={"A/B~": PairTerms("A/B~", (NEAR, FAR), Decimal(0))})
    found = share().size(proposal(None, pair="A/B~"), moment(), account(terms=terms))
    assert isinstance(found, Denied)
    assert found.rule == "/pairs/A~1B~0/share"


# -- what is kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "others", "fits"),
    [
        ("normal", "10000000", True),  # 8,000,000 + 10,000,000 + 6,000,000 of 24,000,000
        ("normal", "10000000.01", False),
        ("ultra", "10000000.01", True),
    ],
)
def test_what_is_kept_for_a_tier_the_others_of_all_pairs_leave(tier: str, others: str, fits: bool) -> None:
    rules = by_tier(kept_for={"ultra": "40%"}, ultra={"size": "15%", "split": "none"})
    lots = (held(others, tier="extreme"), held("30000000", tier="ultra", name="u"))
    found = rules.size(proposal(tier), moment(), account(held("8000000"), others=lots))
    assert isinstance(found, Sized) is fits
    if isinstance(found, Denied):
        assert (found.rule, found.limit) == ("kept_for.ultra", "24000000 KRW")


# -- clips -------------------------------------------------------------------------------------------------------------

SPLIT = {"size": "10%", "split": {"clips": ["40%", "35%", "25%"], "next": "0.3%"}}


def clip(
    premium: str, *made: tuple[str, bool], side: str = SHORT, at_ns: int = NOW, tier: str = "normal"
) -> Sized | Denied:
    fired = tuple(Fired(tier, 10 + i, Decimal(at), complete) for i, (at, complete) in enumerate(made))
    state = account(standing=Standing((), fired))
    return by_tier(normal=SPLIT).size(proposal("normal", side, premium), moment(at_ns=at_ns, at=tops("1")), state)


def test_clips_follow_one_another_and_the_last_completes_the_entry() -> None:
    made: list[tuple[str, bool]] = []
    for premium, part, complete in (("0.03", 40, False), ("0.033", 35, False), ("0.036", 25, True)):
        found = sized(clip(premium, *made))
        assert near_of(found) == 40_000 * part
        assert found.complete is complete
        made.append((premium, complete))
    assert sized(clip("0", *made)).complete is False  # without a re-arming rule it begins anew
    assert sized(clip("0.03")).rules == ("normal.size", "normal.split.clips", "normal.split.next", "of", "counts")


@pytest.mark.parametrize(
    ("side", "last", "premium", "goes"),
    [
        (SHORT, "0.03", "0.033", True),
        (SHORT, "0.03", "0.03299999", False),
        (SHORT, "0.03", "0.027", False),
        (LONG, "-0.01", "-0.013", True),
        (LONG, "-0.01", "-0.01299999", False),
        (LONG, "-0.01", "-0.007", False),
        (LONG, "0.001", "-0.002", True),
    ],
)
def test_the_next_clip_waits_for_its_step_outwards(side: str, last: str, premium: str, goes: bool) -> None:
    found = clip(premium, (last, False), side=side)
    assert isinstance(found, Sized) is goes
    if isinstance(found, Denied):
        assert found.rule == "normal.split.next"


def test_the_next_clip_comes_at_a_later_moment() -> None:
    assert isinstance(clip("0.04", ("0.03", False), at_ns=10), Denied)
    assert isinstance(clip("0.04", ("0.03", False), at_ns=11), Sized)


def test_what_was_made_before_the_last_complete_entry_plays_no_part() -> None:
    made = (("0.01", True), ("0.02", False), ("0.025", True), ("0.03", False))
    assert near_of(clip("0.033", *made)) == near_of(clip("0.033", *made[2:])) == 40_000 * 35


def test_another_tiers_clips_are_its_own() -> None:
    assert near_of(clip("0.03", ("0.03", False), tier="extreme")) == 1_600_000


@pytest.mark.parametrize(("told", "last"), [(seen({}), Decimal(0)), (seen({"premium": Decimal(9)}), None)])
def test_a_step_between_clips_needs_the_premium_of_both(told: Any, last: Decimal | None) -> None:
    state = account(standing=Standing((), (Fired("normal", 1, last, False),)))
    found = by_tier(normal=SPLIT).size(proposal("normal", seen=told), moment(), state)
    assert isinstance(found, Denied)
    assert found.rule == "normal.split.next"


def test_a_tier_without_a_size_is_denied() -> None:
    found = by_tier().size(proposal("ultra"), moment(), account())
    assert isinstance(found, Denied)
    assert found.rule == "use"
