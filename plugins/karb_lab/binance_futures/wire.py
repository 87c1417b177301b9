"""The paths of Binance's futures over one venue, as an application."""

from __future__ import annotations

from aiohttp import web

from karb_lab.binance.market_stream import MarketStream
from karb_lab.binance.nowhere import unknown
from karb_lab.binance_futures.frames import TELLS
from karb_lab.binance_futures.listen_keys import ListenKeys
from karb_lab.binance_futures.rest import Rest
from karb_lab.binance_futures.user_stream import UserStream
from karb_lab.venue import Venue


class BinanceFuturesWire:
    """`application` may be asked for again after a crash: listen keys and limits stay as they were.

    Streams: `/public/ws/NAME`, `/market/stream?streams=A/B`, `/private/ws?listenKey=KEY`, and without a prefix the
    public ones and users'.
    """

    def __init__(self, venue: Venue) -> None:
        keys = ListenKeys(venue.clock)
        self._rest = Rest(venue, keys)
        self._market = MarketStream(TELLS, venue)
        self._user = UserStream(venue, keys)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[unknown])
        application.add_routes(self._rest.routes())
        paths = application.router
        paths.add_get("/private/ws", self._user.handle)
        paths.add_get("/private/ws/{streams:.*}", self._user.handle)
        for prefix in ("", "/{prefix:public|market}"):
            paths.add_get(f"{prefix}/ws", self._either)
            paths.add_get(f"{prefix}/ws/{{streams:.*}}", self._either)
            paths.add_get(f"{prefix}/stream", self._market.handle)
        return application

    async def _either(self, request: web.Request) -> web.StreamResponse:
        """Without a prefix the old form of a user's stream is the listen key where a stream's name would be."""
        is_users = self._user.owner(request.match_info.get("streams")) is not None
        return await (self._user if is_users else self._market).handle(request)
