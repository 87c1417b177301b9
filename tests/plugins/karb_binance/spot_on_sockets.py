"""A Binance spot on this machine's sockets: one book that changes when it is told to, candles, and its rules."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from karb_core.testing.scene import NOW
from tests.plugins.karb_binance.life import MINUTE
from tests.plugins.karb_binance.market_told import MS, spot_diff

_STEP = 3


@dataclass(slots=True)
class SpotOnSockets:
    """A snapshot is always one change behind, so that the last one leads on from it. `port`: set once it is open."""

    port: int = field(init=False, default=0)
    last: int = field(init=False, default=100)
    told: int = field(init=False, default=0)
    _line: web.WebSocketResponse | None = field(init=False, default=None)
    _subscribed: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    @property
    def params(self) -> dict[str, str]:
        return {"socket": f"ws://127.0.0.1:{self.port}", "rest": f"http://127.0.0.1:{self.port}"}

    async def tell(self) -> None:
        """One change more, of a later time, as soon as somebody hears."""
        await self._subscribed.wait()
        assert self._line is not None
        first, self.last, self.told = self.last + 1, self.last + _STEP, self.told + 1
        bids = [("84119.99", str(self.told))]
        await self._line.send_str(spot_diff((first, self.last), bids, [], NOW + self.told * MS))

    async def breaks(self) -> None:
        assert self._line is not None
        self._subscribed.clear()
        await self._line.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SpotOnSockets]:
        app = web.Application()
        app.router.add_get("/ws", self._stream)
        app.router.add_get("/api/v3/depth", self._depth)
        app.router.add_get("/api/v3/klines", self._candles)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        asked: list[str] = []
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                asked += json.loads(message.data)["params"]
                await socket.send_str(json.dumps({"result": None, "id": 1}))
            if asked == ["btcusdt@depth@100ms", "btcusdt@kline_1m"]:
                self._line = socket
                self._subscribed.set()
        if self._line is socket:
            self._subscribed.clear()
        return socket

    async def _depth(self, request: web.Request) -> web.Response:
        assert request.query["symbol"] == "BTCUSDT"
        book = {"lastUpdateId": self.last - _STEP, "bids": [["84119.99", "5"]], "asks": [["84120.00", "3"]]}
        return web.json_response(book)

    async def _candles(self, request: web.Request) -> web.Response:
        since_ns, until_ns = int(request.query["startTime"]) * MS, int(request.query["endTime"]) * MS
        first = -(-since_ns // MINUTE)
        return web.json_response(
            [
                [n * MINUTE // MS, "84120", "84130", "84110", "84125", "1.5"]
                for n in range(first, until_ns // MINUTE + 1)
            ]
        )
