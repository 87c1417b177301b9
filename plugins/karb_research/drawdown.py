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
    below = tuple(under_water(curve))
    longest = now = 0
    for depth in below:
        now = now + 1 if depth < 0 else 0
        longest = max(longest, now)
    return Drawdown(min(below), longest)


def under_water(curve: EquityCurve) -> Iterator[float]:
    """By day, equity over its highest point until then, less one. Source: the usual definition; capital is a point."""
    peak, *values = curve.in_steps()
    for value in values:
        peak = max(peak, value)
        yield (value - peak) / peak
