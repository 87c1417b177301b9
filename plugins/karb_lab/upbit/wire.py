"""Upbit's paths over one venue, as an application."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from karb_lab.upbit.refused import UpbitRefused
from karb_lab.upbit.rest import Rest
from karb_lab.upbit.stream import Stream
from karb_lab.upbit.tokens import Tokens
from karb_lab.venue import Venue


class UpbitWire:
    """`application` may be asked for again after a crash: nonces that were taken stay so."""

    def __init__(self, venue: Venue) -> None:
        self._tokens = Tokens(venue.accounts)
        self._rest = Rest(venue, self._tokens)
        self._public = Stream(venue, self._tokens, private=False)
        self._private = Stream(venue, self._tokens, private=True)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[_unknown])
        application.add_routes(self._rest.routes())
        application.router.add_get("/websocket/v1", self._public.handle)
        application.router.add_get("/websocket/v1/private", self._private.handle)
        return application


@web.middleware
async def _unknown(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        refused = UpbitRefused.no_code()
        return web.Response(text=refused.body(), status=refused.status.value, content_type="application/json")
