"""How much Binance's futures let one ask. Source: Binance's page on limits, USD-M futures."""

from __future__ import annotations

from karb_core.ports import Clock
from karb_lab.binance.limits import Limits, Window

WEIGHT = 2400  # karb: constant because Binance's page states it: by the minute and address
ORDERS = (
    Window(1, "MINUTE", 1200),  # karb: constant because Binance's page states it
    Window(10, "SECOND", 300),  # karb: constant because Binance's page states it
)


def futures_limits(clock: Clock) -> Limits:
    return Limits(clock, WEIGHT, ORDERS)
