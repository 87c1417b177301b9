"""Bithumb's paths over one venue, as an application."""

from __future__ import annotations

from collections import Counter
from functools import partial

from aiohttp import web

from karb_lab.bithumb.frames import TELLS
from karb_lab.bithumb.legacy.rest import LegacyRest
from karb_lab.bithumb.legacy.stream import LegacyStream
from karb_lab.bithumb.rest import Rest
from karb_lab.bithumb.stamps import need_fresh
from karb_lab.korean.nowhere import unknown
from karb_lab.korean.stream import Stream
from karb_lab.korean.tokens import Tokens
from karb_lab.venue import Venue

#: What Bithumb's page of errors has instead of Upbit's names.
_TOKEN = "jwt_verification"


class BithumbWire:
    """`application` may be asked for again after a crash: nonces that were taken stay so."""

    def __init__(self, venue: Venue) -> None:
        tokens = Tokens(venue.accounts, partial(need_fresh, venue.clock), missing=_TOKEN, used=_TOKEN)
        self._rest = Rest(venue, tokens)
        self._legacy = LegacyRest(venue, self._rest.orders)
        self._legacy_stream = LegacyStream(venue)
        connected: Counter[tuple[str, int]] = Counter()
        self._public = Stream(TELLS, venue, tokens, connected, private=False)
        self._private = Stream(TELLS, venue, tokens, connected, private=True)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[unknown])
        application.add_routes(self._rest.routes())
        application.add_routes(self._legacy.routes())
        application.router.add_get("/websocket/v1", self._public.handle)
        application.router.add_get("/websocket/v2/private", self._private.handle)
        application.router.add_get("/pub/ws", self._legacy_stream.handle)
        return application
