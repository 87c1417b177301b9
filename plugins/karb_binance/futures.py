"""Binance USD-M as a product: books on one path, marks and candles on another."""

from __future__ import annotations

from karb_binance.market_wire import change, snapshot
from karb_binance.product import Product
from karb_binance.symbols import VENUE

_PAGE = 1500  # karb: constant because Binance gives no more candles at once

FUTURES = Product(
    venue=VENUE,
    candles="/fapi/v1/klines",
    candle_page=_PAGE,
    books="/fapi/v1/depth",
    time="/fapi/v1/time",
    change=change,
    snapshot=snapshot,
    lines=("books", "marks and candles"),
    marks=True,
)
