"""Binance's market streams. Source: Binance's pages on market streams, spot and USD-M futures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import WSMsgType, web

from karb_core.domain.instrument import InstrumentFacts
from karb_lab.binance.frames import Sides, day_frame, kline_frames, mini_frame, sides_of
from karb_lab.binance.quotation import Body
from karb_lab.binance.streams import Stream, stream_of
from karb_lab.happened import BookChanged, Happened, Marked, Printed
from karb_lab.json_text import Json, written
from karb_lab.market import Quoted
from karb_lab.outbox import Outbox
from karb_lab.served import SOCKETS
from karb_lab.tape import Print
from karb_lab.venue import Venue

_MOST_STREAMS = 1024  # karb: constant because Binance serves no more on one connection
_BAD_REQUEST = 2  # karb: constant because it is Binance's code of a request it cannot read


@dataclass(frozen=True, slots=True)
class Tells:
    """How one product says it. `paths`: by kind of stream, on which it is served, of several the usual one first.

    A frame's last argument is the time; `top`, `mark`: None where there is nothing to tell.
    """

    paths: Mapping[str, str]
    ping_s: int
    diff: Callable[[InstrumentFacts, Quoted, Sides, int], Body]
    top_levels: Callable[[InstrumentFacts, Quoted, int, int], Body]
    top: Callable[[InstrumentFacts, Quoted, int], Body | None]
    joined: Callable[[InstrumentFacts, Print, int], Body]
    single: Callable[[InstrumentFacts, Print, int], Body]
    mark: Callable[[InstrumentFacts, Quoted, int], Body | None]


class MarketStream:
    """One connection's streams add up. One on the wrong path is acknowledged, and then nothing comes of it."""

    def __init__(self, tells: Tells, venue: Venue) -> None:
        self._tells = tells
        self._venue = venue
        #: Each book as the last message left it: every connection is told the same changes.
        self._told = {one: sides_of(venue.market[one]) for one in venue.facts}
        self._diffs: dict[object, Body] = {}
        venue.listen(self._changed)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._venue.faults.stands("maintenance"):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE.value)
        socket = web.WebSocketResponse(heartbeat=self._tells.ping_s)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        path = request.match_info.get("prefix", next(iter(self._tells.paths.values())))
        combined = request.path.endswith("/stream")
        named = request.query.get("streams", "") if combined else request.match_info.get("streams", "")
        connection = _Connection(self._tells, self._venue, self._diffs, socket, path, combined=combined)
        await connection.live([name for name in named.split("/") if name])
        return socket

    def _changed(self, happened: Happened) -> None:
        """Heard before any connection hears of it: what a diff tells is the same for all."""
        if not isinstance(happened, BookChanged):
            return
        instrument = happened.instrument
        quoted = self._venue.market[instrument]
        facts, now_ns = self._venue.facts[instrument], self._venue.clock.now_ns()
        self._diffs[instrument] = self._tells.diff(facts, quoted, self._told[instrument], now_ns)
        self._told[instrument] = sides_of(quoted)


class _Connection:
    def __init__(
        self,
        tells: Tells,
        venue: Venue,
        diffs: dict[object, Body],
        socket: web.WebSocketResponse,
        path: str,
        *,
        combined: bool,
    ) -> None:
        self._tells = tells
        self._venue = venue
        self._diffs = diffs
        self._socket = socket
        self._path = path
        self._combined = combined
        self._outbox = Outbox(socket, venue.faults)
        self._streams: dict[str, Stream | None] = {}

    async def live(self, named: list[str]) -> None:
        self._add(named)
        self._venue.listen(self._hear)
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._outbox.run())
                async for message in self._socket:
                    if message.type is WSMsgType.TEXT:
                        self._take(message.data)
                sending.cancel()
        finally:
            self._venue.ignore(self._hear)
            await self._socket.close()

    def _take(self, text: str) -> None:
        try:
            asked = json.loads(text)
            method, number = asked["method"], asked.get("id")
            params = [str(one) for one in asked.get("params", [])]
        except (ValueError, KeyError, TypeError, AttributeError):
            refused: Json = {"error": {"code": _BAD_REQUEST, "msg": "Invalid request: unable to parse"}}
            self._outbox.put(written(refused), even_silent=True)
            return
        result: Json = None
        match method:
            case "SUBSCRIBE":
                self._add(params)
            case "UNSUBSCRIBE":
                for name in params:
                    self._streams.pop(name, None)
            case "LIST_SUBSCRIPTIONS":
                result = list(self._streams)
        self._outbox.put(written({"result": result, "id": number}), even_silent=True)

    def _add(self, names: list[str]) -> None:
        for name in names[: _MOST_STREAMS - len(self._streams)]:
            self._streams[name] = stream_of(name, self._venue.facts, self._tells.paths)

    def _hear(self, happened: Happened) -> None:
        for stream in self._streams.values():
            if stream is not None and stream.prefix == self._path:
                for frame in self._told(stream, happened):
                    told: Json = {"stream": stream.name, "data": frame} if self._combined else frame
                    self._outbox.put(written(told))

    def _told(self, stream: Stream, happened: Happened) -> Iterator[Body]:
        instrument = stream.instrument
        quoted, facts = self._venue.market[instrument], self._venue.facts[instrument]
        now_ns = self._venue.clock.now_ns()
        match happened:
            case BookChanged(changed, told) if changed == instrument and told:
                yield from self._book(stream, now_ns)
            case Marked(marked) if marked == instrument and stream.kind == "markPrice":
                frame = self._tells.mark(facts, quoted, now_ns)
                if frame is not None:
                    yield frame
            case Printed(printed, done) if printed == instrument:
                if stream.kind == "aggTrade":
                    yield self._tells.joined(facts, done, now_ns)
                elif stream.kind == "trade":
                    yield self._tells.single(facts, done, now_ns)
                elif stream.kind == "kline":
                    yield from kline_frames(facts, quoted, stream.span, done, now_ns)
                elif stream.kind == "miniTicker":
                    yield mini_frame(facts, quoted, done, now_ns)
                elif stream.kind == "ticker":
                    yield day_frame(facts, quoted, done, now_ns)

    def _book(self, stream: Stream, now_ns: int) -> Iterator[Body]:
        quoted, facts = self._venue.market[stream.instrument], self._venue.facts[stream.instrument]
        if stream.kind == "depth" and stream.levels:
            yield self._tells.top_levels(facts, quoted, stream.levels, now_ns)
        elif stream.kind == "depth":
            yield self._diffs[stream.instrument]
        elif stream.kind == "bookTicker":
            frame = self._tells.top(facts, quoted, now_ns)
            if frame is not None:
                yield frame
