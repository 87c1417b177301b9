"""Binance's candles: which lengths it has, one candle as a bar, and several as a longer one. Pure.

A row of REST: open time, open, high, low, close, volume in base, close time, and more that is not read:

    [1795237140000,"84100.00","84125.50","84098.10","84120.00","65.132",1795237199999,"5477044.70040",942,"12.866",
     "990128.82690","0"]

Rows come oldest first, and the newest is still open. Source: Binance USD-M futures, kline data and kline streams.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from karb_binance.market_wire import MS, Candle, number, positive
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar

_MINUTE = 60 * 1_000_000_000  # karb: constant because a minute has 60 seconds
# karb: constant because these are the candles that Binance has, in minutes; longer ones begin on days of their own
_MINUTES = {
    "1d": 1440, "12h": 720, "8h": 480, "6h": 360, "4h": 240, "2h": 120, "1h": 60,  # karb: constant because as above
    "30m": 30, "15m": 15, "5m": 5, "3m": 3, "1m": 1,  # karb: constant because as above
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A length of candles that Binance has, and what it is called there."""

    lasts_ns: int
    word: str


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A candle as REST tells it. Whether it is closed is not in it."""

    start_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


def unit_of(bars_ns: int) -> Unit:
    """The longest candles that such bars are made of. Errors: ValueError for a length that no candles make up."""
    for word, minutes in _MINUTES.items():
        if bars_ns > 0 and bars_ns % (minutes * _MINUTE) == 0:
            return Unit(minutes * _MINUTE, word)
    raise ValueError(f"Binance has no candles that make bars of {bars_ns} ns")


def bar(told: Candle | Row, instrument: Instrument, unit: Unit, received_at_ns: int) -> Bar:
    """Errors: Unreadable for a candle that contradicts itself, or opens between two of its length."""
    name = instrument.text()
    start_ns = told.start_ms * MS
    opened, high, low, close = (positive(name, each) for each in (told.open, told.high, told.low, told.close))
    volume = number(name, told.volume)
    if start_ns <= 0 or start_ns % unit.lasts_ns or volume < 0:
        raise Unreadable(f"{name}: a candle of {told.start_ms} that cannot be one")
    if not low <= min(opened, close) <= max(opened, close) <= high:
        raise Unreadable(f"{name}: a candle whose prices contradict each other")
    return Bar(instrument, start_ns, start_ns + unit.lasts_ns, opened, high, low, close, volume, received_at_ns)


def joined(bars: Iterable[Bar], bars_ns: int) -> Bar:
    """Bars of one instrument, oldest first, of which the first begins in this longer one, on the grid of UTC."""
    first, *rest = bars
    start_ns = first.start_ns - first.start_ns % bars_ns
    made = replace(first, start_ns=start_ns, end_ns=start_ns + bars_ns)
    for each in rest:
        made = replace(
            made,
            high=max(made.high, each.high),
            low=min(made.low, each.low),
            close=each.close,
            volume=exact.add(made.volume, each.volume),
            received_at_ns=each.received_at_ns,
        )
    return made
