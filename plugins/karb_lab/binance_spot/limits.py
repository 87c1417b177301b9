"""How much Binance's spot lets one ask, and what a request weighs. Source: Binance's pages on limits, spot."""

from __future__ import annotations

from collections.abc import Mapping

from karb_core.ports import Clock
from karb_lab.binance.asked import Asked
from karb_lab.binance.limits import Limits, Window

WEIGHT = 6000  # karb: constant because Binance's page states it: by the minute and address
_ORDERS = (
    Window(10, "SECOND", 100),  # karb: constant because Binance's page states it
    Window(1, "DAY", 200_000),  # karb: constant because Binance's page states it
)
DEEPEST = 5000  # karb: constant because Binance tells no more levels of a book
#: A book of up to so many levels weighs so much.
_DEPTHS = (
    (100, 5),  # karb: constant because Binance's page states it
    (500, 25),  # karb: constant because Binance's page states it
    (1000, 50),  # karb: constant because Binance's page states it
    (DEEPEST, 250),  # karb: constant because Binance's page states it
)
_USUAL_DEPTH = 100
#: With a symbol, and without one.
_OTHERS: Mapping[tuple[str, str], tuple[int, int]] = {
    ("GET", "exchangeInfo"): (20, 20),  # karb: constant because Binance's page states it
    ("GET", "trades"): (25, 25),  # karb: constant because Binance's page states it
    ("GET", "aggTrades"): (4, 4),  # karb: constant because Binance's page states it
    ("GET", "klines"): (2, 2),
    ("GET", "uiKlines"): (2, 2),
    ("GET", "avgPrice"): (2, 2),
    ("GET", "ticker/24hr"): (2, 80),  # karb: constant because Binance's page states it
    ("GET", "ticker/price"): (2, 4),  # karb: constant because Binance's page states it
    ("GET", "ticker/bookTicker"): (2, 4),  # karb: constant because Binance's page states it
    ("GET", "order"): (4, 4),  # karb: constant because Binance's page states it
    ("GET", "openOrders"): (6, 80),  # karb: constant because Binance's page states it
    ("GET", "allOrders"): (20, 20),  # karb: constant because Binance's page states it
    ("GET", "account"): (20, 20),  # karb: constant because Binance's page states it
    ("GET", "myTrades"): (20, 20),  # karb: constant because Binance's page states it
    ("GET", "rateLimit/order"): (40, 40),  # karb: constant because Binance's page states it
}


def spot_limits(clock: Clock) -> Limits:
    return Limits(clock, WEIGHT, _ORDERS)


def weight(method: str, path: str, asked: Asked) -> int:
    """Of `/api/v3/depth` and the like. Edge: 1 where nothing else is stated, or a limit cannot be read."""
    name = path.removeprefix("/api/").partition("/")[2]
    if name == "depth":
        told = asked.one("limit") or str(_USUAL_DEPTH)
        deep = int(told) if told.isdecimal() else 1
        return next((heavy for most, heavy in _DEPTHS if deep <= most), _DEPTHS[-1][1])
    # karb: constant because Binance's other calls weigh one
    with_symbol, without = _OTHERS.get((method, name), (1, 1))
    return with_symbol if asked.one("symbol") else without
