"""The premium of one moment, exactly rounded."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.exact import Rounding, divide_ints
from karb_core.history.bad_data import BadData
from karb_core.history.prices import held

#: Units in a premium of 1: a premium is counted in 1e-8.
ONE = 10**8
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
    units = premium_units(near, far, fx)
    if units >= WIDEST:
        raise too_wide(units)
    return units


def premium_units(near: Decimal, far: Decimal, fx: Decimal | None) -> int:
    """As `premium_of`, of prices already known to be prices, however wide."""
    near_over, near_under = near.as_integer_ratio()
    far_over, far_under = far.as_integer_ratio()
    fx_over, fx_under = (1, 1) if fx is None else fx.as_integer_ratio()
    ratio = divide_ints(ONE * near_over * far_under * fx_under, near_under * far_over * fx_over, Rounding.HALF_EVEN)
    # ONE is even, so taking it away after rounding leaves every tie on the side it went to
    return ratio - ONE


def too_wide(units: float, row: int | None = None) -> BadData:
    """The refusal of a premium that no market shows and the exact sums could not hold."""
    return BadData(f"a premium of {units / ONE:.0%} cannot be: are both prices and the rate of one pair?", row=row)
