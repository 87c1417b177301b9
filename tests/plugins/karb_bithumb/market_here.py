"""A Bithumb that a test speaks for: what its stream says, word for word, and what its REST answers, in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from karb_core.connection.failures import NoAnswer
from karb_core.connection.request import Answer

S = 1_000_000_000
MS = 1_000_000
MINUTE = 60 * S
KOREA = timezone(timedelta(hours=9))


def utc(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // S, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def rows(bid: int, ask: int) -> list[dict[str, object]]:
    """Three levels a side, in no order, and a row that only bids fill."""
    told = [{"ask_price": ask + n, "bid_price": bid - n, "ask_size": 2.5, "bid_size": 0.5 + n} for n in (1, 0, 2)]
    return [*told, {"ask_price": ask + 3, "bid_price": bid - 3, "ask_size": 0, "bid_size": 1}]


def book(code: str, at_ns: int, bid: int, ask: int) -> str:
    """Its time is in microseconds."""
    told = {"type": "orderbook", "code": code, "total_ask_size": 7.5, "total_bid_size": 5.5, "level": 1}
    return json.dumps(told | {"orderbook_units": rows(bid, ask), "timestamp": at_ns // 1000, "stream_type": "REALTIME"})


def ticker(code: str, at_ns: int, **more: object) -> str:
    """Its time is nine hours ahead, as it was seen of REST's."""
    ahead_ms = at_ns // MS + 32_400_000
    told = {"type": "ticker", "code": code, "trade_price": 1000, "timestamp": ahead_ms, "trade_timestamp": ahead_ms}
    return json.dumps(told | {"is_trading_suspended": False, "market_warning": "NONE"} | more)


@dataclass(slots=True)
class RestHere:
    """`closes` by code and opening time, of one minute; longer candles are put together. `wrong`: what the next questions
    are answered with, a status or None for no answer at all. `books` by code: when the venue's book is of, its bid, its
    ask. `behind_s`: so much later than it closes a candle is told."""

    now_ns: Callable[[], int]
    closes: dict[str, dict[int, int]] = field(default_factory=dict)
    books: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    wrong: list[int | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    clock_told: bool = True
    listed: tuple[str, ...] = ("KRW-BTC", "KRW-XRP", "BTC-ETH")

    async def __call__(self, target: str) -> Answer:
        self.asked.append(target)
        status = self.wrong.pop(0) if self.wrong else 200
        if status is None:
            raise NoAnswer("no route")
        at = datetime.fromtimestamp(self.now_ns() // S, UTC)
        headers = {"date": format_datetime(at, usegmt=True)} if self.clock_told else {}
        if status != 200:
            return Answer(status, headers, json.dumps({"error": {"name": 404, "message": "Code not found"}}).encode())
        return Answer(200, headers, json.dumps(self._body(target)).encode())

    def _body(self, target: str) -> object:
        parts = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/v1/market/all":
            return [{"market": code, "korean_name": "", "market_warning": "NONE"} for code in self.listed]
        codes = query.get("markets", "").split(",")
        if parts.path == "/v1/ticker":
            return [
                json.loads(ticker("", self.now_ns())) | {"market": code, "trade_price": 124330000} for code in codes
            ]
        if parts.path == "/v1/orderbook":
            return [self._long(code) for code in codes if code in self.books]
        length_ns = int(parts.path.removeprefix("/v1/candles/minutes/")) * MINUTE
        to_ns = int(datetime.fromisoformat(query["to"]).replace(tzinfo=KOREA).timestamp()) * S
        made: dict[int, list[int]] = {}
        for start, close in sorted(self.closes.get(query["market"], {}).items()):
            if start <= self.now_ns():
                made.setdefault(start - start % length_ns, []).append(close)
        newest = sorted((start for start in made if start < to_ns), reverse=True)[: int(query["count"])]
        return [_candle(query["market"], start, made[start]) for start in newest]

    def _long(self, code: str) -> dict[str, object]:
        at_ns, bid, ask = self.books[code]
        return {"market": code, "timestamp": at_ns // MS, "orderbook_units": rows(bid, ask)}


def _candle(code: str, start_ns: int, closes: list[int]) -> dict[str, object]:
    return {
        "market": code, "candle_date_time_utc": utc(start_ns), "opening_price": closes[0], "high_price": max(closes),
        "low_price": min(closes), "trade_price": closes[-1], "timestamp": start_ns // MS,
        "candle_acc_trade_volume": len(closes),
    }  # fmt: skip
