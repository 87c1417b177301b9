"""Days drawn again in blocks: what a run of as many days could have come to, were days to come as they did.

Source: D. Politis, J. Romano, A Circular Block-Resampling Procedure for Stationary Data (1992). A block is so many days in a
row, as what one day does follows from those before; the first day follows on the last, so that each is drawn as often.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karb_research.risk_ratios import YEAR
from karb_research.spread import Spread, spread_of

# karb: constant because rounding alone spreads equal returns so far, relative to their size
_NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class DaysInBlocks:
    """days: of each draw, as many as the run has. total_return, max_drawdown: over all draws; sharpe: over those that have
    one, None where none has."""

    days: int
    block: int
    total_return: Spread
    max_drawdown: Spread
    sharpe: Spread | None


def days_in_blocks(returns: Sequence[float], block: int, draws: int, seed: int) -> DaysInBlocks | None:
    """`returns`: one a day; `block`: days, at most as many as there are. Drawn by NumPy's PCG64.

    None without a return. Edges: one day, or a block of all days, draws the same days each time, in a circle.
    """
    count = len(returns)
    if not count:
        return None
    random = np.random.Generator(np.random.PCG64(seed))
    days: Any = np.array(returns, dtype=np.float64)
    inside = np.arange(block)
    grown, fell, ratios = [], [], []
    for _ in range(draws):
        starts = random.integers(0, count, size=-(-count // block))
        drawn = days[((starts[:, None] + inside) % count).ravel()[:count]]
        equity = np.concatenate(([1.0], np.cumprod(1.0 + drawn)))
        peaks = np.maximum.accumulate(equity)
        grown.append(float(equity[-1]) - 1.0)
        fell.append(float((equity / peaks).min()) - 1.0)
        ratios.append(_sharpe(drawn))
    total, falls = spread_of(grown), spread_of(fell)
    assert total is not None
    assert falls is not None
    return DaysInBlocks(count, block, total, falls, spread_of(ratios))


def _sharpe(returns: Any) -> float | None:
    """As `risk_ratios.sharpe`, in floats: None for fewer than two days, and where all are alike."""
    if len(returns) < 2:  # karb: constant because a deviation needs two
        return None
    apart = float(returns.std(ddof=1))
    if apart <= _NOISE * float(np.abs(returns).max()):
        return None
    return float(returns.mean()) / apart * math.sqrt(YEAR)
