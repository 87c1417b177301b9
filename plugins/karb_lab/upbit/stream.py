"""Upbit's WebSockets: what was asked for, once as it is and then as it changes. Source: Upbit's pages of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http import HTTPStatus

from aiohttp import WSMsgType, web

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.happened import AccountChanged, BookChanged, Happened, OrderChanged, Printed
from karb_lab.outbox import Outbox
from karb_lab.served import SOCKETS
from karb_lab.upbit import frames
from karb_lab.upbit.quotation import Body, book_row
from karb_lab.upbit.refused import UpbitRefused
from karb_lab.upbit.subscription import SPANS_NS, Subscription, Wish
from karb_lab.upbit.tokens import Tokens
from karb_lab.venue import Venue

_IDLE_S = 120  # karb: constant because Upbit closes what was silent for so long
_UP_S = 10  # karb: constant because Upbit says so often that it is up
_UP = b'{"status":"UP"}'
_SNAPSHOT, _REALTIME = "SNAPSHOT", "REALTIME"


class Stream:
    """One path of Upbit's. `private`: needs a token in its handshake, and tells of its account only."""

    def __init__(self, venue: Venue, tokens: Tokens, *, private: bool) -> None:
        self._venue = venue
        self._tokens = tokens
        self._private = private

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._venue.faults.stands("maintenance"):
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR.value)
        socket = web.WebSocketResponse(autoping=True, compress=True)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        outbox = Outbox(socket, self._venue.faults)
        account = None
        try:
            if self._private:
                account = self._tokens.verified(request.headers.get("Authorization"), "")
        except UpbitRefused:
            refused = UpbitRefused.key("INVALID_AUTH", "인증 정보가 올바르지 않습니다.")
            await socket.send_bytes(refused.body().encode())
            await socket.close()
            return socket
        await _Connection(self._venue, account, socket, outbox).live()
        return socket


class _Connection:
    def __init__(self, venue: Venue, account: Account | None, socket: web.WebSocketResponse, outbox: Outbox) -> None:
        self._venue = venue
        self._account = account
        self._socket = socket
        self._outbox = outbox
        self._asked = Subscription()
        self._up: asyncio.Task[None] | None = None

    async def live(self) -> None:
        """Until the client goes, says nothing for too long, or the venue closes it."""
        self._venue.listen(self._hear)
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._outbox.run())
                await self._listen(tasks)
                sending.cancel()
                if self._up is not None:
                    self._up.cancel()
        finally:
            self._venue.ignore(self._hear)
            await self._socket.close()

    async def _listen(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            try:
                message = await self._socket.receive(timeout=_IDLE_S)
            except TimeoutError:
                if self._outbox.sent_since():
                    continue
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            text = message.data if isinstance(message.data, str) else message.data.decode()
            if text == "PING":
                self._up = self._up or tasks.create_task(self._say_up())
                continue
            self._take(text)

    def _take(self, text: str) -> None:
        try:
            asked = Subscription.read(text, self._venue, private=self._account is not None)
        except UpbitRefused as refused:
            self._outbox.put(refused.body().encode(), even_silent=True)
            return
        if asked.asks_list:
            listing: Body = {**self._asked.listing(asked.ticket)}  # type: ignore[dict-item]
            self._send(listing)
            return
        self._asked = asked
        for wish in asked.wishes:
            if wish.snapshot:
                for frame in self._now(wish):
                    self._send(frame)

    def _now(self, wish: Wish) -> Iterator[Body]:
        """How everything stands that is asked for."""
        now_ns = self._venue.clock.now_ns()
        for instrument in wish.codes:
            quoted = self._venue.market[instrument]
            last = quoted.tape.last()
            match wish.type:
                case "orderbook":
                    yield frames.book_frame(self._book(wish, instrument), _SNAPSHOT)
                case "ticker" if last is not None:
                    yield frames.ticker_frame(instrument, quoted, now_ns, _SNAPSHOT)
                case "trade" if last is not None:
                    yield frames.trade_frame(instrument, quoted, last, now_ns, _SNAPSHOT)
                case word if word in SPANS_NS:
                    for found in quoted.tape.candles(SPANS_NS[word], now_ns + 1, 1):
                        yield frames.candle_frame(word, instrument, found, _SNAPSHOT)

    def _hear(self, happened: Happened) -> None:
        for wish in self._asked.wishes:
            if wish.realtime:
                for frame in self._told(wish, happened):
                    self._send(frame)

    def _told(self, wish: Wish, happened: Happened) -> Iterator[Body]:
        now_ns = self._venue.clock.now_ns()
        match happened:
            case BookChanged(instrument, told) if wish.type == "orderbook" and instrument in wish.codes and told:
                yield frames.book_frame(self._book(wish, instrument), _REALTIME)
            case Printed(instrument, done) if instrument in wish.codes:
                quoted = self._venue.market[instrument]
                if wish.type == "ticker":
                    yield frames.ticker_frame(instrument, quoted, now_ns, _REALTIME)
                elif wish.type == "trade":
                    yield frames.trade_frame(instrument, quoted, done, now_ns, _REALTIME)
                elif wish.type in SPANS_NS:
                    for found in quoted.tape.candles(SPANS_NS[wish.type], now_ns + 1, 1):
                        yield frames.candle_frame(wish.type, instrument, found, _REALTIME)
            case OrderChanged(account, ticket) if wish.type == "myOrder" and account is self._account:
                if not wish.written or ticket.order.instrument in wish.codes:
                    yield frames.order_frame(happened, now_ns)
            case AccountChanged(account, assets) if wish.type == "myAsset" and account is self._account:
                yield frames.asset_frame(account, sorted(assets), now_ns)

    def _book(self, wish: Wish, instrument: Instrument) -> Body:
        quoted, facts = self._venue.market[instrument], self._venue.facts[instrument]
        return book_row(quoted, facts, wish.codes[instrument], wish.level)

    def _send(self, frame: Body) -> None:
        self._outbox.put(frames.encoded(frame, self._asked.form))

    async def _say_up(self) -> None:
        while True:
            self._outbox.put(_UP, even_silent=True)
            await asyncio.sleep(_UP_S)
