"""Money in another asset, at the rate that money is booked at."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.ports import MarketView


def converted(value: Decimal, of: str, into: str, view: MarketView) -> Decimal | None:
    """None where the `money` seat has no rate that leads there."""
    if of == into:
        return value
    rate = view.rates.get("money")
    if rate is None or (rate.base, rate.quote) != (of, into) or not exact.finite(rate.rate) > 0:
        return None
    return exact.mul(value, rate.rate)
