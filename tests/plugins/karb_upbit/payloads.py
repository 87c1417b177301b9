"""What Upbit says, written by hand from its documentation: the same moment as both of its formats tell it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

MS = 1_000_000
S = 1000 * MS
#: 2026-11-21T05:00:00Z.
AT_MS = 1_795_237_200_000

BOOK = b"""{"type":"orderbook","code":"KRW-BTC","timestamp":1795237200110,"total_ask_size":3.4112,"total_bid_size":5.1022,
"orderbook_units":[{"ask_price":124350000.0,"bid_price":124349000.0,"ask_size":0.2184,"bid_size":0.00512},
{"ask_price":124351000.0,"bid_price":124340000.0,"ask_size":6.74e-05,"bid_size":0.11}],"level":0,"stream_type":"SNAPSHOT"}"""
SHORT_BOOK = b"""{"ty":"orderbook","cd":"KRW-BTC","tms":1795237200110,"tas":3.4112,"tbs":5.1022,
"obu":[{"ap":124350000.0,"bp":124349000.0,"as":0.2184,"bs":0.00512},
{"ap":124351000.0,"bp":124340000.0,"as":6.74e-05,"bs":0.11}],"lv":0,"st":"SNAPSHOT"}"""
CANDLE = b"""{"type":"candle.1m","code":"KRW-BTC","candle_date_time_utc":"2026-11-21T05:00:00",
"candle_date_time_kst":"2026-11-21T14:00:00","opening_price":124350000.0,"high_price":124352000.0,"low_price":124349000.0,
"trade_price":124351000.0,"candle_acc_trade_volume":0.155,"candle_acc_trade_price":19274250.0,"timestamp":1795237201003,
"stream_type":"REALTIME"}"""
SHORT_CANDLE = b"""{"ty":"candle.1m","cd":"KRW-BTC","cdttmu":"2026-11-21T05:00:00","cdttmk":"2026-11-21T14:00:00",
"op":124350000.0,"hp":124352000.0,"lp":124349000.0,"tp":124351000.0,"catv":0.155,"catp":19274250.0,"tms":1795237201003,
"st":"REALTIME"}"""


def wire_file(name: str) -> Path:
    """One recorded file of Upbit's, where `KARB_WIRE_DATA` names the folder. Skips the test where it is not there."""
    folder = os.environ.get("KARB_WIRE_DATA", "")
    path = Path(folder or "recorded-wire-data") / "upbit" / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: KARB_WIRE_DATA names no folder that has upbit/{name}")
    return path


def recorded(name: str) -> Iterator[dict[str, Any]]:
    """The records of one file: one a line, or all in one list."""
    text = wire_file(name).read_text("utf-8")
    yield from (json.loads(text) if name.endswith(".json") else map(json.loads, text.splitlines()))


def exactly(raw: bytes | str) -> Any:
    """JSON with every number as it is written."""
    return json.loads(raw, parse_float=Decimal, parse_int=Decimal)


def ns(ms: int) -> int:
    return ms * MS
