"""The premium of every row, exactly rounded, at the speed of floats."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from karb_core.domain.premium_units import ONE, premium_units
from karb_core.history.columns import Floats, Ints, Mask, first_row, frozen, same_length
from karb_core.history.premium import WIDEST, too_wide
from karb_core.history.price_column import need_prices
from karb_core.history.prices import exact

# The candidate carries six relative errors of at most 2**-53 each: three prices that stand for their shortest
# decimals, one product, one quotient, one scaling. (1 + 2**-53)**6 - 1 is below 7 * 2**-53; 8 is safe and a power of 2.
_CANDIDATE_ERROR = 8 * 2.0**-53

_SAME = Decimal(1)


def premium_column(near: Floats, far: Floats, fx: Floats | None, present: Mask) -> Ints:
    """near / (far x fx) - 1 of every present row, in units of 1e-8, half to even.

    Shape: int64, 0 where not present. Unit: fx is near's quote asset per one of far's; None where both legs are quoted
    in one asset. Edge: equal to rounding the exact quotient of the exact decimal prices, in every row. Errors: BadData
    with column and row for what is no price or a premium of 2,147 % or more; ValueError for different lengths.
    """
    same_length(near, far, fx, present)
    mask = frozen(present, np.bool_)
    need_prices(frozen(near, np.float64), mask, name="near")
    need_prices(frozen(far, np.float64), mask, name="far")
    if fx is not None:
        need_prices(frozen(fx, np.float64), mask, name="fx")
    candidate = _candidate(near, far, fx, mask)
    nearest = np.rint(candidate)
    units = nearest.astype(np.int64) - ONE
    for row in _near_a_tie(candidate, nearest):
        rate = _SAME if fx is None else exact(fx[row])
        units[row] = premium_units(exact(near[row]), exact(far[row]), rate)
    wide = first_row(units >= WIDEST)
    if wide is not None:
        raise too_wide(int(units[wide]), wide)
    units.flags.writeable = False
    return units


def _candidate(near: Floats, far: Floats, fx: Floats | None, present: Mask) -> Floats:
    """The ratio in units, as floats see it; one where not present."""
    # rows that are not present may hold anything, and so may their quotient
    with np.errstate(all="ignore"):
        ratio = near / (far if fx is None else far * fx)
        ratio *= ONE
    if not present.all():
        ratio[~present] = ONE
    wide = first_row(ratio >= 2 * WIDEST)
    if wide is not None:
        raise too_wide(float(ratio[wide]), wide)
    return ratio


def _near_a_tie(candidate: Floats, nearest: Floats) -> list[int]:
    """The rows where the candidate's error could carry it over a half."""
    from_tie = 0.5 - np.abs(candidate - nearest)
    rows: list[int] = np.flatnonzero(from_tie <= candidate * _CANDIDATE_ERROR).tolist()
    return rows
