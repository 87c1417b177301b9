"""Recorded bodies of Binance's are read to the values that they hold; each test names its file."""

from __future__ import annotations

import gzip
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_binance.facts import facts_of
from karb_binance.wire import SeenBalance, SeenBrackets, SeenExchange, SeenFees, SeenTrade
from karb_core.connection.typed_body import read
from karb_core.domain.instrument import Instrument

D = Decimal


def wire_file(name: str) -> Path:
    """One recorded file of Binance's, where `KARB_WIRE_DATA` names the folder. Skips the test where it is not there."""
    path = Path(os.environ.get("KARB_WIRE_DATA", "") or "recorded-wire-data") / "binance" / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: KARB_WIRE_DATA names no folder that has binance/{name}")
    return path


def bodies(file: str) -> dict[str, Any]:
    return {
        one["name"].rpartition("/")[2]: one["body"]
        for one in json.loads(wire_file(file).read_text("utf-8"))
        if "body" in one
    }


def test_every_perpetual_of_2021_gives_facts() -> None:
    """usdm_exchangeInfo_2021-07-22.json.gz"""
    raw = gzip.decompress(wire_file("usdm_exchangeInfo_2021-07-22.json.gz").read_bytes())
    brackets = b'{"symbol":"X","brackets":[{"notionalFloor":0,"maintMarginRatio":0.004,"cum":0.0}]}'
    fees = b'{"symbol":"X","makerCommissionRate":"0.000200","takerCommissionRate":"0.000500"}'
    found = {}
    for seen in read(raw, SeenExchange).symbols:
        if seen.contract_type == "PERPETUAL":
            here = Instrument("binance_usdm", seen.base_asset, seen.quote_asset)
            found[seen.symbol] = facts_of(here, seen, read(brackets, SeenBrackets), read(fees, SeenFees), 0)
    bitcoin = found["BTCUSDT"]
    assert len(found) > 90
    assert (bitcoin.tick_at(D(30_000)), bitcoin.amount_step, bitcoin.min_notional) == (D("0.01"), D("0.001"), D(5))


def test_a_balance() -> None:
    """rest_ws_messages_nautilus.json"""
    (row,) = read(json.dumps(bodies("rest_ws_messages_nautilus.json")["balance"]).encode(), tuple[SeenBalance, ...])
    assert row == SeenBalance("USDT", D("122.12345678"), D("122.12345678"))


def test_trades() -> None:
    """usdm_messages_binancenet.json"""
    found = bodies("usdm_messages_binancenet.json")["GetUserTrades"]
    rows = read(json.dumps(found).encode(), tuple[SeenTrade, ...])
    assert [(row.id, row.order_id, row.qty) for row in rows] == [
        (one["id"], one["orderId"], D(one["qty"])) for one in found
    ]
    assert rows
