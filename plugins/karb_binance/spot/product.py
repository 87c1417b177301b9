"""Binance spot as a product: changes without `pu`, snapshots without a time, no mark and no funding."""

from __future__ import annotations

from karb_binance.product import Product
from karb_binance.spot.market_wire import spot_change, spot_snapshot

_PAGE = 1000  # karb: constant because Binance's spot gives no more candles at once

SPOT = Product(
    venue="binance_spot",
    candles="/api/v3/klines",
    candle_page=_PAGE,
    books="/api/v3/depth",
    time="/api/v3/time",
    change=spot_change,
    snapshot=spot_snapshot,
    lines=("books and candles",),
    marks=False,
)
