"""Gates that count money: what is deployed, what stands unhedged, what stays free."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.holdings import Account
from karb_gates.free_after import FreeAfter
from karb_gates.max_deployed import MaxDeployed
from karb_gates.net_exposure import NetExposure
from tests.plugins.karb_gates.asked import FREE, FULL_TERMS, built, full_account, rule_of
from tests.plugins.karb_gates.test_counts import entering
from tests.plugins.scene import FAR, LONG, leaving, lot, plan, rates, top, tops, view
from tests.rulebook.shipped import checked, edited

GATE = "  - {use: gates.profit_only_exit, at: [exit]}\n"
#: One BTC at 103,000 KRW and 100 USDT, which are 100,000 KRW; of a capital of 400,000 KRW a half is 200,000.
SMALL = replace(FULL_TERMS, capital=Amount(Decimal(400_000), "KRW"))


def deployed(written: str, *lots: Any, of: Any = None, known: Any = None, **more: Any) -> Any:
    state = replace(full_account(*lots, **more), terms=more.get("terms", SMALL))
    return built(MaxDeployed, written).check(of or plan(), view(known=known), state)


@pytest.mark.parametrize(
    ("in_all", "counts", "denied"),
    [
        ("51.5%", "near_leg", None),
        ("51.4999%", "near_leg", "in_all"),
        ("101.5%", "both_legs", None),
        ("101.4999%", "both_legs", "in_all"),
    ],
)
def test_so_much_of_the_capital_may_be_deployed(in_all: str, counts: str, denied: str | None) -> None:
    """A lot and an entry of the same size: 206,000 KRW near, 200,000 KRW of margin abroad."""
    assert rule_of(deployed(f"{{counts: {counts}, in_all: {in_all}, venues: none}}", lot())) == denied


@pytest.mark.parametrize(("most", "denied"), [("50%", None), ("49.9999%", "venues.binance_usdm")])
def test_each_venue_has_a_limit_of_its_own(most: str, denied: str | None) -> None:
    written = f"{{counts: near_leg, in_all: none, venues: {{upbit: 100%, binance_usdm: {most}}}}}"
    assert rule_of(deployed(written, lot())) == denied


def test_margin_counts_at_the_leverage_that_the_file_states() -> None:
    written = "{counts: both_legs, in_all: 76.5%, venues: none}"
    assert deployed(written, lot(), terms=replace(SMALL, leverage={"binance_usdm": Decimal(2)})) == Passed()
    assert rule_of(deployed(written, lot())) == "in_all"


def test_what_is_abroad_goes_through_the_money_rate_of_now() -> None:
    written = "{counts: both_legs, in_all: 101.5%, venues: none}"
    assert rule_of(deployed(written, lot(), known=rates(money="1000.01"))) == "in_all"
    assert deployed(written, lot(), known=rates(premium="9999")) == Passed()


def test_an_entry_of_another_pair_under_way_counts_whole() -> None:
    written = "{counts: near_leg, in_all: 51.5%, venues: none}"
    assert deployed(written, entering={"new": entering("ETH")}) == Passed()
    assert rule_of(deployed(written, lot(), entering={"new": entering("ETH")})) == "in_all"


def test_a_lot_that_is_being_filled_counts_what_its_plan_is_for() -> None:
    partly = lot(name="new", amount="0.1")
    written = "{counts: near_leg, in_all: 51.5%, venues: none}"
    assert deployed(written, partly, entering={"new": entering()}) == Passed()
    assert (
        rule_of(deployed("{counts: near_leg, in_all: 51.4%, venues: none}", partly, entering={"new": entering()}))
        == "in_all"
    )


def test_what_cannot_be_counted_is_denied_by_its_line() -> None:
    verdict = deployed("{counts: near_leg, in_all: 900%, venues: none}", lot(), known={})
    assert verdict == Denied("in_all", "binance_usdm BTC/USDT: USDT has no `money` rate to KRW", "what can be counted")
    assert rule_of(deployed("{counts: near_leg, in_all: none, venues: {upbit: 900%}}", lot(), known={})) == "venues"


def test_a_way_out_is_never_counted() -> None:
    held = lot()
    assert deployed("{counts: both_legs, in_all: 1%, venues: none}", held, of=leaving(held)) == Passed()


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.sampled_from(["near_leg", "both_legs"]))
def test_a_tighter_limit_never_lets_more_through(a: int, b: int, counts: str) -> None:
    tight, wide = sorted((a, b))
    if deployed(f"{{counts: {counts}, in_all: {tight}bp, venues: none}}", lot()) == Passed():
        assert deployed(f"{{counts: {counts}, in_all: {wide}bp, venues: none}}", lot()) == Passed()


@pytest.mark.parametrize(
    "line",
    ["{counts: near_leg, in_all: none, venues: none}", "{counts: near_leg, in_all: 95%, venues: {bithumb: 10%}}"],
)
def test_a_line_that_can_limit_nothing_is_refused(line: str) -> None:
    line = f"  - {{use: gates.max_deployed, at: [entry], with: {line}}}\n"
    assert [e.code for e in checked(edited((GATE, GATE + line))).errors] == ["K402"]


def uneven(amount: str, side: str = "short_premium") -> Any:
    """A lot whose far leg has so much less."""
    held, back = lot(side), FAR.amount(Decimal(amount))
    return held.with_fill(FAR, back, back.at(FAR.price(Decimal(100))), Amount(Decimal(0), "USDT"))


def exposed(*lots: Any, most: str = "103 KRW", at: Any = None) -> Any:
    return built(NetExposure, f"{{most: {most}}}").check(plan(), view(*(at or tops())), full_account(*lots))


@pytest.mark.parametrize(
    ("left", "denied"), [("-0.001", None), ("-0.0010001", "most"), ("0.001", None), ("0.0011", "most")]
)
def test_so_much_may_stand_unhedged(left: str, denied: str | None) -> None:
    assert rule_of(exposed(uneven(left))) == denied


def test_even_lots_expose_nothing_whatever_the_prices_are() -> None:
    assert exposed(lot(), lot(LONG, name="b"), most="0 KRW", at=()) == Passed()
    assert exposed(lot(), most="0 KRW", at=(top(FAR, "100"),)) == Passed()


def test_lots_that_make_up_for_each_other_do_not_count() -> None:
    assert exposed(uneven("-0.5"), uneven("0.5", LONG), most="0 KRW") == Passed()
    assert exposed(uneven("-0.5"), most="0 KRW") == Denied("most", "51500 KRW unhedged", "0 KRW")


def test_what_has_no_price_cannot_be_counted() -> None:
    assert exposed(uneven("-0.5"), at=(top(FAR, "100"),)).observed == "-0.5 BTC has no price in KRW"


def test_leaving_is_never_held_by_what_is_uneven() -> None:
    held = uneven("-0.5")
    assert built(NetExposure, "{most: 0 KRW}").check(leaving(held), view(), full_account(held)) == Passed()


def free(least: str, venue: str = "binance_usdm", amount: str = "1", **more: Any) -> Any:
    gate = built(FreeAfter, f"{{venue: {venue}, least: {least}}}")
    return gate.check(more.get("of") or plan(amount), view(), replace(full_account(), free=more.get("free", FREE)))


@pytest.mark.parametrize(("least", "denied"), [("29899.95 USDT", None), ("29899.96 USDT", "least")])
def test_so_much_stays_free_after_margin_and_fee(least: str, denied: str | None) -> None:
    """Of 30,000 USDT 100 become margin and 0.05 a fee."""
    assert rule_of(free(least)) == denied


def test_coins_that_are_sold_are_asked_for_too() -> None:
    assert free("99 BTC", "upbit") == Passed()
    assert free("99.1 BTC", "upbit") == Denied("least", "99 BTC free at upbit with this entry", "99.1 BTC")


def test_an_account_that_the_entry_does_not_touch_is_not_asked() -> None:
    assert free("99999999 KRW", "upbit") == Passed()  # a short premium sells coins there and pays no won
    assert rule_of(free("1 USDT", free={})) == "least"


def test_a_way_out_needs_nothing_free() -> None:
    assert free("30000 USDT", of=leaving(lot()), free={Account("upbit", "KRW"): Decimal(0)}) == Passed()


def test_a_venue_that_no_pair_trades_at_is_refused() -> None:
    line = "  - {use: gates.free_after, at: [entry], with: {venue: bithumb, least: 5 KRW}}\n"
    assert [e.code for e in checked(edited((GATE, GATE + line))).errors] == ["K402"]
