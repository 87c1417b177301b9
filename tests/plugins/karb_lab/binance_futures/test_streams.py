"""Binance's WebSockets: by hand, message by message, and by ccxt.pro."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import aiohttp
import ccxt.pro
import pytest

from tests.plugins.karb_lab.binance_futures.asking import ask, order
from tests.plugins.karb_lab.running import KEY, PERPETUAL, SECRET, RunningLab

DEPTH = {"e", "E", "T", "s", "U", "u", "pu", "b", "a"}
FIELDS = {
    "btcusdt@depth@100ms": DEPTH,
    "btcusdt@depth5": DEPTH,
    "btcusdt@bookTicker": {"e", "u", "s", "b", "B", "a", "A", "T", "E"},
    "btcusdt@aggTrade": {"e", "E", "a", "s", "p", "q", "nq", "f", "l", "T", "m"},
    "btcusdt@markPrice@1s": {"e", "E", "s", "p", "ap", "i", "P", "r", "T"},
    "btcusdt@kline_1m": {"e", "E", "s", "k"},
}
PUBLIC = ("btcusdt@depth@100ms", "btcusdt@depth5", "btcusdt@bookTicker")


@asynccontextmanager
async def opened(lab: RunningLab, path: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    address = f"{lab.address('binance_usdm')}{path}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        yield socket


def moved(lab: RunningLab, bid: str = "84119.9") -> None:
    """Everything happens once: the book, a print, the mark."""
    lab.book([(bid, "5"), ("84110.0", "1")], [("84120.0", "0.004"), ("84120.1", "3")], PERPETUAL)
    told = {"instrument": PERPETUAL.text(), "price": "84120.0"}
    lab.tell("binance_usdm/print", {**told, "amount": "0.002", "taker": "buy"})
    lab.tell("binance_usdm/mark", told)


@pytest.mark.parametrize("name", list(FIELDS))
def test_a_stream_has_binances_fields_and_is_heard_on_its_own_path_only(lab: RunningLab, name: str) -> None:
    right, wrong = ("public", "market") if name in PUBLIC else ("market", "public")

    async def scene() -> None:
        async with opened(lab, f"/{right}/ws/{name}") as socket, opened(lab, f"/{wrong}/ws") as deaf:
            await deaf.send_json({"method": "SUBSCRIBE", "params": [name], "id": 7})
            assert await deaf.receive_json() == {"result": None, "id": 7}
            await asyncio.to_thread(moved, lab)
            told = await socket.receive_json()
            assert (set(told), told["s"]) == (FIELDS[name], "BTCUSDT")
            await deaf.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 8})
            assert await deaf.receive_json() == {"result": [name], "id": 8}

    asyncio.run(scene())


def test_a_book_that_is_built_from_snapshot_and_changes_is_the_venues(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/public/stream?streams=btcusdt@depth") as socket:
            await asyncio.to_thread(moved, lab)
            path = "/fapi/v1/depth"
            snapshot = (await asyncio.to_thread(ask, lab, "GET", path, symbol="BTCUSDT", limit="1000")).body
            book = {side: dict(snapshot[name]) for side, name in (("b", "bids"), ("a", "asks"))}
            for bid in ("84119.8", "84119.7", "84119.9"):
                await asyncio.to_thread(moved, lab, bid)
            last, previous = snapshot["lastUpdateId"], None
            for _ in range(4):
                told = (await socket.receive_json())["data"]
                if told["u"] < last:
                    continue
                assert told["U"] <= last <= told["u"] if previous is None else told["pu"] == previous
                previous = told["u"]
                for side in "ba":
                    book[side] |= dict(told[side])
            kept = {side: {p: a for p, a in levels.items() if Decimal(a)} for side, levels in book.items()}
            now = (await asyncio.to_thread(ask, lab, "GET", path, symbol="BTCUSDT", limit="1000")).body
            assert kept == {"b": dict(now["bids"]), "a": dict(now["asks"])}

    asyncio.run(scene())


def test_a_change_that_was_not_told_shows_in_the_next_ones_pu(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/public/ws/btcusdt@depth") as socket:
            await asyncio.to_thread(moved, lab)
            first = await socket.receive_json()
            await asyncio.to_thread(lab.fault, "gap", "binance_usdm", times=1)
            await asyncio.to_thread(moved, lab, "84119.8")
            await asyncio.to_thread(moved, lab, "84119.7")
            third = await socket.receive_json()
            assert third["pu"] > first["u"]
            assert third["b"] == [["84119.70", "5.000"], ["84119.80", "0.000"]]

    asyncio.run(scene())


def test_streams_add_up_and_one_can_be_left(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/market/stream?streams=btcusdt@aggTrade") as socket:
            for method, params in (
                ("SUBSCRIBE", ["btcusdt@markPrice", "btcusdt@kline_1m", "ethusdt@aggTrade"]),
                ("UNSUBSCRIBE", ["btcusdt@kline_1m"]),
            ):
                await socket.send_json({"method": method, "params": params, "id": 1})
                assert (await socket.receive_json())["result"] is None
            await asyncio.to_thread(moved, lab)
            told = [(await socket.receive_json())["stream"] for _ in range(2)]
            assert told == ["btcusdt@aggTrade", "btcusdt@markPrice"]
            await socket.send_str("what?")
            assert (await socket.receive_json())["error"]["code"] == 2

    asyncio.run(scene())


def test_a_candle_that_ended_is_told_closed_by_the_first_print_of_the_next(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/market/ws/btcusdt@kline_1m") as socket:
            await asyncio.to_thread(moved, lab)
            first, second = (await socket.receive_json())["k"], (await socket.receive_json())["k"]
            assert (first["x"], second["x"], second["n"]) == (True, False, 1)
            assert second["t"] > first["t"]
            assert set(second) == {
                "t", "T", "s", "i", "f", "L", "o", "c", "h", "l", "v", "n", "x", "q", "V", "Q", "B",
            }  # fmt: skip

    asyncio.run(scene())


def test_orders_and_the_account_are_told_to_their_owner_as_they_happen(lab: RunningLab) -> None:
    moved(lab)
    key = ask(lab, "POST", "/fapi/v1/listenKey").body["listenKey"]

    async def scene() -> list[Any]:
        async with opened(lab, f"/private/ws?listenKey={key}") as socket:
            sent = order("0.010", "84120.0", newClientOrderId="bot-000001")
            await asyncio.to_thread(ask, lab, "POST", "/fapi/v1/order", signed=True, **sent)
            told = [await socket.receive_json() for _ in range(3)]
            await asyncio.to_thread(lab.book, [("84100", "1")], [("84119.0", "9")], PERPETUAL)
            told += [await socket.receive_json() for _ in range(2)]
            settle = {"instrument": PERPETUAL.text(), "rate": "0.0001"}
            await asyncio.to_thread(lab.tell, "binance_usdm/settle", settle)
            return [*told, await socket.receive_json()]

    new, traded, account, filled, _, funded = asyncio.run(scene())
    assert [(one["o"]["x"], one["o"]["X"]) for one in (new, traded, filled)] == [
        ("NEW", "NEW"),
        ("TRADE", "PARTIALLY_FILLED"),
        ("TRADE", "FILLED"),
    ]
    assert set(traded["o"]) == {
        "s", "c", "S", "o", "f", "q", "p", "ap", "sp", "x", "X", "i", "l", "z", "L", "n", "N", "T", "t", "b", "a", "m",
        "R", "wt", "ot", "ps", "cp", "rp", "pP", "si", "ss", "V", "pm", "gtd", "er",
    }  # fmt: skip
    assert set(new["o"]) == set(traded["o"]) - {"n", "N"}
    assert (traded["o"]["l"], traded["o"]["n"], traded["o"]["m"], filled["o"]["m"]) == (
        "0.004",
        "0.16824000",
        False,
        True,
    )
    assert account["a"]["m"] == "ORDER"
    assert account["a"]["B"][0]["wb"] == "30999.83176000"
    assert account["a"]["P"][0] | {"cr": "", "bep": ""} == {
        "s": "BTCUSDT", "pa": "0.004", "ep": "84120.00", "bep": "", "cr": "", "up": "0.00000000", "mt": "isolated",
        "iw": "67.29600000", "ps": "BOTH",
    }  # fmt: skip
    assert (funded["a"]["m"], funded["a"]["S"], funded["a"]["B"][0]["bc"]) == ("FUNDING_FEE", "BTCUSDT", "-0.08412000")


def test_a_key_that_was_closed_is_told_so_and_one_of_nobody_hears_nothing(lab: RunningLab) -> None:
    key = ask(lab, "POST", "/fapi/v1/listenKey").body["listenKey"]

    async def scene() -> None:
        async with opened(lab, f"/ws/{key}") as socket, opened(lab, "/private/ws?listenKey=nobody") as deaf:
            await asyncio.to_thread(ask, lab, "DELETE", "/fapi/v1/listenKey")
            assert (await socket.receive_json())["e"] == "listenKeyExpired"
            await asyncio.to_thread(lab.tell, "binance_usdm/crash")
            assert (await deaf.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)

    asyncio.run(scene())


def test_ccxt_watches_books_trades_marks_candles_and_orders(lab: RunningLab) -> None:
    moved(lab)

    async def scene() -> None:
        client = ccxt.pro.binanceusdm({"apiKey": KEY, "secret": SECRET, "options": {"fetchCurrencies": False}})
        real, here = "https://fapi.binance.com", lab.address("binance_usdm")
        for name, address in client.urls["api"].items():
            if isinstance(address, str) and address.startswith(real):
                client.urls["api"][name] = address.replace(real, here)
        client.urls["api"]["ws"]["linear"] = here.replace("http", "ws") + "/ws"
        market = "BTC/USDT:USDT"
        try:
            await client.load_markets()
            watched = [
                asyncio.ensure_future(one)
                for one in (
                    client.watch_order_book(market),
                    client.watch_trades(market),
                    client.watch_mark_price(market),
                    client.watch_ohlcv(market, "1m"),
                    client.watch_orders(market),
                )
            ]
            for _ in range(100):
                if all(one.done() for one in watched):
                    break
                await asyncio.to_thread(moved, lab)
                await client.create_order(market, "limit", "buy", 0.01, 80000.0)
                await asyncio.wait(watched, timeout=0.2)
            book, trades, mark, candles, orders = (one.result() for one in watched)
            assert (book["bids"][0], book["asks"][0]) == ([84119.9, 5.0], [84120.0, 0.004])
            assert (trades[-1]["price"], mark["markPrice"], candles[-1][4]) == (84120.0, 84120.0, 84120.0)
            assert orders[-1]["status"] == "open"
        finally:
            await client.close()

    asyncio.run(scene())


def test_messages_are_text(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/public/ws/btcusdt@bookTicker") as socket:
            await asyncio.to_thread(moved, lab)
            message = await socket.receive()
            assert message.type is aiohttp.WSMsgType.TEXT
            assert json.loads(message.data)["b"] == "84119.90"

    asyncio.run(scene())
