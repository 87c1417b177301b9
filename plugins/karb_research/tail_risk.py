"""The worst days: value at risk and its conditional mean.

Unit: a day's return, a ratio; a loss is below zero. Source: the historical method, no distribution assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

TAIL = 0.05  # karb: constant because it is the level that docs/reference/metrics.md names: one day in twenty


def value_at_risk(returns: Sequence[float]) -> float | None:
    """The return that one day in twenty was below, between two days in proportion. None without a day."""
    if not returns:
        return None
    ordered, place = sorted(returns), (len(returns) - 1) * TAIL
    low = math.floor(place)
    above = ordered[min(low + 1, len(ordered) - 1)]
    return ordered[low] + (above - ordered[low]) * (place - low)


def conditional_value_at_risk(returns: Sequence[float]) -> float | None:
    """The mean of the days up to that one, at least the worst one. None without a day."""
    if not returns:
        return None
    return fmean(sorted(returns)[: math.floor((len(returns) - 1) * TAIL) + 1])
