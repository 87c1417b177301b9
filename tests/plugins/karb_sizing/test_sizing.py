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
from karb_core.rulebook.file_view import file_view
from karb_core.texts.text import render
from karb_sizing.by_tier import ByTier
from karb_sizing.fixed import Fixed
from karb_sizing.kelly import Kelly
from karb_sizing.risk_per_trade import RiskPerTrade
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
from tests.rulebook.shipped import checked, section, shipped

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
    assert {sizing.stage for sizing in (Share, ByTier, Fixed, RiskPerTrade)} == {Stage.STABLE}


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


# -- the risk of one trade ---------------------------------------------------------------------------------------------


def risk_per_trade(risk: str = "1%") -> RiskPerTrade:
    return RiskPerTrade(RiskPerTrade.Params.model_validate({"risk": risk}))


def stopped(stop: str | None, **more: Any) -> Any:
    return replace(TERMS, stop_loss=None if stop is None else Decimal(stop), **more)


@pytest.mark.parametrize(
    ("risk", "stop", "near"),
    [
        ("1%", "0.1", 4_000_000),  # 400,000 KRW is a tenth of it
        ("1%", "0.025", 16_000_000),  # exactly the pair's share
        ("0.5%", "0.03", Fraction("6666666.66666666")),
        ("0.00000001%", "1", Fraction("0.004")),
    ],
)
def test_a_lot_left_at_its_stop_loses_the_risk(risk: str, stop: str, near: Fraction) -> None:
    found = risk_per_trade(risk).size(proposal(None), moment(at=tops("1", "1")), account(terms=stopped(stop)))
    assert near_of(found) == near
    assert sized(found).rules == ("risk", "/signal/with/exit/stop_loss")
    assert (
        near * Fraction(stop) <= 40_000_000 * Fraction(risk[:-1]) / 100 < (near + Fraction(1, 10**8)) * Fraction(stop)
    )


def test_more_than_the_pairs_share_is_denied_and_not_cut() -> None:
    found = risk_per_trade().size(proposal(None), moment(), account(terms=stopped("0.02499999")))
    assert isinstance(found, Denied)
    assert found.rule == "/pairs/BTC/share"


@pytest.mark.parametrize("stop", [None, "0"])
def test_without_a_stop_no_size_follows(stop: str | None) -> None:
    found = risk_per_trade().size(proposal(None), moment(), account(terms=stopped(stop)))
    assert isinstance(found, Denied)
    assert found.rule == "/signal/with/exit/stop_loss"


# -- Kelly -------------------------------------------------------------------------------------------------------------


def kelly(wins: str, win: str, loss: str, fraction: str, cap: str) -> Kelly:
    figures = {"wins": wins, "average_win": win, "average_loss": loss, "fraction": fraction, "cap": cap}
    return Kelly(Kelly.Params.model_validate({"of": "capital", "counts": "near_leg", **figures}))


@pytest.mark.parametrize(
    ("figures", "near", "rules"),
    [
        (
            ("60%", "0.8%", "1%", "1%", "20%"),
            4_000_000,
            ("fraction", "wins", "average_win", "average_loss"),
        ),  # 10 x 1 %
        (("60%", "100%", "100%", "50%", "20%"), 4_000_000, ("fraction", "wins", "average_win", "average_loss")),
        (("60%", "100%", "100%", "100%", "20%"), 8_000_000, ("fraction", "wins", "average_win", "average_loss")),
        (("60%", "0.8%", "1%", "10%", "20%"), 8_000_000, ("cap",)),
    ],
)
def test_a_fraction_of_kelly_up_to_a_cap(figures: tuple[str, ...], near: int, rules: tuple[str, ...]) -> None:
    found = kelly(*figures).size(proposal(None), moment(at=tops("1", "1")), account())
    assert near_of(found) == near
    assert sized(found).rules == (*rules, "of", "counts")


@pytest.mark.parametrize("wins", ["50%", "49%"])
def test_without_an_edge_there_is_no_size(wins: str) -> None:
    found = kelly(wins, "1%", "1%", "100%", "20%").size(proposal(None), moment(), account())
    assert isinstance(found, Denied)
    assert found.rule == "wins"


# -- a fixed amount ----------------------------------------------------------------------------------------------------


def fixed(*amounts: str, counts: str = "near_leg") -> Fixed:
    return Fixed(Fixed.Params.model_validate({"amounts": list(amounts), "counts": counts}))


@pytest.mark.parametrize(
    ("amounts", "counts", "near"),
    [
        (("1,000,000 KRW",), "near_leg", 1_000_000),
        (("1,000,000 KRW",), "both_legs", 500_000),
        (("0.1 BTC", "5,000,000 KRW"), "near_leg", 5_000_000),  # 0.0526 BTC at 95,000,000
        (("0.05 BTC", "5,000,000 KRW"), "near_leg", 4_750_000),
        (("0.05 BTC", "5,000,000 KRW"), "both_legs", 2_500_000),
        (("0.05 BTC",), "both_legs", 4_750_000),  # coins are those of each leg
        (("0.01 ETH", "5,000,000 KRW"), "near_leg", 5_000_000),  # another pair's coin says nothing here
    ],
)
def test_of_several_amounts_the_smallest_binds(amounts: tuple[str, ...], counts: str, near: int) -> None:
    found = fixed(*amounts, counts=counts).size(proposal(None), moment(at=tops("95000000")), account())
    assert near - 1 < near_of(found) <= near
    assert sized(found).rules == ("amounts", "counts")


def test_coins_are_the_amount_of_each_leg() -> None:
    near, far = sized(fixed("0.05 BTC").size(proposal(None, LONG), moment(at=tops("95000000")), account())).legs
    assert (near.amount.value, far.amount.value) == (Decimal("0.05"), Decimal("-0.05"))


@pytest.mark.parametrize(("amount", "rule"), [("16,000,001 KRW", "/pairs/BTC/share"), ("1 ETH", "amounts")])
def test_an_amount_that_cannot_be_traded_whole_is_denied(amount: str, rule: str) -> None:
    found = fixed(amount).size(proposal(None), moment(), account())
    assert isinstance(found, Denied)
    assert found.rule == rule


# -- what a look at the file finds -------------------------------------------------------------------------------------

ZSCORE_SIZE = section(shipped("kimp_zscore"), "sizing:", "risk_gates:")
PROFIT_ONLY = "  - {use: gates.profit_only_exit, at: [exit]}\n"


@pytest.mark.parametrize(
    ("written", "stop", "said"),
    [
        ("sizing.risk_per_trade, with: {risk: 1%}", "3%", []),
        (
            "sizing.risk_per_trade, with: {risk: 1%}",
            "none",
            [("K429", "the size is the risk over the stop, and the signal states no `stop_loss`")],
        ),
        ("sizing.risk_per_trade, with: {risk: 1%}", "2.5%", []),
        (
            "sizing.risk_per_trade, with: {risk: 1.1%}",
            "2.5%",
            [
                ("K402", "an entry of this size is larger than every pair's share: it can never fire"),
                ("K402", "an entry of BTC is larger than this limit: it can never fire"),
            ],
        ),
        ("sizing.fixed, with: {amounts: [1000000 KRW], counts: near_leg}", "none", []),
        (
            "sizing.kelly, with: {of: capital, counts: near_leg, wins: 50%, average_win: 1%, average_loss: 1%, "
            "fraction: 10%, cap: 20%}",
            "none",
            [("K402", "wins and losses as they are stated lose in the long run: no entry has a size")],
        ),
        (
            "sizing.fixed, with: {amounts: [0.01 BTC, 0.2 ETH], counts: near_leg}",
            "none",
            [("K402", "no amount is in KRW or XRP: XRP can never be entered")],
        ),
    ],
)
def test_a_size_that_can_never_be_is_found_in_the_file(written: str, stop: str, said: list[tuple[str, str]]) -> None:
    text = shipped("kimp_zscore").replace(ZSCORE_SIZE, f"sizing: {{use: {written}}}\n").replace(PROFIT_ONLY, "")
    found = checked(text.replace("stop_loss: none", f"stop_loss: {stop}"))
    assert [(error.code, render(error.said)) for error in found.errors] == said


def test_a_file_shows_what_entries_of_a_stated_size_need() -> None:
    text = shipped("kimp_zscore").replace(ZSCORE_SIZE, "sizing: {use: sizing.risk_per_trade, with: {risk: 0.1%}}\n")
    rulebook = checked(text.replace("stop_loss: none", "stop_loss: 2%").replace(PROFIT_ONLY, "")).rulebook
    assert rulebook is not None
    assert {tier: facts.size for tier, facts in file_view(rulebook).sizes.items()} == {"": Decimal("0.05")}
