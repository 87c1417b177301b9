"""How gates show what they saw and what is allowed."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact

_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds


def percent(ratio: Decimal) -> str:
    """A ratio as the owner writes it: 0.031 is `3.1%`."""
    return f"{exact.text(exact.mul(ratio, Decimal(100)))}%"


def shown_ratio(over: Decimal, under: Decimal) -> str:
    """One over the other, to a ten-thousandth of a percent, half even: to be shown, never to be judged by."""
    step = Decimal(1).scaleb(-6)  # karb: constant because it is a step of display
    return percent(exact.divide(over, under, step, exact.Rounding.HALF_EVEN))


def seconds(ns: int) -> str:
    """A length of time in seconds: `2.5s`."""
    return f"{exact.text(Decimal(ns).scaleb(-9, exact.EXACT))}s"  # karb: constant because nanoseconds are shown in them
