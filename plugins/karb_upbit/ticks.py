"""Upbit's steps of prices and amounts: its page, where its own answer agrees with it, and that answer where not.

Source: Upbit, order policy of KRW markets, price steps in force since 2025-07-31.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.agreed_ticks import agreed_ticks
from karb_core.domain.instrument import TickBand

AMOUNT_STEP = Decimal("1e-8")  # karb: constant because Upbit takes eight decimals of every coin and tells it nowhere

#: From a price on, the step.
_WON_PAGE = (
    # karb: constant because Upbit publishes it as a table only; it is used where Upbit's own answer agrees with it
    ("0", "1e-8"), ("1e-5", "1e-7"), ("1e-4", "1e-6"), ("1e-3", "1e-5"), ("1e-2", "1e-4"), ("0.1", "1e-3"),
    # karb: constant because as above
    ("1", "1e-2"), ("10", "0.1"), ("100", "1"), ("1000", "1"), ("5000", "5"), ("10000", "10"), ("50000", "50"),
    # karb: constant because as above
    ("100000", "100"), ("500000", "500"), ("1000000", "1000"),
)  # fmt: skip
_WON = tuple(TickBand(Decimal(price), Decimal(step)) for price, step in _WON_PAGE)


def ticks_of(quote: str, stated: Decimal, price: Decimal) -> tuple[TickBand, ...]:
    """As `agreed_ticks`. Upbit publishes a table for prices in won only."""
    return agreed_ticks(_WON if quote == "KRW" else (), stated, price)
