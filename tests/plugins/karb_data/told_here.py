"""What feeds told, for tests of what is kept of it."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, FxKind, FxRate, Top
from karb_data.collect_file import CollectFile
from karb_data.rows_of import Told, told, told_rate

BTC = Instrument("upbit", "BTC", "KRW")
MS = 1_000_000
AT = 1_795_237_200_000
HOW = CollectFile.model_validate({"karb": 1})


def top(after_ms: int, bid: str = "124349000", ask: str = "124350000") -> Told:
    at = (AT + after_ms) * MS
    row = told(Top(BTC, Decimal(bid), Decimal("0.5"), Decimal(ask), Decimal("0.25"), at - 20 * MS, at), HOW.bars_ms)
    assert row is not None
    return row


def bar(minute: int, close: str = "124350000") -> Told:
    start = (AT + minute * 60_000) * MS
    price = Decimal(close)
    row = told(Bar(BTC, start, start + 60_000 * MS, price, price, price, price, Decimal(1), start), HOW.bars_ms)
    assert row is not None
    return row


def rate(after_ms: int, value: str = "1478") -> Told:
    at = (AT + after_ms) * MS
    return told_rate("upbit.usdt_krw", FxRate("USDT", "KRW", Decimal(value), "upbit", FxKind.TETHER, at, at), at)
