"""Binance's public messages in our words. Pure.

A change of a book, and a snapshot of one by REST:

    {"e":"depthUpdate","E":1795237200110,"T":1795237200105,"s":"BTCUSDT","U":11563384769470,"u":11563384769499,
     "pu":11563384769463,"b":[["84119.90","6.010"],["84110.00","0.000"]],"a":[["84120.00","1.900"]]}
    {"lastUpdateId":11563384769463,"E":1795237200110,"T":1795237200105,
     "bids":[["84119.90","5.878"]],"asks":[["84120.00","2.149"]]}

Prices and amounts are text, and are read digit by digit, never through a float. `T` is when it happened, but of a mark
price the next funding; `E` when it was told. Unknown keys are passed over: Binance adds some. Source: Binance USD-M
futures, market streams and order book.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from karb_binance.book_building import Change, Snapshot
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate, Level, Mark

MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_SHOWN = 200  # karb: constant because it cuts a shown text


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why Binance does not do what was asked."""

    code: int = 0
    msg: str = ""


class Candle(msgspec.Struct, frozen=True, gc=False):
    """`k` of a candle's message. `closed`: it does not change any more."""

    start_ms: int = msgspec.field(name="t")
    interval: str = msgspec.field(name="i")
    open: Decimal = msgspec.field(name="o")
    high: Decimal = msgspec.field(name="h")
    low: Decimal = msgspec.field(name="l")
    close: Decimal = msgspec.field(name="c")
    volume: Decimal = msgspec.field(name="v")
    closed: bool = msgspec.field(name="x")


class Frame(msgspec.Struct, frozen=True, gc=False):
    """Any public message; what a type does not have stays empty. Levels and numbers are read when they are asked for."""

    event: str = msgspec.field(name="e", default="")
    told_ms: int = msgspec.field(name="E", default=0)
    at_ms: int = msgspec.field(name="T", default=0)
    symbol: str = msgspec.field(name="s", default="")
    first: int = msgspec.field(name="U", default=0)
    last: int = msgspec.field(name="u", default=0)
    before: int = msgspec.field(name="pu", default=0)
    bids: msgspec.Raw = msgspec.field(name="b", default=msgspec.Raw())
    asks: msgspec.Raw = msgspec.field(name="a", default=msgspec.Raw())
    price: Decimal | None = msgspec.field(name="p", default=None)
    index: Decimal | None = msgspec.field(name="i", default=None)
    rate: Decimal | None = msgspec.field(name="r", default=None)
    candle: Candle | None = msgspec.field(name="k", default=None)
    error: Refusal | None = None


class _Snapshot(msgspec.Struct, frozen=True, gc=False):
    last: int = msgspec.field(name="lastUpdateId")
    at_ms: int = msgspec.field(name="T")
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


_FRAME = msgspec.json.Decoder(Frame)
_LEVELS = msgspec.json.Decoder(list[tuple[Decimal, Decimal]])
_SNAPSHOT = msgspec.json.Decoder(_Snapshot)


def read(message: bytes) -> Frame:
    """Errors: Unreadable for what is no JSON object, or has a known field of another type."""
    try:
        return _FRAME.decode(message)
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(_said(e)) from e


def change(frame: Frame) -> Change:
    """Errors: Unreadable for ids that are not in order, and for numbers that karb does not calculate with."""
    if frame.at_ms <= 0 or not 0 < frame.first <= frame.last or not 0 < frame.before < frame.first:
        raise Unreadable(f"{frame.symbol}: a change of a book without its ids or its time")
    bids, asks = levels_read(frame.symbol, frame.bids), levels_read(frame.symbol, frame.asks)
    return Change(frame.last, frame.before, bids, asks, frame.at_ms * MS)


def snapshot(body: bytes, asked_levels: int) -> Snapshot:
    """Of `/fapi/v1/depth` with that limit. Errors: Unreadable."""
    try:
        told = _SNAPSHOT.decode(body)
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(_said(e)) from e
    if told.last <= 0 or told.at_ms <= 0:
        raise Unreadable("a book without its id or its time")
    return Snapshot(told.last, levels_of("", told.bids), levels_of("", told.asks), told.at_ms * MS, asked_levels)


def mark(frame: Frame, instrument: Instrument, received_at_ns: int) -> Mark:
    """Errors: Unreadable for a price that is none."""
    index = None if frame.index is None else positive(frame.symbol, frame.index)
    if frame.told_ms <= 0:
        raise Unreadable(f"{frame.symbol}: a mark price without a time")
    return Mark(instrument, positive(frame.symbol, frame.price), index, frame.told_ms * MS, received_at_ns)


def funding(frame: Frame, instrument: Instrument, interval_ns: int | None, received_at_ns: int) -> FundingRate:
    """What the next settlement costs as it looks now. Errors: Unreadable for a rate or a time that is none."""
    if frame.at_ms <= 0 or frame.told_ms <= 0:
        raise Unreadable(f"{frame.symbol}: a funding rate without a time")
    rate = number(frame.symbol, frame.rate)
    return FundingRate(
        instrument, rate, frame.at_ms * MS, False, interval_ns, frame.told_ms * MS, received_at_ns
    )  # fmt: skip


def number(symbol: str, value: Decimal | None) -> Decimal:
    """Errors: Unreadable for one that is missing, or that karb does not calculate with."""
    if value is None:
        raise Unreadable(f"{symbol}: a number is missing")
    try:
        return exact.finite(value)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{symbol}: {_said(e)}") from e


def positive(symbol: str, value: Decimal | None) -> Decimal:
    """Errors: Unreadable, as `number`, and for what is not above zero."""
    if number(symbol, value) <= 0:
        raise Unreadable(f"{symbol}: {value} is not above zero")
    assert value is not None
    return value


def subscription(streams: Iterable[str]) -> str:
    """Subscriptions of a line add up."""
    return msgspec.json.encode({"method": "SUBSCRIBE", "params": list(streams), "id": 1}).decode()


def levels_read(symbol: str, raw: msgspec.Raw) -> tuple[Level, ...]:
    """Of one side of a change. Errors: Unreadable."""
    try:
        return levels_of(symbol, _LEVELS.decode(raw))
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(_said(e)) from e


def levels_of(symbol: str, told: Iterable[tuple[Decimal, Decimal]]) -> tuple[Level, ...]:
    """Errors: Unreadable for a price that is none, and an amount below zero."""
    found = tuple(Level(positive(symbol, price), number(symbol, amount)) for price, amount in told)
    if any(level.amount < 0 for level in found):
        raise Unreadable(f"{symbol}: a level below zero")
    return found


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_SHOWN]
