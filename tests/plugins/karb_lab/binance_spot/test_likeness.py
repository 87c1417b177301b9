"""What the lab's spot answers has every key of what Binance's own page and recordings show; each test names its file.

binance/rest_ws_messages_nautilus.json
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.karb_lab.binance_futures.asking import order
from tests.plugins.karb_lab.binance_spot.test_rest import asked, traded
from tests.plugins.karb_lab.binance_spot.test_streams import opened, signed
from tests.plugins.karb_lab.running import RunningLab

FILE = "binance/rest_ws_messages_nautilus.json"
#: Which other venues an order may be routed to: none is.
NOT_HERE = {"sors"}


def recorded(name: str) -> Any:
    path = Path(os.environ.get("KARB_WIRE_DATA", "") or "recorded-wire-data") / FILE
    if not path.is_file():
        pytest.skip(f"{FILE} is not there: KARB_WIRE_DATA names no folder that has it")
    found = [one for one in json.loads(path.read_text("utf-8")) if one["name"] == name and "/spot/" in one["path"]]
    body = found[0]["body"]
    return body[0] if isinstance(body, list) else body


def missing(name: str, told: Any) -> set[str]:
    """Keys of the recording that the lab does not tell."""
    row = told[0] if isinstance(told, list) else told
    return set(recorded(name)) - set(row) - NOT_HERE


def test_market_data(lab: RunningLab) -> None:
    for name, path in {
        "avg_price_response": "avgPrice",
        "book_ticker_response": "ticker/bookTicker",
        "depth_response": "depth",
        "exchange_info_response": "exchangeInfo",
        "ticker_24hr_response": "ticker/24hr",
        "ticker_price_response": "ticker/price",
        "trades_response": "trades",
    }.items():
        assert missing(name, asked(lab, "GET", f"/api/v3/{path}", symbol="BTCUSDT").body) == set(), name
    row = recorded("klines_response")
    assert len(asked(lab, "GET", "/api/v3/klines", symbol="BTCUSDT", interval="1m").body[0]) == len(row)
    assert set(recorded("server_time_response")) == set(asked(lab, "GET", "/api/v3/time").body)


def test_orders_trades_and_the_account(lab: RunningLab) -> None:
    full = traded(lab, "POST", "/api/v3/order", **order("0.01", "84120", newClientOrderId="a1"))
    assert missing("new_order_full_response", full) == set()
    assert set(recorded("new_order_full_response")["fills"][0]) == set(full["fills"][0])
    for name, path in {
        "order_response": "order",
        "open_orders_response": "openOrders",
        "all_orders_response": "allOrders",
    }.items():
        told = traded(
            lab,
            "GET",
            f"/api/v3/{path}",
            symbol="BTCUSDT",
            **({"origClientOrderId": "a1"} if name == "order_response" else {}),
        )
        assert missing(name, told) == set(), name
    assert missing("account_trades_response", traded(lab, "GET", "/api/v3/myTrades", symbol="BTCUSDT")) == set()
    assert missing("account_response", traded(lab, "GET", "/api/v3/account")) == set()
    gone = traded(lab, "DELETE", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="a1")
    assert missing("cancel_order_response", gone) == set()


def test_users_events(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/ws-api/v3") as socket:
            await socket.ask(id=1, method="userDataStream.subscribe.signature", params=signed())
            await socket.told()
            await asyncio.to_thread(
                traded, lab, "POST", "/api/v3/order", **order("0.01", "84120", newClientOrderId="a1")
            )
            new, trade, position = [(await socket.told()) for _ in range(3)]
            await asyncio.to_thread(traded, lab, "DELETE", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="a1")
            gone = await socket.told()
            wrapped = recorded("execution_report_wrapped")
            assert set(wrapped) == set(new)
            assert missing("account_position_wrapped", position) == set()
            assert set(recorded("account_position_wrapped")["event"]) == set(position["event"])
            assert missing("account_position", position["event"]) == set()
            for name, told in (("new", new), ("trade", trade), ("canceled", gone)):
                assert missing(f"execution_report_{name}", told["event"]) == set(), name
            assert set(wrapped["event"]) <= set(trade["event"])

    asyncio.run(scene())
