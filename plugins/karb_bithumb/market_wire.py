"""Bithumb's public messages in our words. Pure.

A book as the stream tells it, the first of fifteen levels; its time is in microseconds, all others are in milliseconds:

    {"type":"orderbook","code":"KRW-BTC","total_ask_size":3.4039,"total_bid_size":0.0852,"orderbook_units":[
     {"ask_price":124340000,"bid_price":124330000,"ask_size":0.1995,"bid_size":0.0289}],"level":1,
     "timestamp":1795237200110054,"stream_type":"SNAPSHOT"}

Every message is complete: a book replaces the one before. Its rows pair nothing: a side that has fewer levels is filled up
with sizes of zero. Numbers are read digit by digit. Source: Bithumb, WebSocket, order book and ticker; REST, order book and
candles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level

#: Of the time of a book: the stream tells microseconds, REST milliseconds.
STREAM_TICK_NS = 1000  # karb: constant because a microsecond has so many nanoseconds
REST_TICK_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why Bithumb does not do what was asked on the line."""

    name: str | int = ""
    message: str = ""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A level of either side; they have nothing to do with each other."""

    ask_price: Decimal
    bid_price: Decimal
    ask_size: Decimal
    bid_size: Decimal


class Frame(msgspec.Struct, frozen=True, gc=False):
    """Any public message; what a type does not have stays empty. `code` is what the stream calls a market."""

    type: str = ""
    code: str = ""
    timestamp: int = 0
    orderbook_units: tuple[Row, ...] | None = None
    market_state: str | None = None
    is_trading_suspended: bool = False
    status: str = ""
    error: Refusal | None = None


class Book(msgspec.Struct, frozen=True, gc=False):
    """A book as REST tells it."""

    market: str
    timestamp: int
    orderbook_units: tuple[Row, ...]


class Candle(msgspec.Struct, frozen=True, gc=False):
    """A candle as REST tells it. `candle_date_time_utc` is when it opens."""

    market: str
    candle_date_time_utc: str
    opening_price: Decimal
    high_price: Decimal
    low_price: Decimal
    trade_price: Decimal
    candle_acc_trade_volume: Decimal


def frame_of(message: bytes) -> Frame:
    """Errors: Unreadable for what is no JSON object, or has a known field of another type."""
    return read(message, Frame)


def depth(instrument: Instrument, rows: Sequence[Row] | None, told: int, tick_ns: int, received_at_ns: int) -> Depth:
    """The whole book, sorted. `told`: its time, in units of `tick_ns`. Edge: a level without a price or an amount fills a
    row that the other side has, and is left out. Errors: Unreadable without a time or levels, for a number below zero, and
    for two levels of one price on one side: which of them counts nobody says.
    """
    if told <= 0 or not rows:
        raise Unreadable(f"{instrument.text()}: a book without a time or levels")
    if any(number < 0 for row in rows for number in msgspec.structs.astuple(row)):
        raise Unreadable(f"{instrument.text()}: a level below zero")
    asks = sorted(Level(row.ask_price, row.ask_size) for row in rows if row.ask_price and row.ask_size)
    bids = sorted((Level(row.bid_price, row.bid_size) for row in rows if row.bid_price and row.bid_size), reverse=True)
    for side in (asks, bids):
        if len({level.price for level in side}) < len(side):
            raise Unreadable(f"{instrument.text()}: two levels of one price")
    return Depth(instrument, tuple(bids), tuple(asks), told * tick_ns, received_at_ns)


def subscription(ticket: str, types: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The whole subscription of a line: each message replaces the one before. Types with the codes of each."""
    asked: list[dict[str, object]] = [{"ticket": ticket}]
    asked += [{"type": kind, "codes": list(codes)} for kind, codes in types]
    return msgspec.json.encode([*asked, {"format": "DEFAULT"}]).decode()
