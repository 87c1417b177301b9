"""What Binance's public streams say, by hand from its documentation, and where recordings of them are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.instrument import Instrument

MS = 1_000_000
BTC = Instrument("binance_usdm", "BTC", "USDT")
SPOT_BTC = Instrument("binance_spot", "BTC", "USDT")

SNAPSHOT = b"""{"lastUpdateId":11563384769463,"E":1795237200110,"T":1795237200105,
"bids":[["84119.90","5.878"]],"asks":[["84120.00","2.149"]]}"""
DIFF = b"""{"e":"depthUpdate","E":1795237200110,"T":1795237200105,"s":"BTCUSDT","U":11563384769470,"u":11563384769499,
"pu":11563384769463,"b":[["84119.90","6.010"],["84110.00","0.000"]],"a":[["84120.00","1.900"]],"st":1}"""
MARK = b"""{"e":"markPriceUpdate","E":1795237203000,"s":"BTCUSDT","p":"84118.95122464","ap":"84117.20000000",
"i":"84140.67847826","P":"84131.74802742","r":"0.00008972","T":1795248000000}"""
KLINE = b"""{"e":"kline","E":1795237200250,"s":"BTCUSDT","k":{"t":1795237200000,"T":1795237259999,"s":"BTCUSDT","i":"1m",
"f":8079747315,"L":8079747320,"o":"84120.00","c":"84120.10","h":"84121.00","l":"84119.90","v":"1.204","n":6,"x":false,
"q":"101281.70","V":"0.700","Q":"58884.07","B":"0"}}"""
ROWS = b"""[[1795237140000,"84100.00","84125.50","84098.10","84120.00","65.132",1795237199999,"5477044.70040",942,"12.866",
"990128.82690","0"]]"""
INFORMATION = b"""{"timezone":"UTC","serverTime":1795237200000,"symbols":[{"symbol":"BTCUSDT","pair":"BTCUSDT",
"contractType":"PERPETUAL","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT",
"pricePrecision":2,"quantityPrecision":3,"filters":[
{"filterType":"MIN_NOTIONAL","notional":"50"},
{"filterType":"PRICE_FILTER","minPrice":"556.80","maxPrice":"4529764","tickSize":"0.10"},
{"filterType":"MARKET_LOT_SIZE","minQty":"0.001","maxQty":"120","stepSize":"0.001"},
{"filterType":"LOT_SIZE","minQty":"0.001","maxQty":"1000","stepSize":"0.001"},
{"filterType":"MAX_NUM_ORDERS","limit":200}]}]}"""


def wire_file(name: str) -> Path:
    """One recorded file of Binance's, where `KARB_WIRE_DATA` names the folder. Skips the test where it is not there."""
    folder = os.environ.get("KARB_WIRE_DATA", "")
    path = Path(folder or "recorded-wire-data") / "binance" / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: KARB_WIRE_DATA names no folder that has binance/{name}")
    return path


def recorded(name: str) -> Iterator[dict[str, Any]]:
    text = wire_file(name).read_text("utf-8")
    yield from (json.loads(text) if name.endswith(".json") else map(json.loads, text.splitlines()))


def diff(
    ids: tuple[int, int, int], bids: Sequence[tuple[str, str]], asks: Sequence[tuple[str, str]], at_ns: int
) -> str:
    """ids: `U`, `u`, `pu`."""
    first, last, before = ids
    told = {"e": "depthUpdate", "E": at_ns // MS, "T": at_ns // MS, "s": "BTCUSDT", "U": first, "u": last, "pu": before}
    return json.dumps(told | {"b": bids, "a": asks})


def spot_diff(
    ids: tuple[int, int], bids: Sequence[tuple[str, str]], asks: Sequence[tuple[str, str]], at_ns: int
) -> str:
    """ids: `U`, `u`; there is no `pu`, and no `T`."""
    told = {"e": "depthUpdate", "E": at_ns // MS, "s": "BTCUSDT", "U": ids[0], "u": ids[1]}
    return json.dumps(told | {"b": bids, "a": asks})
