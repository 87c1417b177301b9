"""Bithumb's older messages, API 1.x, in our words. Pure. karb asks 2.x; recordings and older programs speak these.

    {"status":"0000","data":{"BTC":{"opening_price":"43462000","closing_price":"43232000","units_traded":"983.68239744"},
     "date":"1622591001886"}}
    {"type":"transaction","content":{"list":[{"buySellGb":"2","contPrice":"3.908","contQty":"12365.191",
     "contAmt":"48323.166","contDtm":"2021-06-02 08:43:34.555058","updn":"dn","symbol":"CON_KRW"}]}}

Numbers are text, times are Korea's. Source: Bithumb, API 1.x, public paths and WebSocket; recordings of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http import HTTPStatus
from typing import TypeVar

import msgspec

from karb_core.connection.failures import VenueRejected
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level
from karb_core.domain.orders import Side

T = TypeVar("T")

_KOREA = timezone(timedelta(hours=9))  # karb: constant because Korean time is nine hours ahead of UTC all year
_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
_DONE = "0000"
_TIME = "date"
#: Who came to the book. Recorded runs of trades that climb are of 2.
_TAKERS = {"1": Side.SELL, "2": Side.BUY}


class LegacyTicker(msgspec.Struct, frozen=True):
    """A market since midnight in Korea. Unit: prices in quote, `units_traded` in base."""

    opening_price: Decimal
    closing_price: Decimal
    min_price: Decimal
    max_price: Decimal
    units_traded: Decimal


class LegacyTrade(msgspec.Struct, frozen=True):
    """A public trade, as REST lists it. `type`: the side of its taker, `bid` or `ask`."""

    transaction_date: str
    type: str
    units_traded: Decimal
    price: Decimal


class LegacyPrint(msgspec.Struct, frozen=True):
    """A public trade, as the stream tells it. Shape of `symbol`: `CON_KRW`."""

    symbol: str
    taker: str = msgspec.field(name="buySellGb")
    price: Decimal = msgspec.field(name="contPrice")
    amount: Decimal = msgspec.field(name="contQty")
    at: str = msgspec.field(name="contDtm")


class _Row(msgspec.Struct, frozen=True):
    price: Decimal
    quantity: Decimal


class LegacyBook(msgspec.Struct, frozen=True):
    """A book as REST tells it. Unit: its time in milliseconds."""

    timestamp: str
    bids: tuple[_Row, ...]
    asks: tuple[_Row, ...]


class _Envelope(msgspec.Struct, frozen=True):
    status: str = ""
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Content(msgspec.Struct, frozen=True):
    prints: tuple[LegacyPrint, ...] = msgspec.field(name="list", default=())


class _Frame(msgspec.Struct, frozen=True):
    type: str = ""
    content: _Content | None = None


def answered(body: bytes, shape: type[T]) -> T:
    """What an answer holds. Errors: `VenueRejected` for a status that is not `0000`, by that status; `Unreadable`."""
    envelope = read(body, _Envelope)
    if envelope.status != _DONE:
        raise VenueRejected(HTTPStatus.OK, envelope.status, envelope.message)
    return read(bytes(envelope.data), shape)


def tickers_of(body: bytes) -> Mapping[str, LegacyTicker]:
    """Of `/public/ticker/ALL_KRW`, by coin: the time stands among them. Errors: as `answered`."""
    told = answered(body, dict[str, msgspec.Raw])
    return {coin: read(bytes(raw), LegacyTicker) for coin, raw in told.items() if coin != _TIME}


def book_of(instrument: Instrument, book: LegacyBook, received_at_ns: int) -> Depth:
    """Errors: `Unreadable` for a time that is none."""
    if not book.timestamp.isdecimal():
        raise Unreadable(f"{instrument.text()}: a book of {book.timestamp!r}")
    bids = sorted((Level(row.price, row.quantity) for row in book.bids if row.quantity), reverse=True)
    asks = sorted(Level(row.price, row.quantity) for row in book.asks if row.quantity)
    return Depth(instrument, tuple(bids), tuple(asks), int(book.timestamp) * _MS, received_at_ns)


def prints_of(message: bytes) -> tuple[LegacyPrint, ...]:
    """Of a message of the stream; none of one that tells of no trades. Errors: `Unreadable`."""
    frame = read(message, _Frame)
    return frame.content.prints if frame.type == "transaction" and frame.content is not None else ()


def taker_of(done: LegacyPrint) -> Side:
    """Errors: `Unreadable` for a word that is not documented."""
    if done.taker not in _TAKERS:
        raise Unreadable(f"{done.symbol}: a taker of {done.taker!r}")
    return _TAKERS[done.taker]


def happened_ns(told: str) -> int:
    """Shape: `2021-06-02 08:43:34.555058` or without parts of a second, Korea's clock. Errors: `Unreadable`."""
    try:
        return to_ns(datetime.fromisoformat(told).replace(tzinfo=_KOREA))
    except ValueError as wrong:
        raise Unreadable(f"a time of {told!r}") from wrong
