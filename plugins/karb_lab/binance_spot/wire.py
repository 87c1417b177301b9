"""The paths of Binance's spot over one venue, as an application."""

from __future__ import annotations

from aiohttp import web

from karb_lab.binance.market_stream import MarketStream
from karb_lab.binance.nowhere import unknown
from karb_lab.binance_spot.frames import TELLS
from karb_lab.binance_spot.rest import Rest
from karb_lab.binance_spot.ws_api import WsApi
from karb_lab.venue import Venue


class BinanceSpotWire:
    """`application` may be asked for again after a crash: limits stay as they were.

    Streams: `/ws/NAME`, `/stream?streams=A/B`; users' by the WebSocket API, `/ws-api/v3`. At Binance each is a host of
    its own.
    """

    def __init__(self, venue: Venue) -> None:
        self._rest = Rest(venue)
        self._market = MarketStream(TELLS, venue)
        self._api = WsApi(venue, self._rest.named(), self._rest.limits)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[unknown])
        application.add_routes(self._rest.routes())
        paths = application.router
        paths.add_get("/ws", self._market.handle)
        paths.add_get("/ws/{streams:.*}", self._market.handle)
        paths.add_get("/stream", self._market.handle)
        paths.add_get("/ws-api/v3", self._api.handle)
        return application
