"""Our figures are those of empyrical-reloaded wherever it defines one; where it has none, so have we."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from empyrical import stats
from hypothesis import assume, example, given
from hypothesis import strategies as st

from karb_research.drawdown import drawdown
from karb_research.equity_curve import EquityCurve
from karb_research.risk_ratios import annual_return, calmar, sharpe, sortino, total_return, volatility
from karb_research.tail_risk import conditional_value_at_risk, value_at_risk
from tests.plugins.karb_research.runs import curve

#: Equity to a hundredth of a won; of days that differ little and of days that leap. It falls to a thousandth at most:
#: beyond that empyrical, which compounds floats, has no nine digits left itself.
WON = st.integers(40_000 * 100, 10**9 * 100)
NEAR_CAPITAL = st.integers(39_000_000 * 100, 41_000_000 * 100)
CURVES = st.one_of(st.lists(WON, max_size=40), st.lists(NEAR_CAPITAL, max_size=150)).map(
    lambda values: curve(40_000_000, *(Decimal(value).scaleb(-2) for value in values))
)
FIGURES = {
    "total_return": (total_return, lambda r: stats.cum_returns_final(r) if len(r) else math.nan),
    "annual_return": (annual_return, lambda r: stats.annual_return(r, annualization=365)),
    "volatility": (lambda c: volatility(c.returns()), lambda r: stats.annual_volatility(r, annualization=365)),
    "sharpe": (lambda c: sharpe(c.returns()), lambda r: stats.sharpe_ratio(r, annualization=365)),
    "sortino": (lambda c: sortino(c.returns()), lambda r: stats.sortino_ratio(r, annualization=365)),
    "calmar": (calmar, lambda r: stats.calmar_ratio(r, annualization=365)),
    "drawdown": (lambda c: (d := drawdown(c)) and d.deepest, stats.max_drawdown),
    "value_at_risk": (lambda c: value_at_risk(c.returns()), stats.value_at_risk),
    "cvar": (lambda c: conditional_value_at_risk(c.returns()), stats.conditional_value_at_risk),
}


@pytest.mark.parametrize("name", FIGURES)
@given(equity=CURVES)
@example(equity=curve(40_000_000))
@example(equity=curve(40_000_000, 41_000_000))
@example(equity=curve(40_000_000, 40_000_000, 40_000_000))
@example(equity=curve(40_000_000, 39_000_000, 38_000_000, 37_000_000))
def test_agrees_with_empyrical(name: str, equity: EquityCurve) -> None:
    ours, theirs = FIGURES[name]
    returns = np.array(equity.returns())
    with np.errstate(over="ignore"):
        expected = float(theirs(returns))
    found = ours(equity)
    assume(found is not None or not math.isfinite(expected) or not _is_noise(returns))
    if math.isfinite(expected):
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        assert found is None


def _is_noise(returns: np.ndarray) -> bool:
    """Whether days differ by no more than the last bits of a float: empyrical's ratio is a number then, of nothing."""
    return len(returns) > 1 and float(np.std(returns, ddof=1)) <= 1e-12 * float(np.abs(returns).max())


@given(values=st.lists(NEAR_CAPITAL, max_size=60))
def test_returns_compound_to_the_equity(values: list[int]) -> None:
    equity = curve(40_000_000, *(Decimal(value).scaleb(-2) for value in values))
    grown = math.prod(1 + each for each in equity.returns())
    assert 40_000_000 * grown == pytest.approx(float(equity.values[-1].value), rel=1e-9)


def test_two_days_that_differ_in_their_eighteenth_digit_differ() -> None:
    """Money is no float before it is divided: as floats these two are one."""
    assert float("4000000000000000.01") == float("4000000000000000.02")
    assert curve("4000000000000000.01", "4000000000000000.02").returns() == (pytest.approx(2.5e-18),)
