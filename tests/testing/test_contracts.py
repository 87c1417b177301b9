"""A contract fails for the component that breaks it, by the test that says so, and by no other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, LegTarget, Passed, Plan, Proposal, Verdict
from karb_core.ports import AccountView, MarketView, Moment, PairSeries, Sized, Standing, Terms
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.testing.component_contract import ComponentContract
from karb_core.testing.gate_contract import Case, RiskGateContract
from karb_core.testing.scene import NEAR, account, plan, top, view
from karb_core.testing.signal_contract import SignalContract
from karb_core.testing.sizing_contract import SizingContract
from karb_core.texts.text import Words
from karb_premium.zscore import ZScore
from karb_sizing.share import Share
from tests.plugins.karb_premium.test_contracts import TestZScore as HonestSignal
from tests.plugins.karb_sizing.test_contracts import TestShare as HonestSizing


def broken(contract: type[ComponentContract]) -> set[str]:
    """The tests of a contract that fail."""
    failed = set()
    for name in dir(contract):
        if name.startswith("test_"):
            try:
                getattr(contract(), name)()
            except AssertionError:
                failed.add(name.removeprefix("test_"))
    return failed


class WidestParams(Params):
    """How wide a book may be."""

    widest: PositiveRatio = rule("how far the ask may lie above the bid", example="10bp", tighter="lower")


class Widest:
    """Denies across a wide book."""

    name: ClassVar[str] = "widest"
    stands: ClassVar[frozenset[str]] = frozenset({"entry"})
    about: ClassVar[Words] = Words("Denies across a wide book.")
    Params = WidestParams

    def __init__(self, params: WidestParams) -> None:
        self._widest = params.widest

    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        near = view.tops.get(plan.legs[0].instrument)
        return self.judged(None if near is None else exact.sub(exact.mul(near.ask, 1 / near.bid), Decimal(1)))

    def judged(self, wide: Decimal | None) -> Verdict:
        if wide is None:
            return Denied("widest", "no book", "a book")
        if not wide <= self._widest:
            return Denied("widest", f"{wide}", f"{self._widest}")
        return Passed()


class HardCoded(Widest):
    def judged(self, wide: Decimal | None) -> Verdict:
        self._widest = Decimal(1) / 1000
        return super().judged(wide)


class OpenOnNothing(Widest):
    def judged(self, wide: Decimal | None) -> Verdict:
        return Passed() if wide is None else super().judged(wide)


class OpenOnNaN(Widest):
    def judged(self, wide: Decimal | None) -> Verdict:
        return Passed() if wide is not None and wide.is_nan() else super().judged(wide)


class NamesAnother(Widest):
    def judged(self, wide: Decimal | None) -> Verdict:
        found = super().judged(wide)
        return replace(found, rule="cap") if isinstance(found, Denied) else found


class LooksAtTheClock(Widest):
    def judged(self, wide: Decimal | None) -> Verdict:
        return super().judged(wide) if time.time() else Passed()


class Remembers(Widest):
    """Shared by all that are built."""

    asked: ClassVar[list[int]] = []

    def judged(self, wide: Decimal | None) -> Verdict:
        self.asked.append(1)
        found = super().judged(wide)
        return replace(found, observed=str(len(self.asked))) if isinstance(found, Denied) else found


class Writes(Widest):
    def __init__(self, params: WidestParams) -> None:
        super().__init__(params)
        with open("/dev/null") as nothing:  # noqa: PTH123
            nothing.read()


class NeverDenies(Widest):
    def judged(self, wide: Decimal | None) -> Verdict:
        return Passed() if wide is not None and not wide.is_nan() else Denied("widest", "no book", "a book")


class ChangesWhatItIsGiven(Widest):
    def check(self, plan: Plan, view: MarketView, account: AccountView) -> Verdict:
        found = super().check(plan, view, account)
        view.rates.clear()  # type: ignore[attr-defined]
        return found


def contract_of(gate: type[Widest], **more: Any) -> type[RiskGateContract]:
    class Contract(RiskGateContract):
        component = gate
        params = "widest: 20bp"
        vary = {"widest": "5bp"}  # noqa: RUF012

        def cases(self) -> Sequence[Case]:
            asks = ("100000", "100100", "100300")
            return [(plan(), view(top(NEAR, "100000", ask)), account()) for ask in asks]

        # This file's own numbers are not the component's.
        def test_no_number_that_an_owner_did_not_write_is_in_its_package(self) -> None:
            pass

        def test_its_module_imports_no_more_than_its_parameters_need(self) -> None:
            pass

    for name, value in more.items():
        setattr(Contract, name, value)
    return Contract


GATES: dict[type[Widest], set[str]] = {
    Widest: set(),
    HardCoded: {"each_rule_changes_an_outcome"},
    OpenOnNothing: {"what_it_looks_for_and_cannot_find_it_denies"},
    OpenOnNaN: {"what_it_looks_at_and_is_no_number_it_denies"},
    NamesAnother: {"what_it_denies_names_one_of_its_rules_and_says_what_it_saw"},
    LooksAtTheClock: {"it_looks_at_no_clock_and_draws_nothing"},
    Remembers: {"it_is_built_twice_alike", "it_looks_at_no_clock_and_draws_nothing"},
    Writes: {"it_is_built_without_reading_or_reaching_anything"},
    NeverDenies: {"it_passes_and_denies", "each_rule_changes_an_outcome"},
    ChangesWhatItIsGiven: {"it_leaves_its_inputs_as_they_were"},
}


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_a_gate_that_breaks_the_contract_fails_by_name(gate: type[Widest]) -> None:
    assert broken(contract_of(gate)) == GATES[gate]


def test_a_rule_that_is_not_varied_is_missed() -> None:
    assert broken(contract_of(Widest, vary={})) == {"every_rule_is_varied_or_says_why_not"}
    assert broken(contract_of(Widest, vary={}, unshown={"widest": "no reason at all"})) == set()


def test_numbers_and_imports_are_those_of_the_package() -> None:
    class Contract(RiskGateContract):
        component = Widest

    for name in (
        "test_no_number_that_an_owner_did_not_write_is_in_its_package",
        "test_its_module_imports_no_more_than_its_parameters_need",
    ):
        with pytest.raises(AssertionError, match=r"numbers that could be rules|imported to look at a file: .*pytest"):
            getattr(Contract(), name)()


# -- sizings -----------------------------------------------------------------------------------------------------------


def _sized(change: Callable[[Sized], Sized]) -> type[Share]:
    class Other(Share):
        def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
            found = super().size(proposal, moment, account)
            return found if isinstance(found, Denied) else change(found)

    return Other


def _doubled(leg: LegTarget, times: int = 2) -> LegTarget:
    return replace(leg, amount=leg.amount.times(Decimal(times)))


SIZINGS: dict[str, tuple[type[Share], set[str]]] = {
    "uneven": (
        _sized(lambda found: replace(found, legs=(_doubled(found.legs[0]), found.legs[1]))),
        {"the_legs_of_one_base_move_it_alike"},
    ),
    "too large": (
        _sized(lambda found: replace(found, legs=tuple(_doubled(leg, 3) for leg in found.legs))),
        {"an_entry_is_no_larger_than_its_pairs_share"},
    ),
    "the wrong way": (
        _sized(lambda found: replace(found, legs=tuple(_doubled(leg, -1) for leg in found.legs))),
        {"each_leg_is_one_of_the_pairs_at_the_side_we_would_trade"},
    ),
    "an unknown rule": (
        _sized(lambda found: replace(found, rules=("mine",))),
        {"what_it_names_is_a_line_of_the_owners"},
    ),
}


@pytest.mark.parametrize("kind", SIZINGS)
def test_a_sizing_that_breaks_the_contract_fails_by_name(kind: str) -> None:
    class Contract(HonestSizing):
        component = SIZINGS[kind][0]

        def test_no_number_that_an_owner_did_not_write_is_in_its_package(self) -> None:
            pass

        def test_its_module_imports_no_more_than_its_parameters_need(self) -> None:
            pass

    assert issubclass(Contract, SizingContract)
    assert broken(Contract) == SIZINGS[kind][1]


# -- signals -----------------------------------------------------------------------------------------------------------


class LooksAhead(ZScore):
    def features(self, series: PairSeries) -> Any:
        found = dict(super().features(series))
        found["z"] = found["z"] - found["z"][-1]
        return found


class SleepsOn(ZScore):
    def wakes(self, features: Any, standing: Standing, terms: Terms) -> Any:
        return super().wakes(features, standing, terms) & (features["z"] < 0)


@pytest.mark.parametrize(
    ("signal", "name"),
    [
        (LooksAhead, "a_row_rests_on_nothing_after_it_and_on_no_more_than_its_lookback"),
        (SleepsOn, "it_wakes_wherever_it_acts"),
    ],
)
def test_a_signal_that_breaks_the_contract_fails_by_name(signal: type[ZScore], name: str) -> None:
    class Contract(HonestSignal):
        component = signal

    assert issubclass(Contract, SignalContract)
    getattr(HonestSignal(), f"test_{name}")()
    with pytest.raises(AssertionError):
        getattr(Contract(), f"test_{name}")()
