"""What gates say of many moments at once is what they say when they are asked at one."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.ports import LeavingColumns, Standing
from karb_gates.fresh import Fresh
from karb_gates.profit_only_exit import ProfitOnlyExit
from tests.plugins.scene import FAR, LONG, NEAR, NOW, SHORT, TERMS, account, leaving, lot, rates, top, view

GATE = ProfitOnlyExit(ProfitOnlyExit.Params.model_validate({}))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([SHORT, LONG]),
    st.integers(95_000, 105_000),
    st.integers(9_500, 10_500),
    st.integers(900, 1100),
    st.sampled_from([(), ("-0.3 USDT",), ("0.3 USDT", "-100 KRW")]),
)
def test_a_loss_that_is_foreseen_is_denied_and_a_gain_passes(
    side: str, near: int, far_cents: int, money: int, funding: tuple[str, ...]
) -> None:
    held = lot(side, near="100000", far="100", fees=("50", "0.05"), funding=funding)
    far = Decimal(far_cents) / 100
    known = rates(money=str(money))
    at = LeavingColumns((np.array([float(near)]), np.array([float(far)])), np.array([1000.0]), np.array([float(money)]))
    denies, passes = GATE.foresees(held, at, TERMS)
    seen = view(top(NEAR, str(near)), top(FAR, str(far)), known=known)
    verdict = GATE.check(leaving(held), seen, account(standing=Standing((held,))))
    assert not (denies[0] and passes[0])
    if denies[0]:
        assert isinstance(verdict, Denied) and verdict.rule == "use"
    if passes[0]:
        assert verdict == Passed()


def test_nothing_is_foreseen_without_a_rate() -> None:
    held = lot(SHORT, near="100000", far="100")
    at = LeavingColumns((np.array([90_000.0]), np.array([100.0])), np.array([1000.0]), np.array([0.0]))
    assert [mask.tolist() for mask in GATE.foresees(held, at, TERMS)] == [[False], [False]]


@pytest.mark.parametrize(
    ("paid", "foreseen"), [("900", (False, True)), ("900.5", (False, False)), ("901", (True, False))]
)
def test_a_result_of_exactly_nothing_is_left_to_be_asked(paid: str, foreseen: tuple[bool, bool]) -> None:
    """Bought back at 99,000 it earned 1,000, less 49.5 and 50 of leaving."""
    held = lot(SHORT, near="100000", far="100", fees=(paid, "0"))
    at = LeavingColumns((np.array([99_000.0]), np.array([100.0])), np.array([1000.0]), np.array([1000.0]))
    denies, passes = GATE.foresees(held, at, TERMS)
    assert (denies[0], passes[0]) == foreseen


def test_prices_of_the_moment_are_never_old() -> None:
    gate = Fresh(Fresh.Params.model_validate({"book": "1s", "between_legs": "1s"}))
    held = lot(SHORT)
    at = LeavingColumns((np.ones(2), np.ones(2)), np.ones(2), np.ones(2))
    assert [mask.tolist() for mask in gate.foresees(held, at, TERMS)] == [[False, False], [True, True]]
    seen = view(top(NEAR, "100"), top(FAR, "100"))
    assert gate.check(leaving(held), seen, account()) == Passed()


@pytest.mark.parametrize(
    ("ages", "passes"), [((1000, 600), True), ((1001, 700), False), ((900, 399), False), ((-1, 0), False)]
)
def test_tops_that_surely_pass_are_those_that_pass(ages: tuple[int, int], passes: bool) -> None:
    """The oldest a second, half a second apart: exactly so is allowed."""
    gate = Fresh(Fresh.Params.model_validate({"book": "1s", "between_legs": "500ms"}))
    held = lot(SHORT)
    at = LeavingColumns((np.ones(1), np.ones(1)), np.ones(1), np.ones(1), tuple(np.array([age]) for age in ages))
    assert [mask.tolist() for mask in gate.foresees(held, at, TERMS)] == [[False], [passes]]
    tops = (top(leg, "100", at_ns=NOW - age * 1_000_000) for leg, age in zip((NEAR, FAR), ages, strict=True))
    verdict = gate.check(leaving(held), view(*tops), account())
    assert (verdict == Passed()) is passes
