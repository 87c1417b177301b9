"""Bithumb's WebSockets: by hand, frame by frame, and by ccxt.pro."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import ccxt.pro
import pytest

from tests.plugins.karb_lab.bithumb.test_rest import asked, limit, now_ms
from tests.plugins.karb_lab.running import BITHUMB_BTC, KEY, SECRET, RunningLab
from tests.plugins.karb_lab.speaking import token

BOOK = {"type", "code", "timestamp", "total_ask_size", "total_bid_size", "orderbook_units", "level", "stream_type"}
TRADE = {
    "type", "code", "timestamp", "trade_date", "trade_time", "trade_timestamp", "trade_price", "trade_volume",
    "ask_bid", "prev_closing_price", "change", "change_price", "sequential_id", "stream_type",
}  # fmt: skip
TICKER = {
    "type", "code", "opening_price", "high_price", "low_price", "trade_price", "prev_closing_price", "acc_trade_price",
    "change", "change_price", "signed_change_price", "change_rate", "signed_change_rate", "ask_bid", "trade_volume",
    "acc_trade_volume", "trade_date", "trade_time", "trade_timestamp", "acc_ask_volume", "acc_bid_volume",
    "highest_52_week_price", "highest_52_week_date", "lowest_52_week_price", "lowest_52_week_date", "market_state",
    "delisting_date", "timestamp", "acc_trade_price_24h", "acc_trade_volume_24h", "is_trading_suspended",
    "market_warning", "stream_type",
}  # fmt: skip


class Socket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = socket

    async def wish(self, *wishes: dict[str, Any], form: str = "DEFAULT") -> None:
        await self.raw.send_str(json.dumps([{"ticket": "mine"}, *wishes, {"format": form}]))

    async def told(self, count: int = 1) -> list[Any]:
        """Each in a text frame."""
        return [json.loads(await self.raw.receive_str()) for _ in range(count)]


@asynccontextmanager
async def opened(lab: RunningLab, path: str = "v1", authorization: str | None = None) -> AsyncIterator[Socket]:
    headers = {} if authorization is None else {"Authorization": authorization}
    address = f"{lab.address('bithumb')}/websocket/{path}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address, headers=headers) as socket:
        yield Socket(socket)


def moved(lab: RunningLab) -> None:
    told = {"instrument": BITHUMB_BTC.text(), "price": "124340000", "amount": "0.002", "taker": "buy"}
    lab.tell("bithumb/print", told)
    lab.book([("124330000", "1")], [("124340000", "1")], BITHUMB_BTC)


@pytest.mark.parametrize(("kind", "wanted"), [("orderbook", BOOK), ("trade", TRADE), ("ticker", TICKER)])
def test_a_type_is_told_as_it_is_and_then_as_it_changes(lab: RunningLab, kind: str, wanted: set[str]) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            await socket.wish({"type": kind, "codes": ["KRW-BTC"]})
            (first,) = await socket.told()
            await asyncio.to_thread(moved, lab)
            (later,) = await socket.told()
            assert (first["stream_type"], later["stream_type"]) == ("SNAPSHOT", "REALTIME")
            assert set(first) == set(later) == wanted
            at_home = time.gmtime(later["timestamp"] // 1000 + 9 * 3600)
            if kind == "trade":
                assert later["trade_date"] == time.strftime("%Y-%m-%d", at_home)
            if kind == "orderbook":
                assert len(str(later["timestamp"])) == 16
                assert (later["level"], len(first["orderbook_units"])) == (1, 15)

    asyncio.run(scene())


def test_a_new_wish_takes_the_place_of_the_one_before_and_candles_are_not_told(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab) as socket:
            await socket.wish({"type": "trade", "codes": ["KRW-BTC"], "isOnlyRealtime": True})
            await socket.wish({"type": "candle.1m", "codes": ["KRW-BTC"]})
            assert (await socket.told())[0]["error"]["name"] == "NO_TYPE"
            await socket.wish({"type": "orderbook", "codes": ["KRW-BTC.1"]}, form="SIMPLE")
            assert set((await socket.told())[0]) == {"ty", "cd", "tms", "st", "tas", "tbs", "obu", "lv"}
            await asyncio.to_thread(moved, lab)
            (book,) = await socket.told()
            assert (book["ty"], len(book["obu"])) == ("orderbook", 1)
            await socket.raw.send_str("PING")
            assert await socket.told() == [{"status": "UP"}]

    asyncio.run(scene())


def test_orders_and_assets_are_told_to_their_owner_in_words_of_their_own(lab: RunningLab) -> None:
    lab.book([("124330000", "1")], [("124340000", "0.0004"), ("124400000", "1")], BITHUMB_BTC)

    async def scene() -> None:
        async with opened(lab, "v2/private", token(timestamp=now_ms())) as socket:
            await socket.wish({"type": "myOrder", "codes": []}, {"type": "myAsset"})
            await socket.raw.send_str('[{"ticket":"x"},{"method":"LIST_SUBSCRIPTIONS"}]')
            await socket.told()
            order = limit("0.001", "124340000", client_order_id="bot-000001")
            own = (await asyncio.to_thread(asked, lab, "POST", "/v2/orders", order)).body["order_id"]
            waits, traded, assets = await socket.told(3)
            assert (waits["state"], waits["order_id"], waits["client_order_id"]) == ("wait", own, "bot-000001")
            assert (waits["side"], waits["order_price"], waits["order_quantity"]) == ("buy", 124340000, 0.001)
            assert "executed_quantity" not in waits
            assert (traded["state"], traded["trade_quantity"], traded["remaining_quantity"]) == (
                "trade",
                0.0004,
                0.0006,
            )
            assert (traded["executed_amount"], traded["paid_fee"]) == (49736, 124.34)
            assert assets["assets"][1] == {"currency": "KRW", "balance": "44875349.15", "locked": "74790.51"}
            await asyncio.to_thread(asked, lab, "DELETE", f"/v2/order?order_id={own}")
            ended, _ = await socket.told(2)
            assert (ended["state"], ended["cancel_type"]) == ("cancel", "user")

    asyncio.run(scene())


def test_nobody_comes_in_without_a_fresh_token(lab: RunningLab) -> None:
    async def scene() -> None:
        for authorization in (None, token(), token(timestamp=1_795_237_200_000), token(secret="another-secret")):
            async with opened(lab, "v2/private", authorization) as socket:
                (answer,) = await socket.told()
                assert answer["error"]["name"] == "INVALID_AUTH"

    asyncio.run(scene())


def test_more_connections_than_a_second_takes_are_refused(lab: RunningLab) -> None:
    async def scene() -> None:
        refused, let_in = 0, 0
        async with aiohttp.ClientSession() as session:
            while not refused:
                turn = [session.ws_connect(f"{lab.address('bithumb')}/websocket/v1") for _ in range(30)]
                found = await asyncio.gather(*turn, return_exceptions=True)
                refused = sum(isinstance(one, aiohttp.WSServerHandshakeError) and one.status == 429 for one in found)
                for one in found:
                    if isinstance(one, aiohttp.ClientWebSocketResponse):
                        let_in += 1
                        await one.close()
        assert let_in >= 10, "the first ten of a second"

    asyncio.run(scene())


def test_ccxt_watches_books_trades_tickers_orders_and_balances(lab: RunningLab) -> None:
    lab.book([("124300000", "1")], [("124400000", "0.0004"), ("124500000", "1")], BITHUMB_BTC)

    async def scene() -> None:
        client = ccxt.pro.bithumb({"apiKey": KEY, "secret": SECRET})
        address = lab.address("bithumb")
        client.urls["api"]["public"] = client.urls["api"]["private"] = address
        client.urls["api"]["ws"]["publicGen2"] = address.replace("http", "ws") + "/websocket/v1"
        client.urls["api"]["ws"]["privateGen2"] = address.replace("http", "ws") + "/websocket/v2/private"
        try:
            await client.load_markets()
            book = await client.watch_order_book("BTC/KRW")
            assert (book["bids"][0], book["asks"][0]) == ([124300000.0, 1.0], [124400000.0, 0.0004])
            assert (await client.watch_ticker("BTC/KRW"))["last"] > 0
            assert (await client.watch_trades("BTC/KRW"))[-1]["price"] > 0
            for watching in (client.watch_orders, client.watch_balance):
                watched = asyncio.ensure_future(watching())
                for _ in range(100):
                    if watched.done():
                        break
                    await client.create_order("BTC/KRW", "limit", "buy", 0.0002, 124000000)
                    await asyncio.wait([watched], timeout=0.2)
                told = watched.result()
                assert told
            assert told["KRW"]["used"] > 0
        finally:
            await client.close()

    asyncio.run(scene())
