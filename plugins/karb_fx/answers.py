"""What those say who publish a rate all day. Times are milliseconds or seconds of theirs, told in ns of UTC."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from karb_core.connection.typed_body import Unreadable, read
from karb_fx.told import Told

_MS, _SECOND = 1_000_000, 1_000_000_000  # karb: constant because a millisecond and a second have so many nanoseconds


class _Notice(msgspec.Struct, rename="camel"):
    code: str
    base_price: Decimal
    timestamp: int


def dunamu(body: bytes, received_ns: int) -> Iterator[Told]:
    """`basePrice` of FRX.KRWUSD, which is KRW per USD; its age counts from `timestamp`. Errors: as `Question.reads`."""
    for notice in read(body, list[_Notice]):
        if notice.code == "FRX.KRWUSD":
            yield Told.heard(notice.base_price, notice.timestamp * _MS, received_ns)


class _Meta(msgspec.Struct, rename="camel"):
    currency: str
    symbol: str
    regular_market_price: Decimal
    regular_market_time: int


class _Closes(msgspec.Struct):
    close: list[Decimal | None] = []


class _Indicators(msgspec.Struct):
    quote: list[_Closes]


class _Chart(msgspec.Struct):
    meta: _Meta
    indicators: _Indicators
    timestamp: list[int] = []


class _Charts(msgspec.Struct):
    result: list[_Chart] | None


class _Yahoo(msgspec.Struct):
    chart: _Charts


def yahoo(body: bytes, received_ns: int) -> Iterator[Told]:
    """The market's last price and its time. Errors: as `Question.reads`."""
    meta = _chart(body).meta
    yield Told.heard(meta.regular_market_price, meta.regular_market_time * _SECOND, received_ns)


def yahoo_bars(body: bytes, received_ns: int, length_ns: int) -> Iterator[Told]:
    """The close of each bar of that length, known at the bar's end; a bar without one is passed over."""
    chart = _chart(body)
    closes = chart.indicators.quote[0].close if chart.indicators.quote else []
    if len(closes) != len(chart.timestamp):
        raise Unreadable("the chart has closes and times of different numbers")
    for opened_s, close in zip(chart.timestamp, closes, strict=True):
        ended_ns = opened_s * _SECOND + length_ns
        if close is not None and ended_ns <= received_ns:
            yield Told.heard(close, ended_ns, received_ns)


def _chart(body: bytes) -> _Chart:
    charts = read(body, _Yahoo).chart.result
    if not charts or (charts[0].meta.symbol, charts[0].meta.currency) != ("KRW=X", "KRW"):
        raise Unreadable("the chart is not that of KRW=X")
    return charts[0]
