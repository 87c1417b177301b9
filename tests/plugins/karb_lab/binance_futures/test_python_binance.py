"""python-binance has Binance's addresses written into it: it asks for https://fapi.binance.com and finds the lab."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.plugins.karb_lab.brought import Authority, brought
from tests.plugins.karb_lab.running import KEY, PERPETUAL, SECRET, RunningLab

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports what another library has named otherwise since
    from binance.client import Client
    from binance.exceptions import BinanceAPIException


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    authority = Authority(tmp_path, ["fapi.binance.com"])
    ports = {}
    with RunningLab(authority.context) as running:
        ports["fapi.binance.com"] = running.port("binance_usdm")
        running.tell("binance_usdm/mark", {"instrument": PERPETUAL.text(), "price": "84120"})
        running.book([("84119.9", "5")], [("84120.0", "0.004"), ("84120.1", "3")], PERPETUAL)
        with brought(authority, ports):
            yield running


@pytest.fixture
def client(lab: RunningLab) -> Iterator[Client]:
    """It takes the loop of its thread and never closes it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    made = Client(KEY, SECRET, ping=False)
    yield made
    made.close_connection()
    asyncio.set_event_loop(None)
    loop.close()


def limit(amount: float, price: float, **more: str) -> dict[str, object]:
    told = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    return {**told, "quantity": amount, "price": price, **more}


def test_it_reads_rules_books_candles_marks_and_prices(client: Client) -> None:
    rules = client.futures_exchange_info()["symbols"][0]
    assert (rules["symbol"], {one["filterType"] for one in rules["filters"]}) == (
        "BTCUSDT",
        {
            "PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "MAX_NUM_ORDERS", "MIN_NOTIONAL", "PERCENT_PRICE",
            "POSITION_RISK_CONTROL",
        },
    )  # fmt: skip
    book = client.futures_order_book(symbol="BTCUSDT", limit=5)
    assert (book["bids"], book["asks"]) == ([["84119.90", "5.000"]], [["84120.00", "0.004"], ["84120.10", "3.000"]])
    rows = client.futures_klines(symbol="BTCUSDT", interval="1m", limit=5)
    assert [len(row) for row in rows] == [12] * 5
    assert client.futures_mark_price(symbol="BTCUSDT")["markPrice"] == "84120.00000000"
    assert client.futures_symbol_ticker(symbol="BTCUSDT")["symbol"] == "BTCUSDT"
    assert client.futures_orderbook_ticker(symbol="BTCUSDT")["askPrice"] == "84120.00"


def test_it_places_finds_lists_and_cancels(client: Client) -> None:
    placed = client.futures_create_order(**limit(0.01, 84120.0, newClientOrderId="bot-000001"))
    assert (placed["status"], placed["clientOrderId"]) == ("NEW", "bot-000001")
    found = client.futures_get_order(symbol="BTCUSDT", origClientOrderId="bot-000001")
    assert (found["status"], found["executedQty"], found["avgPrice"]) == ("PARTIALLY_FILLED", "0.004", "84120.00")
    assert [one["orderId"] for one in client.futures_get_open_orders(symbol="BTCUSDT")] == [placed["orderId"]]
    gone = client.futures_cancel_order(symbol="BTCUSDT", origClientOrderId="bot-000001")
    assert (gone["status"], gone["executedQty"]) == ("CANCELED", "0.004")
    (fill,) = client.futures_account_trades(symbol="BTCUSDT")
    assert (fill["qty"], fill["price"], fill["commission"], fill["maker"]) == ("0.004", "84120.00", "0.16824000", False)


def test_it_reads_its_account(client: Client) -> None:
    client.futures_create_order(symbol="BTCUSDT", side="SELL", type="MARKET", quantity=0.1)
    (balance,) = client.futures_account_balance()
    account = client.futures_account()
    assert balance["balance"] == account["totalWalletBalance"] == "30995.79400500"
    assert account["availableBalance"] == "29313.39600500"
    (position,) = client.futures_position_information(symbol="BTCUSDT")
    assert (position["positionAmt"], position["entryPrice"], position["unRealizedProfit"]) == (
        "-0.100",
        "84119.90",
        "-0.01000000",
    )
    assert [row["incomeType"] for row in client.futures_income_history(symbol="BTCUSDT")] == ["COMMISSION"]
    assert client.futures_change_leverage(symbol="ETHUSDT", leverage=7)["leverage"] == 7
    assert client.futures_get_position_mode() == {"dualSidePosition": False}


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (limit(9, 84120.0), -2019),
        (limit(0.01, 84120.05), -4014),
        (limit(0.01, 84120.0, symbol="NONE"), -1121),
        (limit(0.01, 84120.0, reduceOnly="true"), -2022),
    ],
)
def test_a_refusal_has_binances_code(client: Client, order: dict[str, object], code: int) -> None:
    with pytest.raises(BinanceAPIException) as told:
        client.futures_create_order(**order)
    assert (told.value.code, told.value.status_code) == (code, 400)


def test_another_secret_and_a_clock_that_is_wrong_are_told_apart(lab: RunningLab, client: Client) -> None:
    with pytest.raises(BinanceAPIException) as told:
        other = Client(KEY, "another", ping=False)
        with closing(other.session):
            other.futures_account_balance()
    assert told.value.code == -1022
    client.timestamp_offset = -60_000
    with pytest.raises(BinanceAPIException) as told:
        client.futures_account_balance()
    assert told.value.code == -1021


def test_its_listen_key_is_the_same_until_it_is_closed(client: Client) -> None:
    first = client.futures_stream_get_listen_key()
    assert client.futures_stream_get_listen_key() == first
    assert len(first) == 64
    client.futures_stream_keepalive(first)
    client.futures_stream_close(first)
    with pytest.raises(BinanceAPIException) as told:
        client.futures_stream_keepalive(first)
    assert told.value.code == -1125
    assert client.futures_stream_get_listen_key() != first
