"""Gates of the leg at margin: when funding settles, and how far a position is from being taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import MaintenanceTier
from karb_core.domain.market import FundingRate, Mark
from karb_core.testing.gate_contract import Case, RiskGateContract
from karb_core.venue.liquidation import is_liquidated
from karb_gates.funding_window import FundingWindow
from karb_gates.liquidation_distance import LiquidationDistance, _positions
from tests.plugins.karb_gates.asked import FULL_TERMS, built, full_account, rule_of
from tests.plugins.karb_gates.test_counts import entering
from tests.plugins.scene import FAR, LONG, NOW, SECOND, leaving, lot, plan, tops, view

HOUR = 3600 * SECOND
EIGHT = 8 * HOUR


def announced(in_ns: int, *, settled: bool = False, interval: int | None = EIGHT) -> FundingRate:
    return FundingRate(FAR, Decimal("0.0001"), NOW + in_ns, settled, interval, NOW, NOW)


def funded(told: FundingRate | None, written: str = "{before: 600s, after: 60s}", way: Any = None) -> Any:
    seen = replace(view(), funding={} if told is None else {FAR: told})
    return built(FundingWindow, written).check(way or plan(), seen, full_account())


@pytest.mark.parametrize(
    ("told", "denied"),
    [
        (announced(600 * SECOND), None),
        (announced(600 * SECOND - 1), "before"),
        (announced(0), "before"),
        (announced(EIGHT - 60 * SECOND), None),
        (announced(EIGHT - 60 * SECOND + 1), "after"),
        (announced(EIGHT, interval=None), None),
        (announced(-1), "use"),  # what was announced for a time that is over
        (announced(-60 * SECOND, settled=True), None),
        (announced(-60 * SECOND + 1, settled=True), "after"),
        (announced(600 * SECOND - EIGHT, settled=True), None),
        (announced(600 * SECOND - EIGHT - 1, settled=True), "before"),
        (announced(-HOUR, settled=True, interval=None), "use"),
        (announced(-EIGHT - 1, settled=True), "use"),  # the next one never came
        (None, "use"),
    ],
)
def test_nothing_is_traded_so_long_before_and_after_a_settlement(told: FundingRate | None, denied: str | None) -> None:
    assert rule_of(funded(told)) == denied
    assert rule_of(funded(told, way=leaving(lot()))) == denied


def test_a_side_of_nothing_asks_nothing() -> None:
    assert funded(announced(0), "{before: 0s, after: 0s}") == Passed()
    assert rule_of(funded(announced(EIGHT - 1), "{before: 0s, after: 1s}")) == "after"


def test_a_denial_tells_which_settlement_is_close() -> None:
    assert funded(announced(SECOND)) == Denied(
        "before", "binance_usdm BTC/USDT settles at 1970-01-12T13:46:41Z", "600s"
    )


# -- liquidation -------------------------------------------------------------------------------------------------------

MAINTAINED = replace(
    FULL_TERMS,
    facts={
        **FULL_TERMS.facts,
        FAR: replace(FULL_TERMS.facts[FAR], maintenance=(MaintenanceTier(Decimal(0), Decimal("0.25"), Decimal(0)),)),
    },
    leverage={"binance_usdm": Decimal(2)},
)


def marked(price: str) -> Any:
    return replace(view(), marks={FAR: Mark(FAR, Decimal(price), None, NOW, NOW)})


def near_to(mark: str, *lots: Any, least: str = "20%", then: str = "refuse", of: Any = None, **more: Any) -> Any:
    gate = built(LiquidationDistance, f"{{least: {least}, then: {then}}}")
    state = replace(full_account(*lots, **more), terms=more.get("terms", MAINTAINED))
    return gate.check(of or plan(), marked(mark), state) if then == "refuse" else gate.watch(marked(mark), state)


def long_plan(amount: str = "1") -> Any:
    """Buys near and sells far at 100: at 2x, with a quarter for maintenance, it is taken at 150 / 1.25 = 120."""
    entry = plan(amount)
    legs = tuple(replace(leg, amount=-leg.amount) for leg in entry.legs)
    return replace(entry, legs=legs)


@pytest.mark.parametrize(
    ("mark", "denied"), [("100", None), ("100.0001", "least"), ("119", "least"), ("130", "least"), ("90", None)]
)
def test_a_short_must_be_so_far_below_its_liquidation(mark: str, denied: str | None) -> None:
    assert rule_of(near_to(mark, of=long_plan())) == denied


def test_a_long_must_be_so_far_above_it() -> None:
    """Bought at 100 with 50 of margin it is taken at 50 / 0.75 = 66.67: at 100 it is a third away."""
    assert near_to("100", of=plan(), least="33.3333%") == Passed()
    assert rule_of(near_to("100", of=plan(), least="33.3334%")) == "least"


def test_an_entry_counts_with_what_is_open_and_what_is_under_way() -> None:
    held = lot(LONG, far="80")  # sold at 80: with the entry at 100 it is 90 on average, taken at 135 / 1.25 = 108
    assert near_to("90", held, of=long_plan()) == Passed()
    assert rule_of(near_to("90.0001", held, of=long_plan())) == "least"
    under_way = {"new": replace(entering("ETH"), legs=long_plan().legs)}
    assert rule_of(near_to("100.0001", of=long_plan(), entering=under_way)) == "least"


def test_lots_of_both_sides_are_one_position_as_the_venue_has_it() -> None:
    state = replace(full_account(lot(LONG, amount="3"), lot(amount="1", name="b")), terms=MAINTAINED)
    position = _positions(state, ())[FAR]
    assert (position.amount, position.cost, position.margin) == (Decimal(-2), Decimal(-200), Decimal(100))
    even = replace(full_account(lot(LONG), lot(name="b")), terms=MAINTAINED)
    assert _positions(even, ()) == {}


def test_funding_that_was_paid_brings_it_nearer() -> None:
    paid = lot(LONG, funding=("-25 USDT",))  # taken at 125 / 1.25 = 100
    assert rule_of(near_to("95", paid, of=leaving(lot()))) is None  # a way out is never asked
    assert near_to("83.3333", paid, then="flatten") is None
    told = near_to("83.3334", paid, then="flatten")
    assert (told.strength, told.rule) == (Halt.FLATTEN, "least")


def test_what_is_not_known_refuses_entries_and_flattens_nothing() -> None:
    nothing = replace(FULL_TERMS, leverage={"binance_usdm": Decimal(2)})  # no maintenance margin is stated
    assert (
        near_to("100", of=long_plan(), terms=nothing).observed
        == "binance_usdm BTC/USDT: its maintenance margin is not known"
    )
    assert near_to("119", lot(LONG), then="flatten", terms=nothing) is None
    gate = built(LiquidationDistance, "{least: 20%, then: refuse}")
    blind = replace(view(*tops()[:1]), marks={})
    assert rule_of(gate.check(long_plan(), blind, replace(full_account(), terms=MAINTAINED))) == "least"


def test_without_a_mark_the_middle_of_the_book_stands_for_it() -> None:
    gate = built(LiquidationDistance, "{least: 20%, then: refuse}")
    state = replace(full_account(), terms=MAINTAINED)
    told = {far: rule_of(gate.check(long_plan(), view(*tops(far=far)), state)) for far in ("100", "100.1")}
    assert told == {"100": None, "100.1": "least"}


@given(st.integers(60, 140), st.integers(1, 9000))
def test_whoever_passes_is_not_taken_there(mark: int, least: int) -> None:
    state = replace(full_account(lot(LONG)), terms=MAINTAINED)
    if near_to(str(mark), lot(LONG), least=f"{least}bp", then="flatten") is None:
        position = _positions(state, ())[FAR]
        assert not is_liquidated(position, Decimal(mark), MAINTAINED.facts[FAR])


class TestFundingWindow(RiskGateContract):
    component = FundingWindow
    params = "{before: 600s, after: 60s}"
    vary = {"before": "2h", "after": "2h"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        told = [announced(HOUR), announced(SECOND), announced(EIGHT - HOUR)]
        return [(plan(), replace(view(), funding={FAR: each}), full_account()) for each in told]


class TestLiquidationDistance(RiskGateContract):
    component = LiquidationDistance
    params = "{least: 20%, then: refuse}"
    vary = {"least": "10%", "then": "reduce"}  # noqa: RUF012
    may_miss = {"marks": "the middle of the book stands for a mark"}  # noqa: RUF012

    def cases(self) -> Sequence[Case]:
        state = replace(full_account(lot(LONG)), terms=MAINTAINED)
        return [(long_plan(), marked(mark), state) for mark in ("90", "104", "119")]

    def outcomes(self, component: Any) -> object:
        return component.watches(), [component.check(*case) for case in self.inputs()]
