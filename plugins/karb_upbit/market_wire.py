"""Upbit's public messages in our words. Pure.

A book as it comes when short keys are asked for (`{"format":"SIMPLE"}`), the first two of thirty levels:

    {"ty":"orderbook","cd":"KRW-BTC","tms":1795237200110,"tas":3.41120045,"tbs":5.1022331,"obu":[
     {"ap":124350000.0,"bp":124349000.0,"as":0.2184,"bs":0.00512},
     {"ap":124351000.0,"bp":124340000.0,"as":0.04,"bs":0.11}],"lv":0,"st":"REALTIME"}

Every message is complete: a book replaces the one before. Numbers are JSON numbers, sometimes `6.74e-05`, and are read
digit by digit, never through a float. Source: Upbit, WebSocket, order book and candle; SIMPLE and DEFAULT formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from operator import ge, le
from typing import Any, cast

import msgspec

from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level, Top

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
#: The first row of nearly every book in short keys: numbers without sign or exponent, and no longer than karb's digits.
_NUMBER = rb"([0-9]{1,30}(?:\.[0-9]{1,30})?)"
_PLAIN_FIRST = re.compile(rb'\[\{"ap":%b,"bp":%b,"as":%b,"bs":%b\}' % (_NUMBER, _NUMBER, _NUMBER, _NUMBER))
_SHOWN = 200  # karb: constant because it cuts a shown text


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why Upbit does not do what was asked on the line."""

    name: str | int = ""
    message: str = ""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """Any public message; what a type does not have stays empty. The levels of a book are read when they are asked for.

    `code` is what the stream calls a market, `market` what REST does.
    """

    type: str = ""
    code: str = ""
    market: str = ""
    timestamp: int = 0
    orderbook_units: msgspec.Raw = msgspec.Raw()
    candle_date_time_utc: str = ""
    opening_price: Decimal | None = None
    high_price: Decimal | None = None
    low_price: Decimal | None = None
    trade_price: Decimal | None = None
    candle_acc_trade_volume: Decimal | None = None
    market_state: str = ""
    status: str = ""
    error: Refusal | None = None
    stream_type: str = ""

    @property
    def venue_at_ns(self) -> int:
        return self.timestamp * _MS


class _Unit(msgspec.Struct, frozen=True, gc=False):
    """The n-th best offer and the n-th best bid."""

    ask_price: Decimal
    bid_price: Decimal
    ask_size: Decimal
    bid_size: Decimal


_SHORT = {
    "type": "ty", "code": "cd", "timestamp": "tms", "orderbook_units": "obu", "stream_type": "st",
    "candle_date_time_utc": "cdttmu", "opening_price": "op", "high_price": "hp", "low_price": "lp", "trade_price": "tp",
    "candle_acc_trade_volume": "catv", "market_state": "ms",
    "ask_price": "ap", "bid_price": "bp", "ask_size": "as", "bid_size": "bs",
}  # fmt: skip


def _shortened(struct: type[msgspec.Struct]) -> Any:
    """The same values under the keys of SIMPLE. A frame of it is asked for the same attributes."""
    fields = [
        (f.name, f.type, msgspec.field(default=f.default, name=_SHORT.get(f.name, f.name)))
        for f in msgspec.structs.fields(struct)
    ]
    made = msgspec.defstruct(f"_Short{struct.__name__}", fields, frozen=True, gc=False)
    if hasattr(struct, "venue_at_ns"):
        made.venue_at_ns = struct.venue_at_ns  # type: ignore[attr-defined]
    return made


_LONG_FRAME = msgspec.json.Decoder(Frame)
_SHORT_FRAME = cast("msgspec.json.Decoder[Frame]", msgspec.json.Decoder(_shortened(Frame)))
_LONG_UNITS = msgspec.json.Decoder(list[_Unit])
_SHORT_UNITS = cast("msgspec.json.Decoder[list[_Unit]]", msgspec.json.Decoder(list[_shortened(_Unit)]))  # type: ignore[misc]
_LONG_UNIT = msgspec.json.Decoder(_Unit)
_SHORT_UNIT = cast("msgspec.json.Decoder[_Unit]", msgspec.json.Decoder(_shortened(_Unit)))


def read(message: bytes) -> Frame:
    """Errors: Unreadable for what is no JSON object, or has a known field of another type."""
    try:
        frame = _SHORT_FRAME.decode(message)
        return frame if frame.type or frame.status or frame.error else _LONG_FRAME.decode(message)
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(_said(e)) from e


def depth(frame: Frame, instrument: Instrument, received_at_ns: int) -> Depth:
    """The whole book. Edge: a level without a price or an amount fills a row that the other side has, and is left out.

    Errors: Unreadable for prices that are not in order, and for numbers that karb does not calculate with.
    """
    if frame.timestamp <= 0 or not frame.orderbook_units:
        raise Unreadable(f"{frame.code}: a book without a time or levels")
    raw = bytes(frame.orderbook_units)
    units = _units(raw)
    _need_numbers(frame, raw, units)
    asks = tuple([Level(u.ask_price, u.ask_size) for u in units if u.ask_price and u.ask_size])
    bids = tuple([Level(u.bid_price, u.bid_size) for u in units if u.bid_price and u.bid_size])
    rising, falling = [level.price for level in asks], [level.price for level in bids]
    if any(map(ge, rising, rising[1:])) or any(map(le, falling, falling[1:])):
        raise Unreadable(f"{frame.code}: levels out of order")
    return Depth(instrument, bids, asks, frame.venue_at_ns, received_at_ns)


def top(frame: Frame, instrument: Instrument, received_at_ns: int) -> Top | None:
    """The best level alone; None where a side is empty. Nothing else of the book is read. Errors: as `depth`."""
    if frame.timestamp <= 0 or not frame.orderbook_units:
        raise Unreadable(f"{frame.code}: a book without a time or levels")
    plain = _PLAIN_FIRST.match(frame.orderbook_units)
    if plain is None:
        first = _first(frame)
        if first is None:
            return None
        ask, bid, ask_amount, bid_amount = msgspec.structs.astuple(first)
    else:
        ask, bid, ask_amount, bid_amount = map(Decimal, map(bytes.decode, plain.groups()))
    if not (bid and bid_amount and ask and ask_amount):
        return None
    return Top(instrument, bid, bid_amount, ask, ask_amount, frame.timestamp * _MS, received_at_ns)


def subscription(ticket: str, types: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The whole subscription of a line: each message replaces the one before. Types with the codes of each."""
    asked: list[dict[str, object]] = [{"ticket": ticket}]
    asked += [{"type": kind, "codes": list(codes)} for kind, codes in types]
    return msgspec.json.encode([*asked, {"format": "SIMPLE"}]).decode()


def _units(raw: bytes) -> list[_Unit]:
    try:
        return (_SHORT_UNITS if b'"ap"' in raw else _LONG_UNITS).decode(raw)
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(_said(e)) from e


def _first(frame: Frame) -> _Unit | None:
    """The first row of a book, however it is written; None of a book without any."""
    raw = bytes(frame.orderbook_units)
    try:
        raw = raw[raw.index(b"{") : raw.index(b"}") + 1]
    except ValueError:
        return None
    try:
        unit = (_SHORT_UNIT if b'"ap"' in raw else _LONG_UNIT).decode(raw)
    except (msgspec.DecodeError, RecursionError) as e:
        raise Unreadable(_said(e)) from e
    _need_numbers(frame, raw, (unit,))
    return unit


def _need_numbers(frame: Frame, raw: bytes, units: Iterable[_Unit]) -> None:
    """A number without sign or exponent, shorter than karb's digits, is one that karb calculates with: most are, and
    are not looked at one by one.
    """
    odd = b"-" in raw or b"e" in raw or b"E" in raw or max(map(len, raw.split(b","))) > exact.DIGITS
    try:
        if odd and any(exact.finite(number) < 0 for unit in units for number in msgspec.structs.astuple(unit)):
            raise Unreadable(f"{frame.code}: a level below zero")
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(_said(e)) from e


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_SHOWN]
