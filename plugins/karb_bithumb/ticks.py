"""Bithumb's steps of prices and amounts.

Source: Bithumb, order policy of KRW markets. Below 1,000 won it was seen in one place only; finer than Upbit's there, and
nothing below 0.0001.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.agreed_ticks import agreed_ticks
from karb_core.domain.instrument import TickBand

AMOUNT_STEP = Decimal("1e-8")  # karb: constant because Bithumb takes eight decimals of every coin and tells it nowhere

#: From a price on, the step.
_WON_PAGE = (
    # karb: constant because Bithumb publishes it as a table; it is used where Bithumb's own answer agrees with it
    ("0", "1e-4"), ("1", "1e-3"), ("10", "1e-2"), ("100", "1"), ("1000", "1"), ("5000", "5"), ("10000", "10"),
    # karb: constant because as above
    ("50000", "50"), ("100000", "100"), ("500000", "500"), ("1000000", "1000"),
)  # fmt: skip
WON = tuple(TickBand(Decimal(price), Decimal(step)) for price, step in _WON_PAGE)


def ticks_of(quote: str, stated: Decimal, price: Decimal) -> tuple[TickBand, ...]:
    """As `agreed_ticks`. Bithumb publishes a table for prices in won only."""
    return agreed_ticks(WON if quote == "KRW" else (), stated, price)
