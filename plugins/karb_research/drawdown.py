"""How far equity fell below its highest point, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karb_research.equity_curve import EquityCurve


@dataclass(frozen=True, slots=True)
class Drawdown:
    """deepest: the lowest equity was below its peak until then, a ratio, never above zero. days: the longest stretch of
    days below a peak, from the day after the peak to the day before it was reached again; one that still goes on counts.
    """

    deepest: float
    days: int


def drawdown(curve: EquityCurve) -> Drawdown | None:
    """None without a day."""
    if not curve.days:
        return None
    peak, *values = curve.worth.counts
    deepest, lowest, longest, now = 0.0, peak, 0, 0
    for value in values:
        if value < peak:
            now += 1
            if value < lowest:
                lowest = value
            continue
        if lowest < peak:  # of one peak the lowest is the deepest, so that alone is divided
            deepest, longest, now = min(deepest, (lowest - peak) / peak), max(longest, now), 0
        peak = lowest = value
    if lowest < peak:
        deepest, longest = min(deepest, (lowest - peak) / peak), max(longest, now)
    return Drawdown(deepest, longest)


def under_water(curve: EquityCurve) -> Iterator[float]:
    """By day, equity over its highest point until then, less one. Source: the usual definition; capital is a point."""
    peak, *values = curve.worth.counts
    for value in values:
        peak = max(peak, value)
        yield (value - peak) / peak
