"""Upbit's WebSockets: by hand, frame by frame, and by ccxt.pro."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import ccxt.pro
import pytest

from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab
from tests.plugins.karb_lab.speaking import ask, limit, token

BOOK = {"type", "code", "timestamp", "total_ask_size", "total_bid_size", "orderbook_units", "level", "stream_type"}
TRADE = {
    "type", "code", "timestamp", "trade_date", "trade_time", "trade_timestamp", "trade_price", "trade_volume",
    "ask_bid", "prev_closing_price", "change", "change_price", "sequential_id", "best_ask_price", "best_ask_size",
    "best_bid_price", "best_bid_size", "stream_type",
}  # fmt: skip
CANDLE = {
    "type", "code", "candle_date_time_utc", "candle_date_time_kst", "opening_price", "high_price", "low_price",
    "trade_price", "candle_acc_trade_volume", "candle_acc_trade_price", "timestamp", "stream_type",
}  # fmt: skip
TICKER = {
    "type", "code", "opening_price", "high_price", "low_price", "trade_price", "prev_closing_price", "acc_trade_price",
    "change", "change_price", "signed_change_price", "change_rate", "signed_change_rate", "ask_bid", "trade_volume",
    "acc_trade_volume", "trade_date", "trade_time", "trade_timestamp", "acc_ask_volume", "acc_bid_volume",
    "highest_52_week_price", "highest_52_week_date", "lowest_52_week_price", "lowest_52_week_date", "market_state",
    "delisting_date", "timestamp", "acc_trade_price_24h", "acc_trade_volume_24h", "stream_type",
}  # fmt: skip
SHORT = {
    "ticker": "ty cd tms st op hp lp tp pcp c cp scp cr scr tv atv atv24h atp atp24h tdt ttm ttms ab aav abv h52wp "
    "h52wdt l52wp l52wdt ms dd",
    "trade": "ty cd tms st td ttm ttms tp tv ab pcp c cp sid bap bas bbp bbs",
    "orderbook": "ty cd tms st tas tbs obu lv",
    "candle.1m": "ty cd tms st cdttmu cdttmk op hp lp tp catv catp",
}
ORDER = {
    "type", "code", "uuid", "ask_bid", "order_type", "state", "trade_uuid", "price", "avg_price", "volume",
    "remaining_volume", "executed_volume", "trades_count", "reserved_fee", "remaining_fee", "paid_fee", "locked",
    "executed_funds", "time_in_force", "trade_fee", "is_maker", "identifier", "smp_type", "prevented_volume",
    "prevented_locked", "trade_timestamp", "order_timestamp", "timestamp", "stream_type",
}  # fmt: skip


class Socket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = socket

    async def wish(self, *wishes: dict[str, Any], form: str = "DEFAULT") -> None:
        await self.raw.send_str(json.dumps([{"ticket": "mine"}, *wishes, {"format": form}]))

    async def told(self, count: int = 1) -> list[Any]:
        """Each in a binary frame."""
        return [json.loads(await self.raw.receive_bytes()) for _ in range(count)]


@asynccontextmanager
async def opened(lab: RunningLab, path: str = "", authorization: str | None = None) -> AsyncIterator[Socket]:
    headers = {} if authorization is None else {"Authorization": authorization}
    address = f"{lab.address('upbit')}/websocket/v1{path}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address, headers=headers) as socket:
        yield Socket(socket)


async def aside(does: Callable[..., Any], *given: Any, **more: Any) -> Any:
    return await asyncio.to_thread(does, *given, **more)


def printed(lab: RunningLab, price: str = "124350000") -> None:
    lab.tell("upbit/print", {"instrument": "upbit BTC/KRW", "price": price, "amount": "0.002", "taker": "buy"})


@pytest.mark.parametrize(
    ("kind", "wanted"), [("orderbook", BOOK), ("trade", TRADE), ("ticker", TICKER), ("candle.1m", CANDLE)]
)
def test_a_type_is_told_as_it_is_and_then_as_it_changes_in_upbits_fields(
    lab: RunningLab, kind: str, wanted: set[str]
) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            await socket.wish({"type": kind, "codes": ["KRW-BTC"]})
            (first,) = await socket.told()
            await aside(printed, lab)
            await aside(lab.book, [("124349000", "1")], [("124350000", "1")])
            (later,) = await socket.told()
            assert (first["stream_type"], later["stream_type"]) == ("SNAPSHOT", "REALTIME")
            assert set(first) == set(later) == wanted
            assert (later["type"], later["code"]) == (kind, "KRW-BTC")

    asyncio.run(scene())


@pytest.mark.parametrize("kind", list(SHORT))
def test_simple_is_the_same_in_short(lab: RunningLab, kind: str) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            wish = {"type": kind, "codes": ["KRW-BTC"], "is_only_snapshot": True}
            await socket.wish(wish, form="SIMPLE")
            await socket.wish(wish, form="JSON_LIST")
            await socket.wish(wish, form="SIMPLE_LIST")
            short, (listed,), (both,) = await socket.told(3)
            assert set(short) == set(both) == set(SHORT[kind].split())
            assert short["cd"] == listed["code"] == "KRW-BTC"
            if kind == "orderbook":
                assert set(short["obu"][0]) == {"ap", "bp", "as", "bs"}

    asyncio.run(scene())


def test_a_new_wish_takes_the_place_of_the_one_before(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            await socket.wish({"type": "trade", "codes": ["KRW-BTC"], "is_only_realtime": True})
            await socket.wish({"type": "orderbook", "codes": ["KRW-BTC.1"]})
            await socket.told()
            await socket.raw.send_str('[{"ticket":"x"},{"method":"LIST_SUBSCRIPTIONS"}]')
            assert await socket.told() == [
                {
                    "method": "LIST_SUBSCRIPTIONS",
                    "result": [{"type": "orderbook", "codes": ["KRW-BTC.1"]}],
                    "ticket": "x",
                }
            ]
            await aside(printed, lab)
            await aside(lab.book, [("124349000", "1"), ("124348000", "1")], [("124350000", "1"), ("124351000", "1")])
            (book,) = await socket.told()
            assert (book["type"], len(book["orderbook_units"])) == ("orderbook", 1)

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("no json", "WRONG_FORMAT"),
        ("{}", "WRONG_FORMAT"),
        ('[{"type":"ticker","codes":["KRW-BTC"]}]', "NO_TICKET"),
        ('[{"ticket":"x"}]', "NO_TYPE"),
        ('[{"ticket":"x"},{"type":"ticker"}]', "NO_CODES"),
        ('[{"ticket":"x"},{"type":"ticker","codes":["KRW-BTC"]},{"format":"SHORT"}]', "WRONG_FORMAT"),
    ],
)
def test_a_wish_that_cannot_be_read_is_answered_by_upbits_name(lab: RunningLab, sent: str, name: str) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            await socket.raw.send_str(sent)
            (answer,) = await socket.told()
            assert answer["error"]["name"] == name

    asyncio.run(scene())


def test_a_ping_is_answered_and_a_text_ping_says_that_it_is_up(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            await socket.raw.ping(b"anyone")
            await socket.raw.send_str("PING")
            assert await socket.told() == [{"status": "UP"}]

    asyncio.run(scene())


def test_orders_and_assets_are_told_to_their_owner_as_they_happen(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124350000", "0.0004"), ("124400000", "1")])

    async def scene() -> None:
        async with opened(lab, "/private", token()) as socket:
            await socket.wish({"type": "myOrder", "codes": ["KRW-BTC"]}, {"type": "myAsset"})
            await socket.raw.send_str('[{"ticket":"x"},{"method":"LIST_SUBSCRIPTIONS"}]')
            await socket.told()
            order = limit("0.001", "124350000", identifier="bot-000001")
            await aside(ask, lab, "POST", "/v1/orders", order, signed=True)
            accepted, traded, assets = await socket.told(3)
            assert [accepted["state"], traded["state"]] == ["wait", "trade"]
            assert set(traded) == ORDER
            assert (traded["volume"], traded["remaining_volume"], traded["trade_fee"], traded["is_maker"]) == (
                0.0004, 0.0006, 24.87, False,
            )  # fmt: skip
            assert assets["assets"] == [
                {"currency": "BTC", "balance": 0.2504, "locked": 0.0},
                {"currency": "KRW", "balance": 44875587.825, "locked": 74647.305},
            ]
            await aside(lab.book, [("124300000", "1")], [("124350000", "9")])
            reached, done, _ = await socket.told(3)
            assert (reached["state"], reached["is_maker"], done["state"]) == ("trade", True, "done")
            assert (done["executed_funds"], done["trade_uuid"], done["avg_price"]) == (124350.0, None, 124350000.0)

    asyncio.run(scene())


def test_nobody_hears_of_another_account_and_nobody_comes_in_without_a_token(lab: RunningLab) -> None:
    async def scene() -> None:
        for authorization in (None, token(secret="another-secret")):
            async with opened(lab, "/private", authorization) as socket:
                (answer,) = await socket.told()
                assert answer["error"]["name"] == "INVALID_AUTH"
                assert (await socket.raw.receive()).type is aiohttp.WSMsgType.CLOSE
        async with opened(lab, "/private", token()) as socket:
            await socket.wish({"type": "myAsset", "codes": ["KRW-BTC"]})
            (answer,) = await socket.told()
            assert answer["error"]["name"] == "WRONG_FORMAT"

    asyncio.run(scene())


def test_ccxt_watches_books_trades_tickers_orders_and_balances(lab: RunningLab) -> None:
    lab.book([("124349000", "1")], [("124350000", "0.0004"), ("124400000", "1")])

    async def scene() -> None:
        client = ccxt.pro.upbit({"apiKey": KEY, "secret": SECRET})
        client.urls["api"]["public"] = client.urls["api"]["private"] = lab.address("upbit")
        client.urls["api"]["ws"] = lab.address("upbit").replace("http", "ws") + "/websocket/v1"
        try:
            await client.load_markets()
            book = await client.watch_order_book("BTC/KRW")
            assert (book["bids"][0], book["asks"][0]) == ([124349000.0, 1.0], [124350000.0, 0.0004])
            assert (await client.watch_ticker("BTC/KRW"))["last"] > 0
            assert (await client.watch_trades("BTC/KRW"))[-1]["price"] > 0
            orders = asyncio.ensure_future(client.watch_orders("BTC/KRW"))
            balances = asyncio.ensure_future(client.watch_balance())
            placed: dict[str, Any] = {}
            for _ in range(100):
                if orders.done() and balances.done():
                    break
                placed = await client.create_order("BTC/KRW", "limit", "buy", 0.0002, 124000000)
                await asyncio.wait([orders, balances], timeout=0.2)
            assert orders.result()[-1]["status"] == "open"
            assert balances.result()["KRW"]["used"] > 0
            assert placed["id"]
        finally:
            await client.close()

    asyncio.run(scene())
