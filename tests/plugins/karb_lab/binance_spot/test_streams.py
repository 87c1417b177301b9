"""The streams of Binance's spot, by hand: how a book is kept, what has no names, and requests over a WebSocket."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from tests.plugins.karb_lab.binance_spot.test_rest import asked
from tests.plugins.karb_lab.running import KEY, SECRET, SPOT_BTC, RunningLab


class Socket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._raw = socket

    async def ask(self, **request: Any) -> None:
        await self._raw.send_str(json.dumps(request))

    async def told(self) -> Any:
        return json.loads(await self._raw.receive_str())

    async def is_closed(self) -> bool:
        return (await self._raw.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


@asynccontextmanager
async def opened(lab: RunningLab, path: str) -> AsyncIterator[Socket]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{lab.address('binance_spot')}{path}") as socket,
    ):
        yield Socket(socket)


def signed(**params: Any) -> dict[str, Any]:
    given = {"apiKey": KEY, "timestamp": time.time_ns() // 1_000_000, **params}
    text = "&".join(f"{name}={value}" for name, value in sorted(given.items()))
    return {**given, "signature": hmac.digest(SECRET.encode(), text.encode(), "sha256").hex()}


def test_a_book_is_kept_by_the_rule_of_spot_and_is_the_labs_own(lab: RunningLab) -> None:
    """A snapshot, then changes of which each begins one after the end of the last; there is no `pu`."""

    async def scene() -> None:
        async with opened(lab, "/ws/btcusdt@depth@100ms") as socket:
            await asyncio.to_thread(lab.book, [("84100.00", "1")], [("84101.00", "1")], SPOT_BTC)
            early = await socket.told()
            snapshot = (await asyncio.to_thread(asked, lab, "GET", "/api/v3/depth", symbol="BTCUSDT")).body
            assert early["u"] <= snapshot["lastUpdateId"]
            book = {side: dict(snapshot[side]) for side in ("bids", "asks")}
            last = None
            for bid in ("84100.50", "84099.00", "84098.00"):
                await asyncio.to_thread(lab.book, [(bid, "2"), ("84000.00", "1")], [("84101.00", "3")], SPOT_BTC)
                change = await socket.told()
                assert "pu" not in change
                if last is None:
                    assert change["U"] <= snapshot["lastUpdateId"] + 1 <= change["u"]
                else:
                    assert change["U"] == last + 1
                last = change["u"]
                for side, rows in (("bids", change["b"]), ("asks", change["a"])):
                    book[side].update(rows)
            kept = {side: {p: q for p, q in rows.items() if Decimal(q)} for side, rows in book.items()}
            assert kept == {
                "bids": {"84098.00000000": "2.00000000", "84000.00000000": "1.00000000"},
                "asks": {"84101.00000000": "3.00000000"},
            }

    asyncio.run(scene())


def test_levels_and_tops_have_no_event_and_no_time(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/stream?streams=btcusdt@depth5@100ms/btcusdt@bookTicker") as socket:
            await asyncio.to_thread(lab.book, [("84100.00", "1")], [("84101.00", "2")], SPOT_BTC)
            told = {}
            while len(told) < 2:
                message = await socket.told()
                told[message["stream"]] = message["data"]
            levels, top = told["btcusdt@depth5@100ms"], told["btcusdt@bookTicker"]
            assert set(levels) == {"lastUpdateId", "bids", "asks"}
            assert (set(top), top["a"], top["A"]) == ({"u", "s", "b", "B", "a", "A"}, "84101.00000000", "2.00000000")

    asyncio.run(scene())


def test_in_maintenance_streams_close_and_nobody_comes_in(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/ws/btcusdt@depth") as heard, opened(lab, "/ws-api/v3") as asked_of:
            await asyncio.to_thread(lab.fault, "maintenance", "binance_spot")
            for socket in (heard, asked_of):
                assert await socket.is_closed()
        for path in ("/ws/btcusdt@depth", "/ws-api/v3"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                async with opened(lab, path):
                    pass
            assert refused.value.status == 503
        await asyncio.to_thread(lab.tell, "binance_spot/faults", None, "DELETE")
        async with opened(lab, "/ws-api/v3") as socket:
            await socket.ask(id=1, method="ping")
            assert (await socket.told())["status"] == 200

    asyncio.run(scene())


def test_a_gap_shows_in_the_ids(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/ws/btcusdt@depth") as socket:
            await asyncio.to_thread(lab.book, [("84100.00", "1")], [("84101.00", "1")], SPOT_BTC)
            first = await socket.told()
            await asyncio.to_thread(lab.fault, "gap", "binance_spot", times=1)
            for price in ("84102.00", "84103.00"):
                await asyncio.to_thread(lab.book, [("84100.00", "1")], [(price, "1")], SPOT_BTC)
            assert (await socket.told())["U"] > first["u"] + 1

    asyncio.run(scene())


def test_users_events_come_by_the_websocket_api_and_so_may_orders(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/ws-api/v3") as socket:
            await socket.ask(id="u1", method="userDataStream.subscribe.signature", params=signed())
            answer = await socket.told()
            assert (answer["id"], answer["status"], answer["result"]) == ("u1", 200, {"subscriptionId": 0})
            assert answer["rateLimits"][0]["limit"] == 6000
            order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
            params = signed(**order, quantity="0.01", price="84120.00", newClientOrderId="bot-000002")
            await socket.ask(id=2, method="order.place", params=params)
            told = [await socket.told() for _ in range(4)]
            events = [one["event"] for one in told if "event" in one]
            (placed,) = [one["result"] for one in told if "result" in one]
            assert [(one["e"], one.get("x")) for one in events] == [
                ("executionReport", "NEW"),
                ("executionReport", "TRADE"),
                ("outboundAccountPosition", None),
            ]
            assert (placed["status"], events[1]["z"], events[1]["n"], events[1]["N"]) == (
                "PARTIALLY_FILLED",
                "0.00400000",
                "0.00000400",
                "BTC",
            )
            cancel = signed(symbol="BTCUSDT", origClientOrderId="bot-000002")
            await socket.ask(id=3, method="order.cancel", params=cancel)
            gone = (await socket.told())["event"]
            assert (gone["x"], gone["C"], gone["c"] == "bot-000002") == ("CANCELED", "bot-000002", False)

    asyncio.run(scene())


def test_a_request_that_cannot_be_carried_out_says_why(lab: RunningLab) -> None:
    async def scene() -> None:
        async with opened(lab, "/ws-api/v3") as socket:
            for method, params, code in (
                ("userDataStream.subscribe.signature", {**signed(), "signature": "0" * 64}, -1022),
                ("userDataStream.subscribe.signature", {**signed(), "apiKey": "another"}, -2015),
                ("session.logon", signed(), -4056),
                ("order.status", signed(symbol="BTCUSDT", orderId=1), -2013),
            ):
                await socket.ask(id=1, method=method, params=params)
                answer = await socket.told()
                assert (answer["error"]["code"], answer["status"] >= 400) == (code, True), method
            await socket.ask(nothing=1)
            assert (await socket.told())["status"] == 400

    asyncio.run(scene())
