"""What a price in a float64 column is exactly: the shortest decimal that reads back as that float.

A decimal of at most 15 significant digits comes back from a float64 as it was written; one of 16 or 17 may. Every
price of our venues has fewer, and a rate that some program divided (1388.4999999999998) is written by its shortest
text too, so no file loses anything by this convention, and a column is exact without being slow.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from karb_core.history.bad_data import BadData

#: Between these a product and a quotient of prices can neither overflow nor lose bits by underflow.
LOWEST, HIGHEST = 1e-18, 1e18


def exact(price: float) -> Decimal:
    """The exact value of one entry of a price column.

    Shape: 0.1 -> Decimal("0.1"). Errors: BadData for NaN, infinity, zero, a negative number, and what is out of range.
    """
    if not (isfinite(price) and LOWEST <= price <= HIGHEST):
        raise BadData(not_a_price(price))
    # float() because NumPy writes its own floats as np.float64(0.1)
    return Decimal(repr(float(price)))


def held(price: Decimal) -> float:
    """The float a price column holds for this price.

    Errors: BadData if the column would hold another price than this one (16 digits or more), and as `exact`.
    """
    nearest = float(price)
    if exact(nearest) != price:
        raise BadData(f"{price} has too many digits: a price column would hold {exact(nearest)}")
    return nearest


def not_a_price(price: float) -> str:
    """The words for a number that cannot be a price."""
    if isfinite(price) and price > 0:
        return f"{float(price)!r} is out of the range of prices, {LOWEST} to {HIGHEST}"
    return f"{float(price)!r} is not a price: a price is finite and above zero"
