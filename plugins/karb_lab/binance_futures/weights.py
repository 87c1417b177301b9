"""What a request weighs. Source: Binance's pages of each endpoint, USD-M futures."""

from __future__ import annotations

from collections.abc import Mapping

#: How deep a book may be asked for, and what that weighs.
DEPTHS: Mapping[int, int] = {
    5: 2,  # karb: constant because Binance's page states it
    10: 2,  # karb: constant because Binance's page states it
    20: 2,  # karb: constant because Binance's page states it
    50: 2,  # karb: constant because Binance's page states it
    100: 5,  # karb: constant because Binance's page states it
    500: 10,  # karb: constant because Binance's page states it
    1000: 20,  # karb: constant because Binance's page states it
}
#: Fewer candles than so many weigh so much.
_CANDLES = (
    (100, 1),
    (500, 2),  # karb: constant because Binance's page states it
    (1001, 5),  # karb: constant because Binance's page states it
    (1501, 10),  # karb: constant because Binance's page states it
)
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked
#: What weighs neither one nor by what is asked. Orders are counted otherwise, and funding has a limit of its own.
_OTHERS: Mapping[tuple[str, str], int] = {
    ("POST", "order"): 0,
    ("POST", "order/test"): 0,
    ("GET", "fundingRate"): 0,
    ("GET", "fundingInfo"): 0,
    ("GET", "trades"): 5,  # karb: constant because Binance's page states it
    ("GET", "aggTrades"): 20,  # karb: constant because Binance's page states it
    ("GET", "ticker/bookTicker"): 2,
    ("GET", "allOrders"): 5,  # karb: constant because Binance's page states it
    ("GET", "userTrades"): 5,  # karb: constant because Binance's page states it
    ("GET", "account"): 5,  # karb: constant because Binance's page states it
    ("GET", "balance"): 5,  # karb: constant because Binance's page states it
    ("GET", "positionRisk"): 5,  # karb: constant because Binance's page states it
    ("GET", "symbolConfig"): 5,  # karb: constant because Binance's page states it
    ("GET", "accountConfig"): 5,  # karb: constant because Binance's page states it
    ("GET", "income"): 30,  # karb: constant because Binance's page states it
    ("GET", "commissionRate"): 20,  # karb: constant because Binance's page states it
    ("GET", "positionSide/dual"): 30,  # karb: constant because Binance's page states it
    ("GET", "multiAssetsMargin"): 30,  # karb: constant because Binance's page states it
}


def weight(method: str, path: str, limit: str | None) -> int:
    """Of `/fapi/v1/depth` and the like. `limit`: as it was asked, None where it was not. Edge: 1 where nothing else is
    stated, or the limit cannot be read.
    """
    name = path.removeprefix("/fapi/").partition("/")[2]
    asked = int(limit) if limit is not None and limit.isdecimal() else _USUAL
    if name == "depth":
        return DEPTHS.get(asked, 1)  # karb: constant because it is refused, and weighs nothing worth counting
    if name == "klines":
        return next((heavy for bound, heavy in _CANDLES if asked < bound), 1)
    return _OTHERS.get((method, name), 1)  # karb: constant because Binance's other calls weigh one
