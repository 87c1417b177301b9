"""Upbit's paths over one venue, as an application."""

from __future__ import annotations

from collections import Counter

from aiohttp import web

from karb_lab.korean.nowhere import unknown
from karb_lab.korean.stream import Stream
from karb_lab.korean.tokens import Tokens
from karb_lab.upbit.frames import TELLS
from karb_lab.upbit.rest import Rest
from karb_lab.venue import Venue


class UpbitWire:
    """`application` may be asked for again after a crash: nonces that were taken stay so."""

    def __init__(self, venue: Venue) -> None:
        self._tokens = Tokens(venue.accounts)
        self._rest = Rest(venue, self._tokens)
        connected: Counter[tuple[str, int]] = Counter()
        self._public = Stream(TELLS, venue, self._tokens, connected, private=False)
        self._private = Stream(TELLS, venue, self._tokens, connected, private=True)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[unknown])
        application.add_routes(self._rest.routes())
        application.router.add_get("/websocket/v1", self._public.handle)
        application.router.add_get("/websocket/v1/private", self._private.handle)
        return application
