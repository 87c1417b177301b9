"""Yearly figures of daily returns: growth, Sharpe, Sortino, Calmar.

Every day trades, so a year has 365 of them. A ratio over nothing (no day, one day, no spread, no fall) is None, never
zero and never infinite. Sources: W. Sharpe, The Sharpe Ratio (1994), with a riskless return of 0 and the sample
deviation; F. Sortino, R. van der Meer, Downside Risk (1991), with a target of 0 over all days; T. Young, Calmar Ratio
(1991), over the whole run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean

from karb_research.deviation import deviation
from karb_research.drawdown import Drawdown, drawdown
from karb_research.equity_curve import EquityCurve, ratio

YEAR = 365  # karb: constant because these markets trade on every day of the year
# karb: constant because rounding alone spreads equal returns so far, relative to their size
_NOISE = 1e-12


def total_return(curve: EquityCurve) -> float | None:
    """Of the capital, over the whole run. None without a day."""
    return ratio(curve.last - curve.first, curve.first) if curve.days else None


def annual_return(curve: EquityCurve) -> float | None:
    """The growth that, kept up for a year of days, would do the same. None without a day, and where nothing is left."""
    if not curve.days or curve.wiped_out:
        return None
    try:
        grown = math.pow(ratio(curve.last, curve.first), YEAR / curve.days)
    except OverflowError:
        return None
    return grown - 1


def volatility(returns: Sequence[float]) -> float | None:
    """Of a year. None for fewer than two days."""
    return _spread(tuple(returns)) * math.sqrt(YEAR) if len(returns) > 1 else None


def sharpe(returns: Sequence[float]) -> float | None:
    """None for fewer than two days, and where all are alike."""
    if is_flat(returns):
        return None
    return fmean(returns) / _spread(tuple(returns)) * math.sqrt(YEAR)


def sortino(returns: Sequence[float]) -> float | None:
    """None for fewer than two days, and where none lost."""
    if len(returns) < 2:
        return None
    downside = math.sqrt(math.fsum([each**2 for each in returns if each < 0]) / len(returns))
    return fmean(returns) / downside * math.sqrt(YEAR) if downside > 0 else None


def calmar(curve: EquityCurve) -> float | None:
    """Annual return over the deepest drawdown. None where equity never fell, or nothing was left."""
    return calmar_of(drawdown(curve), annual_return(curve))


def calmar_of(fell: Drawdown | None, grown: float | None) -> float | None:
    """The same of what is known already."""
    return grown / -fell.deepest if fell is not None and grown is not None and fell.deepest < 0 else None


def is_flat(returns: Sequence[float]) -> bool:
    """Whether there is no spread: fewer than two days, or all alike."""
    return len(returns) < 2 or _spread(tuple(returns)) <= _NOISE * max(map(abs, returns))


@lru_cache(maxsize=1)
def _spread(returns: tuple[float, ...]) -> float:
    """Every figure of one run asks for it."""
    return deviation(returns)
