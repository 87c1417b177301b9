"""The premium of one moment, exactly rounded."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.premium_units import ONE, premium_units
from karb_core.history.bad_data import BadData
from karb_core.history.prices import held

#: A premium is below this many units (2,147 %), so that its square fits an int64.
WIDEST = 2**31


def premium_of(near: Decimal, far: Decimal, fx: Decimal | None = None) -> int:
    """near / (far x fx) - 1 in units of 1e-8, half to even: the same integer `premium_column` gives for these prices.

    Unit: fx is near's quote asset per one of far's; None where both legs are quoted in one asset. Edge: the exact
    quotient is rounded, once. Errors: BadData for what is no price, for more digits than a price column holds (a
    backtest could never see that price again), and for a premium of 2,147 % or more.
    """
    for price in (near, far) if fx is None else (near, far, fx):
        held(price)
    units = premium_units(near, far, Decimal(1) if fx is None else fx)
    if units >= WIDEST:
        raise too_wide(units)
    return units


def too_wide(units: float, row: int | None = None) -> BadData:
    """The refusal of a premium that no market shows and the exact sums could not hold."""
    return BadData(f"a premium of {units / ONE:.0%} cannot be: are both prices and the rate of one pair?", row=row)
