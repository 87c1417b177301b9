"""How likely a Sharpe ratio is more than the best of so many tries would show by chance.

Source: D. Bailey, M. López de Prado, The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting and
Non-Normality, Journal of Portfolio Management 40 (5), 2014. With daily ratios, N tries, their variance V over the tries,
T days, skewness g3 and kurtosis g4 of the returns, Euler's constant c and the standard normal distribution Z:

    SR0 = sqrt(V) ((1 - c) Z^-1[1 - 1/N] + c Z^-1[1 - 1/(N e)])
    DSR = Z[(SR - SR0) sqrt(T - 1) / sqrt(1 - g3 SR + (g4 - 1)/4 SR^2)]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, variance

from karb_research.figures import Figures
from karb_research.risk_ratios import YEAR

_EULER = 0.5772156649015329  # karb: constant because mathematics says so
_NORMAL = NormalDist()


def best_by_chance(ratios: Sequence[float], tries: int) -> float:
    """SR0: the highest ratio that so many tries without any skill would be expected to show.

    `ratios`: of the tries that have one, of one day each. Edge: 0 for one try, and where all ratios are alike: nothing was
    chosen. Tries are taken as independent; neighbours of a grid are not, so it is rather too high than too low.
    """
    if tries < 2 or len(ratios) < 2:
        return 0.0
    one, other = (_NORMAL.inv_cdf(1 - 1 / each) for each in (tries, tries * math.e))
    return math.sqrt(variance(ratios)) * ((1 - _EULER) * one + _EULER * other)


def probabilistic(sharpe: float, against: float, days: int, skewness: float, kurtosis: float) -> float | None:
    """How likely the true ratio is above another, all of one day. None for fewer than two days, and where the returns'
    shape leaves no deviation to divide by."""
    # karb: constant because the formula says so
    spread = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2
    if days < 2 or spread <= 0:
        return None
    return _NORMAL.cdf((sharpe - against) * math.sqrt(days - 1) / math.sqrt(spread))


def deflated(tried: Sequence[Figures]) -> tuple[float | None, ...]:
    """For each of the tries; None where it has no Sharpe ratio. All of them count as tries, also those."""
    ratios = [None if each.sharpe is None else each.sharpe / math.sqrt(YEAR) for each in tried]
    chance = best_by_chance([ratio for ratio in ratios if ratio is not None], len(tried))
    out: list[float | None] = []
    for each, ratio in zip(tried, ratios, strict=True):
        if ratio is None or each.skewness is None or each.kurtosis is None:
            out.append(None)
        else:
            out.append(probabilistic(ratio, chance, each.days, each.skewness, each.kurtosis))
    return tuple(out)
