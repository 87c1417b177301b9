"""The premium as a whole number of 1e-8: the one place where it is rounded."""

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding

PLACES = 8
ONE = 100_000_000
_STEP = Decimal((0, (1,), -PLACES))


def premium_units(near: Decimal, far: Decimal, fx: Decimal) -> int:
    """The premium in units of 1e-8, an exact half to the even unit.

    Edge: rounded once, from integers. Errors: ValueError for a price or rate that is not above zero.
    """
    if not (near > 0 and far > 0 and fx > 0):
        raise ValueError(f"no premium of near {near}, far {far}, fx {fx}: each must be above zero")
    return exact.steps_in(near, exact.mul(far, fx), _STEP, Rounding.HALF_EVEN) - ONE


def of_units(units: int) -> Decimal:
    """So many units of 1e-8 as a ratio."""
    return exact.mul(Decimal(units), _STEP)
