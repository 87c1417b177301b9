"""What venues say of themselves: how far their clocks are from ours, and what they warn of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.market import Cautions, VenueClock
from karb_gates.clock_offset import ClockOffset
from karb_gates.venue_warnings import VenueWarnings
from tests.plugins.karb_gates.asked import built, full_account, rule_of
from tests.plugins.scene import FAR, NEAR, NOW, SECOND, plan, view
from tests.rulebook.shipped import checked, edited

MS = SECOND // 1000


def clocks(least: float, most: float, age_s: float = 0, *venues: str) -> Any:
    """Bounds in milliseconds, of both venues or of these."""
    at_ns = NOW - round(age_s * SECOND)
    told = {
        venue: VenueClock(venue, round(least * MS), round(most * MS), at_ns, at_ns)
        for venue in venues or ("upbit", "binance_usdm")
    }
    gate = built(ClockOffset, "{most: 500ms, max_age: 5m}")
    return gate.check(plan(), replace(view(), clocks=told), full_account())


@pytest.mark.parametrize(
    ("least", "most", "denied"),
    [
        (-500, 500, None),
        (-500.000001, 0, "most"),
        (0, 500.000001, "most"),
        (400, 600, "most"),  # it may be 600
        (20, 30, None),
    ],
)
def test_the_worse_bound_counts_either_way(least: float, most: float, denied: str | None) -> None:
    assert rule_of(clocks(least, most)) == denied


@pytest.mark.parametrize(("age_s", "denied"), [(300, None), (300.000000001, "max_age"), (-1, "max_age")])
def test_a_measurement_is_good_for_so_long(age_s: float, denied: str | None) -> None:
    assert rule_of(clocks(0, 0, age_s)) == denied


def test_each_venue_of_the_plan_is_asked_and_named() -> None:
    assert clocks(0, 0, 0, "upbit") == Denied("max_age", "binance_usdm: its clock was not told", "300s")
    assert clocks(600, 900, 0) == Denied("most", "upbit: 0.6s to 0.9s ahead of ours", "0.5s")


@given(st.integers(-900, 900), st.integers(0, 900), st.tuples(st.integers(1, 999), st.integers(1, 999)).map(sorted))
def test_a_tighter_limit_never_lets_more_through(least: int, wide: int, most: list[int]) -> None:
    told = {v: VenueClock(v, least * MS, (least + wide) * MS, NOW, NOW) for v in ("upbit", "binance_usdm")}
    at = replace(view(), clocks=told)
    tight, loose = (built(ClockOffset, f"{{most: {n}ms, max_age: 5m}}").check(plan(), at, full_account()) for n in most)
    assert loose == Passed() or tight != Passed()


def warned(*flags: str, ignoring: str = "none", age_s: float = 0, of: Any = NEAR, venue: str = "upbit") -> Any:
    at_ns = NOW - round(age_s * SECOND)
    told = {of: Cautions(of, flags, at_ns, at_ns)}
    gate = built(VenueWarnings, f"{{venue: {venue}, ignoring: {ignoring}, max_age: 5m}}")
    return gate.check(plan(), replace(view(), cautions=told), full_account())


@pytest.mark.parametrize(
    ("flags", "ignoring", "denied"),
    [
        ((), "none", None),
        (("warning",), "none", "ignoring"),
        (("TRADING_VOLUME_SOARING",), "none", "ignoring"),
        (("TRADING_VOLUME_SOARING",), "[trading_volume_soaring]", None),
        (("GLOBAL_PRICE_DIFFERENCES", "TRADING_VOLUME_SOARING"), "[trading_volume_soaring]", "ignoring"),
        (("A_WORD_THAT_NOBODY_KNEW",), "[trading_volume_soaring, price_fluctuations]", "ignoring"),
    ],
)
def test_every_warning_counts_that_is_not_named(flags: tuple[str, ...], ignoring: str, denied: str | None) -> None:
    assert rule_of(warned(*flags, ignoring=ignoring)) == denied


@pytest.mark.parametrize(("age_s", "denied"), [(300, None), (300.000000001, "max_age"), (-1, "max_age")])
def test_what_was_told_is_good_for_so_long(age_s: float, denied: str | None) -> None:
    assert rule_of(warned(age_s=age_s)) == denied


def test_a_market_of_which_nothing_was_told_is_refused_by_name() -> None:
    assert warned(of=FAR) == Denied("max_age", "upbit BTC/KRW: its venue said nothing of it", "300s")


def test_a_denial_tells_the_warnings_that_count_and_what_is_not_minded() -> None:
    told = warned("GLOBAL_PRICE_DIFFERENCES", "PRICE_FLUCTUATIONS", ignoring="[price_fluctuations]")
    assert told == Denied("ignoring", "upbit BTC/KRW: GLOBAL_PRICE_DIFFERENCES", "price_fluctuations")


def test_another_venues_warnings_are_not_asked() -> None:
    assert warned("warning", of=NEAR, venue="bithumb") == Passed()


def test_a_venue_that_no_pair_trades_at_is_found_in_the_file() -> None:
    anchor = "  - {use: gates.fresh, id: fresh_in, at: [entry], with: {book: 2s, between_legs: 1s}}\n"
    line = "  - {use: gates.venue_warnings, at: [entry], with: {venue: bithumb, ignoring: none, max_age: 5m}}\n"
    findings = checked(edited((anchor, anchor + line))).findings
    assert [finding.code for finding in findings if finding.code == "K402"]
