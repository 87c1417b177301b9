"""An Upbit that a test speaks for: what its stream says, word for word, and what its REST answers, in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from karb_core.connection.failures import NoAnswer
from karb_core.connection.request import Answer

S = 1_000_000_000
MINUTE = 60 * S
#: Open, high, low, close, volume.
Candle = tuple[float, float, float, float, float]


def flat(price: float) -> Candle:
    return (price, price, price, price, 1.5)


def utc(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // S, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def book(code: str, at_ns: int, bid: float, ask: float, size: float = 2.5) -> str:
    levels = [{"ap": ask + n, "bp": bid - n, "as": size, "bs": size} for n in range(3)]
    told = {"ty": "orderbook", "cd": code, "tms": at_ns // 1_000_000, "obu": levels, "lv": 0, "st": "REALTIME"}
    return json.dumps(told)


def candle(code: str, start_ns: int, values: Candle, at_ns: int, unit: str = "1m") -> str:
    op, hp, lp, tp, catv = values
    told = {"ty": f"candle.{unit}", "cd": code, "cdttmu": utc(start_ns), "op": op, "hp": hp, "lp": lp, "tp": tp}
    return json.dumps(told | {"catv": catv, "tms": at_ns // 1_000_000, "st": "REALTIME"})


def ticker(code: str, at_ns: int, state: str) -> str:
    return json.dumps({"ty": "ticker", "cd": code, "tms": at_ns // 1_000_000, "ms": state, "tp": 100.0})


@dataclass(slots=True)
class RestHere:
    """`candles` by code and opening time, of one minute; longer ones are put together as Upbit does, on the grid of UTC.

    `wrong`: what the next questions are answered with, a status or None for no answer at all; `always` likewise, for
    good. `asked`: every target. `books` by code: when the venue's book is of, its bid and its ask.
    """

    now_ns: Callable[[], int]
    candles: dict[str, dict[int, Candle]] = field(default_factory=dict)
    wrong: list[int | None] = field(default_factory=list)
    always: list[int | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    left: int = 9
    clock_told: bool = True
    ticks: dict[str, str] = field(default_factory=lambda: {"KRW-BTC": "1000", "KRW-XRP": "1"})
    books: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=lambda: {"KRW-BTC": 124_350_000.0, "KRW-XRP": 3_100.0})

    async def __call__(self, target: str) -> Answer:
        self.asked.append(target)
        status = (self.wrong or self.always or [200])[0]
        if self.wrong:
            self.wrong.pop(0)
        if status is None:
            raise NoAnswer("no route")
        headers = {"remaining-req": f"group=candles; min=600; sec={self.left}"}
        if self.clock_told:
            at = datetime.fromtimestamp(self.now_ns() // S, UTC)
            headers["date"] = format_datetime(at, usegmt=True)
        if status != 200:
            return Answer(status, headers, json.dumps({"error": {"name": status, "message": "아니오"}}).encode())
        return Answer(200, headers, json.dumps(self._body(target)).encode())

    def _body(self, target: str) -> object:
        parts = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/v1/market/all":
            return [{"market": code, "korean_name": "", "english_name": ""} for code in self.ticks]
        if parts.path == "/v1/orderbook/instruments":
            return [{"market": code, "tick_size": self.ticks[code]} for code in query["markets"].split(",")]
        if parts.path == "/v1/ticker":
            at_ms = self.now_ns() // 1_000_000
            return [
                {"market": code, "trade_price": self.prices[code], "timestamp": at_ms}
                for code in query["markets"].split(",")
            ]
        if parts.path == "/v1/orderbook":
            codes = query["markets"].split(",")
            return [_long_book(code, *self.books[code]) for code in codes if code in self.books]
        minutes = int(parts.path.removeprefix("/v1/candles/minutes/"))
        to_ns = int(datetime.fromisoformat(query["to"]).replace(tzinfo=UTC).timestamp()) * S
        made = self._made(self.candles.get(query["market"], {}), minutes * MINUTE)
        newest = sorted((start for start in made if start < to_ns), reverse=True)[: int(query["count"])]
        return [_told(query["market"], start, made[start]) for start in newest]

    def _made(self, minutes: dict[int, Candle], length_ns: int) -> dict[int, Candle]:
        out: dict[int, Candle] = {}
        for start, one in sorted(minutes.items()):
            at = start - start % length_ns
            was = out.get(at)
            out[at] = (
                one if was is None else (was[0], max(was[1], one[1]), min(was[2], one[2]), one[3], was[4] + one[4])
            )
        return out


def _long_book(code: str, at_ns: int, bid: float, ask: float) -> dict[str, object]:
    levels = [{"ask_price": ask + n, "bid_price": bid - n, "ask_size": 2.5, "bid_size": 2.5} for n in range(3)]
    return {"market": code, "timestamp": at_ns // 1_000_000, "orderbook_units": levels, "level": 0}


def _told(code: str, start_ns: int, values: Candle) -> dict[str, object]:
    opened, high, low, close, volume = values
    return {
        "market": code, "candle_date_time_utc": utc(start_ns), "opening_price": opened, "high_price": high,
        "low_price": low, "trade_price": close, "timestamp": start_ns // 1_000_000, "candle_acc_trade_volume": volume,
    }  # fmt: skip
