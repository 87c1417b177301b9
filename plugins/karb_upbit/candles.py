"""Upbit's candles: which lengths it has, one candle as a bar, and several as a longer one. Pure.

One candle, as the stream and REST tell it, by REST the newest first and the newest still forming:

    {"market":"KRW-BTC","candle_date_time_utc":"2026-11-21T04:59:00","opening_price":124300000.0,
     "high_price":124360000.0,"low_price":124290000.0,"trade_price":124350000.0,"timestamp":1795237199871,
     "candle_acc_trade_price":151233410.22,"candle_acc_trade_volume":1.2163341,"unit":1}

`candle_date_time_utc` is when it opens. A time in which nothing traded has no candle. Source: Upbit, candles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
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


def opens_ns(candle_date_time_utc: str) -> int:
    """Errors: Unreadable for what is no time."""
    try:
        at = datetime.fromisoformat(candle_date_time_utc).replace(tzinfo=UTC)
    except ValueError as e:
        raise Unreadable(f"{candle_date_time_utc!r} is no time of a candle") from e
    return int(at.timestamp()) * _SECOND


def bar(frame: Frame, instrument: Instrument, unit: Unit, received_at_ns: int) -> Bar:
    """Errors: Unreadable for a candle that lacks a number, contradicts itself, or opens between two of its length."""
    start_ns = opens_ns(frame.candle_date_time_utc)
    found = (frame.opening_price, frame.high_price, frame.low_price, frame.trade_price, frame.candle_acc_trade_volume)
    opened, high, low, close, volume = (_number(instrument, value) for value in found)
    if start_ns % unit.lasts_ns or not (0 < low <= min(opened, close) <= max(opened, close) <= high):
        raise Unreadable(f"{instrument.text()}: a candle of {frame.candle_date_time_utc} that cannot be one")
    end_ns = start_ns + unit.lasts_ns
    return Bar(instrument, start_ns, end_ns, opened, high, low, close, volume, received_at_ns)


def made_longer(bars: Iterable[Bar], bars_ns: int) -> list[Bar]:
    """Bars of one instrument, oldest first, put together on the grid of UTC. Edge: a time without any has no bar."""
    out: list[Bar] = []
    for each in bars:
        start_ns = each.start_ns - each.start_ns % bars_ns
        if out and out[-1].start_ns == start_ns:
            out[-1] = _joined(out[-1], each)
        else:
            out.append(replace(each, start_ns=start_ns, end_ns=start_ns + bars_ns))
    return out


def in_order(bars: Iterable[Bar]) -> Sequence[Bar]:
    """Oldest first, each once: pages overlap, and of two the same the later told stands."""
    return [bar for _, bar in sorted({bar.start_ns: bar for bar in bars}.items())]


def _joined(first: Bar, then: Bar) -> Bar:
    return replace(
        first,
        high=max(first.high, then.high),
        low=min(first.low, then.low),
        close=then.close,
        volume=exact.add(first.volume, then.volume),
        received_at_ns=then.received_at_ns,
    )


def _number(instrument: Instrument, value: Decimal | None) -> Decimal:
    if value is None:
        raise Unreadable(f"{instrument.text()}: a candle that lacks a number")
    try:
        if exact.finite(value) >= 0:
            return value
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{instrument.text()}: {e}") from e
    raise Unreadable(f"{instrument.text()}: a candle with a number below zero")
