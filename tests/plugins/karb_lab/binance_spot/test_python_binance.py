"""python-binance has Binance's addresses written into it: it asks for https://api.binance.com and finds the lab."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.plugins.karb_lab.brought import Authority, brought
from tests.plugins.karb_lab.running import KEY, SECRET, SPOT_BTC, RunningLab, spot

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports what another library has named otherwise since
    from binance import AsyncClient, BinanceSocketManager
    from binance.client import Client
    from binance.exceptions import BinanceAPIException

NAMES = ["api.binance.com", "stream.binance.com", "ws-api.binance.com"]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    authority = Authority(tmp_path, NAMES)
    with RunningLab(authority.context, spot) as running:
        running.book([("84119.99", "5")], [("84120.00", "0.004"), ("84120.01", "3")], SPOT_BTC)
        with brought(authority, dict.fromkeys(NAMES, running.port("binance_spot"))):
            yield running


@pytest.fixture
def client(lab: RunningLab) -> Iterator[Client]:
    """It takes the loop of its thread and never closes it; it pings as it is made."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    made = Client(KEY, SECRET)
    yield made
    made.close_connection()
    asyncio.set_event_loop(None)
    loop.close()


def limit(amount: float, price: float, **more: str) -> dict[str, object]:
    told = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    return {**told, "quantity": amount, "price": price, **more}


def test_it_reads_rules_books_candles_and_prices(client: Client) -> None:
    rules = client.get_symbol_info("BTCUSDT")
    assert rules is not None
    filters = {one["filterType"]: one for one in rules["filters"]}
    assert (filters["PRICE_FILTER"]["tickSize"], filters["LOT_SIZE"]["stepSize"]) == ("0.01000000", "0.00001000")
    assert filters["NOTIONAL"]["minNotional"] == "5.00000000"
    book = client.get_order_book(symbol="BTCUSDT", limit=5)
    assert set(book) == {"lastUpdateId", "bids", "asks"}
    assert book["asks"] == [["84120.00000000", "0.00400000"], ["84120.01000000", "3.00000000"]]
    rows = client.get_klines(symbol="BTCUSDT", interval="1m", limit=5)
    assert [len(row) for row in rows] == [12] * 5
    assert client.get_symbol_ticker(symbol="BTCUSDT")["symbol"] == "BTCUSDT"
    assert client.get_orderbook_ticker(symbol="BTCUSDT")["askPrice"] == "84120.00000000"
    assert client.get_avg_price(symbol="BTCUSDT")["mins"] == 5
    assert client.get_system_status() == {"status": 0, "msg": "normal"}


def test_it_places_finds_lists_and_cancels(client: Client) -> None:
    placed = client.create_order(**limit(0.01, 84120.0, newClientOrderId="bot-000001"))
    assert (placed["status"], placed["clientOrderId"]) == ("PARTIALLY_FILLED", "bot-000001")
    assert placed["fills"] == [
        {
            "price": "84120.00000000",
            "qty": "0.00400000",
            "commission": "0.00000400",
            "commissionAsset": "BTC",
            "tradeId": placed["fills"][0]["tradeId"],
        }
    ]
    found = client.get_order(symbol="BTCUSDT", origClientOrderId="bot-000001")
    assert (found["status"], found["executedQty"], found["cummulativeQuoteQty"]) == (
        "PARTIALLY_FILLED",
        "0.00400000",
        "336.48000000",
    )
    assert [one["orderId"] for one in client.get_open_orders(symbol="BTCUSDT")] == [placed["orderId"]]
    gone = client.cancel_order(symbol="BTCUSDT", origClientOrderId="bot-000001")
    assert (gone["status"], gone["origClientOrderId"]) == ("CANCELED", "bot-000001")
    assert gone["clientOrderId"] != "bot-000001"
    (fill,) = client.get_my_trades(symbol="BTCUSDT")
    assert (fill["qty"], fill["commission"], fill["isMaker"], fill["isBuyer"]) == (
        "0.00400000",
        "0.00000400",
        False,
        True,
    )
    assert client.get_asset_balance("BTC") == {"asset": "BTC", "free": "0.25399600", "locked": "0.00000000"}
    assert [one["status"] for one in client.get_all_orders(symbol="BTCUSDT")] == ["CANCELED"]


def test_it_trades_at_the_market_and_tries_orders_out(client: Client) -> None:
    bought = client.order_market_buy(symbol="BTCUSDT", quoteOrderQty=100)
    assert (bought["status"], bought["executedQty"]) == ("FILLED", "0.00118000")
    assert client.order_market_sell(symbol="BTCUSDT", quantity=0.1)["status"] == "FILLED"
    assert client.create_test_order(**limit(0.01, 84000.0)) == {}
    assert client.get_open_orders(symbol="BTCUSDT") == []


@pytest.mark.parametrize(
    ("order", "code", "message"),
    [
        (limit(9, 84120.0), -2010, "Account has insufficient balance for requested action."),
        (limit(0.01, 84120.005), -1013, "Filter failure: PRICE_FILTER"),
        (limit(0.000015, 84120.0), -1013, "Filter failure: LOT_SIZE"),
        (limit(0.00001, 84120.0), -1013, "Filter failure: NOTIONAL"),
        (limit(0.01, 84120.0, symbol="NONE"), -1121, "Invalid symbol."),
        (limit(0.01, 84120.0, type="STOP"), -1116, "Invalid orderType."),
    ],
)
def test_a_refusal_has_binances_code(client: Client, order: dict[str, object], code: int, message: str) -> None:
    with pytest.raises(BinanceAPIException) as told:
        client.create_order(**order)
    assert (told.value.code, told.value.message, told.value.status_code) == (code, message, 400)


def test_another_secret_and_a_clock_that_is_wrong_are_told_apart(lab: RunningLab, client: Client) -> None:
    with pytest.raises(BinanceAPIException) as told:
        other = Client(KEY, "another", ping=False)
        with closing(other.session):
            other.get_account()
    assert told.value.code == -1022
    client.timestamp_offset = -60_000
    with pytest.raises(BinanceAPIException) as told:
        client.get_account()
    assert told.value.code == -1021


def test_its_streams_tell_the_market_and_its_users_events(lab: RunningLab) -> None:
    at = {"instrument": SPOT_BTC.text()}

    async def scene() -> None:
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context())
        client = await AsyncClient.create(KEY, SECRET, session_params={"connector": connector})
        try:
            sockets = BinanceSocketManager(client)
            async with sockets.trade_socket("BTCUSDT") as trades:
                told = {**at, "price": "84120", "amount": "0.1", "taker": "sell"}
                await asyncio.to_thread(lab.tell, "binance_spot/print", told)
                trade = await trades.recv()
            assert (trade["e"], trade["p"], trade["m"]) == ("trade", "84120.00000000", True)
            async with sockets.user_socket() as events:
                placed = await client.create_order(**limit(0.004, 84120.0))
                heard: dict[str, Any] = {}
                while "outboundAccountPosition" not in heard:
                    event = await events.recv()
                    heard[event["e"]] = event
            report = heard["executionReport"]
            assert (report["i"], report["x"], report["X"], report["N"]) == (placed["orderId"], "TRADE", "FILLED", "BTC")
            rows = {row["a"]: row["f"] for row in heard["outboundAccountPosition"]["B"]}
            assert rows == {"BTC": "0.25399600", "USDT": "30663.52000000"}
        finally:
            await client.close_connection()

    asyncio.run(scene())
