"""The walk's market as Upbit would tell it: books and candles of a second on a stream, and the past by REST."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from karb_core.connection.request import Answer
from karb_core.domain.instrument import Instrument
from karb_upbit.codes import code_of, instrument_of
from tests.house.walk import RATE, price
from tests.plugins.karb_upbit.market_here import book, candle, flat, utc

S = 1_000_000_000
BTC = Instrument("upbit", "BTC", "KRW")
_TICK = 1000


def _now(instrument: Instrument, moved: str, at_ns: int) -> int:
    """In whole ticks, so that every price is one that Upbit takes; the dollar token stands still."""
    return int(RATE) if instrument.base == "USDT" else int(price(instrument, moved, at_ns) // _TICK * _TICK)


def now_in_ticks(instrument: Instrument, moved: str) -> int:
    """The middle of its book now."""
    return _now(instrument, moved, time.time_ns())


def speaks(moves: Path) -> Callable[[list[dict[str, object]], Callable[[str], Awaitable[None]]], Awaitable[None]]:
    """As Upbit pushes: each book as it is, and each candle complete, as often as something traded in it."""

    async def talk(asked: list[dict[str, object]], say: Callable[[str], Awaitable[None]]) -> None:
        types = {str(each["type"]): each["codes"] for each in asked if "type" in each}
        while True:
            now, moved = time.time_ns(), moves.read_text("utf-8").strip()
            for code in types["orderbook"]:  # type: ignore[attr-defined]
                middle = _now(instrument_of(code), moved, now)
                half = _TICK if code != "KRW-USDT" else 1
                await say(book(code, now, middle - half, middle + half, size=1_000_000))
            for code in types.get("candle.1s", []):  # type: ignore[attr-defined]
                values = flat(_now(instrument_of(code), moved, now))
                await say(candle(code, now - now % S, values, now, unit="1s"))
            await asyncio.sleep(0.05)

    return talk


async def answers(target: str) -> Answer:
    """What was before was calm."""
    now = time.time_ns()
    parts = urlsplit(target)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    headers = {"date": format_datetime(datetime.fromtimestamp(now // S, UTC), usegmt=True)}
    return Answer(200, headers, json.dumps(_body(parts.path, query, now)).encode())


def _body(path: str, query: dict[str, str], now: int) -> object:
    markets = query.get("markets", "").split(",")
    match path:
        case "/v1/market/all":
            return [{"market": code_of(BTC)}, {"market": "KRW-USDT"}]
        case "/v1/orderbook/instruments":
            return [{"market": code, "tick_size": str(_TICK)} for code in markets]
        case "/v1/ticker":
            return [{"market": code, "trade_price": 133_000_000.0, "timestamp": now // 1_000_000} for code in markets]
        case _:
            length = S if path.endswith("seconds") else 60 * S
            to = int(datetime.fromisoformat(query["to"]).replace(tzinfo=UTC).timestamp()) * S
            newest = (min(to, now) - 1) // length * length
            starts = [newest - n * length for n in range(int(query["count"]))]
            return [_candle(instrument_of(query["market"]), at) for at in starts]


def _candle(instrument: Instrument, start_ns: int) -> dict[str, object]:
    last = Decimal(_now(instrument, "calm", start_ns))
    prices = dict.fromkeys(("opening_price", "high_price", "low_price", "trade_price"), float(last))
    return prices | {"candle_date_time_utc": utc(start_ns), "candle_acc_trade_volume": 1.5}
