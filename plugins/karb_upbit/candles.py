"""Upbit's candles: which lengths it has, and one candle as a bar. Pure.

One candle, as the stream and REST tell it, by REST the newest first and the newest still forming:

    {"market":"KRW-BTC","candle_date_time_utc":"2026-11-21T04:59:00","opening_price":124300000.0,
     "high_price":124360000.0,"low_price":124290000.0,"trade_price":124350000.0,"timestamp":1795237199871,
     "candle_acc_trade_price":151233410.22,"candle_acc_trade_volume":1.2163341,"unit":1}

`candle_date_time_utc` is when it opens. A time in which nothing traded has no candle. Source: Upbit, candles.
"""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.connection.bars_made import bar_of, opens_ns
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar
from karb_upbit.market_wire import Frame

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTE = 60 * _SECOND  # karb: constant because a minute has 60 seconds
_MINUTES = (240, 60, 30, 15, 10, 5, 3, 1)  # karb: constant because these are the candles that Upbit has, in minutes


@dataclass(frozen=True, slots=True)
class Unit:
    """A length of candles that Upbit has: `stream` is what it is called there, `path` in REST."""

    lasts_ns: int
    stream: str
    path: str


_UNITS = (
    *(Unit(minutes * _MINUTE, f"candle.{minutes}m", f"/v1/candles/minutes/{minutes}") for minutes in _MINUTES),
    Unit(_SECOND, "candle.1s", "/v1/candles/seconds"),
)


def unit_of(bars_ns: int) -> Unit:
    """The longest candles that such bars are made of. Errors: ValueError for a length that no candles make up."""
    for unit in _UNITS:
        if bars_ns > 0 and bars_ns % unit.lasts_ns == 0:
            return unit
    raise ValueError(f"Upbit has no candles that make bars of {bars_ns} ns")


def bar(frame: Frame, instrument: Instrument, unit: Unit, received_at_ns: int) -> Bar:
    """Errors: Unreadable for a candle that lacks a number, contradicts itself, or opens between two of its length."""
    told = (frame.opening_price, frame.high_price, frame.low_price, frame.trade_price, frame.candle_acc_trade_volume)
    return bar_of(instrument, opens_ns(frame.candle_date_time_utc), unit.lasts_ns, told, received_at_ns)
