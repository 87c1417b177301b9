"""Gates that look back at closed bars: what was traded lately, and how alike two premiums moved."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import isclose
from statistics import correlation as by_the_book
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.ports import AccountView, MarketView, PastBar, Standing
from karb_gates.correlation import Correlation
from karb_gates.min_volume import MinVolume
from tests.plugins.karb_gates.asked import HOUR, built, full_account, rule_of
from tests.plugins.karb_gates.test_counts import entering
from tests.plugins.scene import LONG, NOW, SHORT, lot, plan, rates, view
from tests.rulebook.shipped import checked, edited

CLOSES = (Decimal(1000), Decimal(1))


def traded(*volumes: tuple[str, str], ends_h: int = 0) -> MarketView:
    """Hours of near at 1000 won and far at a tether, with these volumes; the last closed `ends_h` ago."""
    bars = tuple(
        PastBar(NOW - (ends_h + n) * HOUR, CLOSES, (Decimal(near), Decimal(far)), None)
        for n, (near, far) in reversed(list(enumerate(reversed(volumes))))
    )
    return replace(view(), past={"BTC": bars})


def volume(at: MarketView, least: str = "24000 KRW", over: str = "24h") -> Any:
    return built(MinVolume, f"{{least: {least}, over: {over}}}").check(plan(), at, full_account())


@pytest.mark.parametrize(
    ("near", "far", "refused"),
    [("1", "1", None), ("0.99999999", "1", "least"), ("1", "0.99999999", "least"), ("0", "9", "least")],
)
def test_the_leg_that_traded_less_counts_at_its_own_closes(near: str, far: str, refused: str | None) -> None:
    assert rule_of(volume(traded(*[(near, far)] * 24))) == refused


@pytest.mark.parametrize(("ends_h", "refused"), [(0, None), (1, "least")])
def test_only_bars_of_the_last_while_count(ends_h: int, refused: str | None) -> None:
    """A bar that opened exactly so long ago is the first that does."""
    assert rule_of(volume(traded(*[("1", "1")] * 99, ends_h=ends_h))) == refused


def test_what_is_not_known_and_what_is_missing_did_not_trade() -> None:
    assert rule_of(volume(traded(*[("1", "1")] * 23))) == "least"
    assert volume(view()) == Denied("least", "upbit BTC/KRW: 0 KRW", "24000 KRW")
    at = traded(*[("1", "1")] * 24)
    missing = replace(at.past["BTC"][3], closes=(None, None), volumes=(None, None))
    assert rule_of(volume(replace(at, past={"BTC": (*at.past["BTC"][:3], missing, *at.past["BTC"][4:])}))) == "least"


def test_a_denial_tells_the_leg_and_what_it_traded() -> None:
    told = volume(traded(*[("1", "0.5")] * 24))
    assert told == Denied("least", "binance_usdm BTC/USDT: 12000 KRW", "24000 KRW")
    no_rate = replace(traded(*[("1", "1")] * 24), rates={"premium": rates()["premium"]})
    assert volume(no_rate) == Denied("least", "binance_usdm BTC/USDT: no rate to KRW is known", "24000 KRW")


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(1, 99_000), st.integers(1, 99_000))
def test_a_higher_least_never_lets_more_through(volumes: list[int], one: int, other: int) -> None:
    at = traded(*[(str(n), str(n)) for n in volumes])
    if volume(at, f"{max(one, other)} KRW") == Passed():
        assert volume(at, f"{min(one, other)} KRW") == Passed()


def moved(btc: list[int | None], eth: list[int | None]) -> MarketView:
    """An hour apart, the last one just closed: premiums in hundredths of a percent."""

    def bars(of: list[int | None]) -> tuple[PastBar, ...]:
        at = [None if n is None else Decimal(n).scaleb(-4) for n in of]
        return tuple(PastBar(NOW - (len(of) - 1 - i) * HOUR, CLOSES, CLOSES, each) for i, each in enumerate(at))

    return replace(view(), past={"BTC": bars(btc), "ETH": bars(eth)})


def beside(*lots: Any, **more: Any) -> AccountView:
    return replace(full_account(), standing={"BTC": Standing(), "ETH": Standing(lots)}, **more)


def alike(
    at: MarketView, of: AccountView, most: str = "80%", what: str = "levels", hours: int = 4, present: str = "100%"
) -> Any:
    written = f"{{most: {most}, of: {what}, window: {hours}h, min_present: {present}}}"
    return built(Correlation, written).check(plan(), at, of)


ETH = lot(pair="ETH", name="eth")


@pytest.mark.parametrize(
    ("eth", "refused"),
    [([1, 2, 3, 4], "most"), ([4, 3, 2, 1], None), ([1, 2, 4, 3], None), ([1, 3, 3, 5], "most"), ([2, 1, 1, 2], None)],
)
def test_an_entry_that_moves_like_what_is_open_is_refused(eth: list[int | None], refused: str | None) -> None:
    """[1, 2, 4, 3] correlates with [1, 2, 3, 4] by exactly 0.8."""
    assert rule_of(alike(moved([1, 2, 3, 4], eth), beside(ETH))) == refused


def test_a_denial_tells_with_which_pair_how_much_and_over_how_many_bars() -> None:
    told = alike(moved([1, 2, 3, 4], [1, 2, 4, 3]), beside(ETH), most="79.99%")
    assert told == Denied("most", "ETH: 80% over 4 bars", "79.99%")


def test_on_opposite_sides_what_moves_the_other_way_is_the_same_bet() -> None:
    other = lot(LONG, pair="ETH", name="eth")
    assert alike(moved([1, 2, 3, 4], [1, 2, 3, 4]), beside(other)) == Passed()
    assert rule_of(alike(moved([1, 2, 3, 4], [4, 3, 2, 1]), beside(other))) == "most"


def test_what_is_being_entered_is_open_and_what_is_flat_or_the_pairs_own_is_not() -> None:
    at = moved([1, 2, 3, 4], [1, 2, 3, 4])
    assert alike(at, beside()) == Passed()
    assert alike(at, replace(beside(), standing={"BTC": Standing((lot(),)), "ETH": Standing()})) == Passed()
    assert rule_of(alike(at, beside(entering={"x": entering("ETH")}))) == "most"
    assert alike(at, beside(entering={"x": entering("ETH", side=LONG)})) == Passed()


def test_changes_from_bar_to_bar_are_not_levels() -> None:
    """Both rise, and one rises when the other rests."""
    at = moved([0, 0, 1, 1, 2], [0, 1, 1, 2, 2])
    assert rule_of(alike(at, beside(ETH), "50%", "levels", 5)) == "most"
    assert alike(at, beside(ETH), "50%", "changes", 5) == Passed()
    assert rule_of(alike(moved([0, 3, 4, 9, 9], [7, 10, 11, 16, 16]), beside(ETH), "99%", "changes", 5)) == "most"


@pytest.mark.parametrize(("present", "refused"), [("75%", None), ("75.01%", "min_present")])
def test_so_many_bars_must_both_have(present: str, refused: str | None) -> None:
    at = moved([1, 2, 3, 4], [4, None, 2, 1])
    assert rule_of(alike(at, beside(ETH), present=present)) == refused


def test_a_window_that_has_only_begun_is_refused_and_so_is_a_premium_that_stood_still() -> None:
    at = moved([1, 2, 3, 4], [4, 3, 2, 1])
    assert alike(at, beside(ETH), hours=5) == Denied("min_present", "ETH: 4 of 5 bars in common", "100%")
    assert rule_of(alike(moved([1], [1]), beside(ETH), hours=1)) == "min_present"
    assert alike(moved([1, 2, 3, 4], [5, 5, 5, 5]), beside(ETH)) == Denied(
        "most", "ETH: a premium that stood still", "80%"
    )


@given(
    st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=3, max_size=30),
    st.sampled_from([SHORT, LONG]),
)
def test_it_is_pearsons_correlation(points: list[tuple[int, int]], side: str) -> None:
    btc, eth = [x for x, _ in points], [y for _, y in points]
    assume(len(set(btc)) > 1 and len(set(eth)) > 1)
    expected = by_the_book(btc, eth) * (1 if side == SHORT else -1)
    for most in (30, 80, 100):
        assume(not isclose(expected, most / 100, abs_tol=1e-9))
        other = beside(lot(side, pair="ETH", name="eth"))
        found = alike(moved([*btc], [*eth]), other, f"{most}%", hours=len(points))
        assert (found != Passed()) is (expected > most / 100)


def test_a_file_with_one_pair_is_told_that_it_denies_nothing() -> None:
    line = "  - {use: gates.correlation, at: [entry], with: {most: 80%, of: levels, window: 7d, min_present: 95%}}\n"
    anchor = "  - {use: gates.fresh, id: fresh_in, at: [entry], with: {book: 2s, between_legs: 1s}}\n"
    alone = edited((anchor, anchor + line), of="kimp_threshold")
    assert "K402" in [finding.code for finding in checked(alone).findings]
