"""WebSockets: what was asked for, once as it is and then as it changes. Source: Upbit's and Bithumb's pages of theirs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import WSMsgType, web

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_lab.account import Account
from karb_lab.happened import AccountChanged, BookChanged, Happened, OrderChanged, Printed
from karb_lab.korean.candles import candle_frame
from karb_lab.korean.quotation import Body
from karb_lab.korean.refused import Refused
from karb_lab.korean.subscription import Grammar, Subscription, Wish
from karb_lab.korean.tokens import Tokens
from karb_lab.market import Quoted
from karb_lab.outbox import Outbox
from karb_lab.served import SOCKETS
from karb_lab.tape import Print
from karb_lab.venue import Venue

_IDLE_S = 120  # karb: constant because both close what was silent for so long
_UP_S = 10  # karb: constant because both say so often that they are up
_UP: Body = {"status": "UP"}
_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_SNAPSHOT, _REALTIME = "SNAPSHOT", "REALTIME"


@dataclass(frozen=True, slots=True)
class Tells:
    """How one venue says it. `spans_ns`: by its type, how long a candle is; a frame's last argument is its stream type.

    `encoded`: a message in a format, as text in a text frame or bytes in a binary one; `connects`: connections of one
    address in a second, None where they are not counted.
    """

    grammar: Grammar
    spans_ns: Mapping[str, int]
    encoded: Callable[[Body, str], bytes | str]
    book: Callable[[Quoted, InstrumentFacts, Wish, str], Body]
    ticker: Callable[[Instrument, Quoted, int, str], Body]
    trade: Callable[[Instrument, Quoted, Print, int, str], Body]
    order: Callable[[OrderChanged, int], Body]
    assets: Callable[[Account, list[str], int], Body]
    connects: int | None = None


class Stream:
    """One path. `private`: needs a token in its handshake, and tells of its account only. `connected`: how often an address
    connected in a second, on all paths of the venue.
    """

    def __init__(
        self, tells: Tells, venue: Venue, tokens: Tokens, connected: Counter[tuple[str, int]], *, private: bool
    ) -> None:
        self._tells = tells
        self._connected = connected
        self._venue = venue
        self._tokens = tokens
        self._private = private

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._venue.faults.stands("maintenance"):
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR.value)
        if self._is_too_many(str(request.remote)):
            return web.Response(status=HTTPStatus.TOO_MANY_REQUESTS.value)
        socket = web.WebSocketResponse(autoping=True, compress=True)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        outbox = Outbox(socket, self._venue.faults)
        account = None
        try:
            if self._private:
                account = self._tokens.verified(request.headers.get("Authorization"), "")
        except Refused:
            refused = Refused.key("INVALID_AUTH", "인증 정보가 올바르지 않습니다.")
            message = self._tells.encoded(refused.told(), "")
            await (socket.send_bytes(message) if isinstance(message, bytes) else socket.send_str(message))
            await socket.close()
            return socket
        await _Connection(self._tells, self._venue, account, socket, outbox).live()
        return socket

    def _is_too_many(self, who: str) -> bool:
        """Counts one handshake."""
        second = self._venue.clock.now_ns() // _SECOND_NS
        for old in [at for at in self._connected if at[1] != second]:
            del self._connected[old]
        self._connected[who, second] += 1
        return self._tells.connects is not None and self._connected[who, second] > self._tells.connects


class _Connection:
    def __init__(
        self,
        tells: Tells,
        venue: Venue,
        account: Account | None,
        socket: web.WebSocketResponse,
        outbox: Outbox,
    ) -> None:
        self._tells = tells
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
            asked = Subscription.read(text, self._tells.grammar, self._venue, private=self._account is not None)
        except Refused as refused:
            self._outbox.put(self._tells.encoded(refused.told(), ""), even_silent=True)
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
                    yield self._book(wish, instrument, _SNAPSHOT)
                case "ticker" if last is not None:
                    yield self._tells.ticker(instrument, quoted, now_ns, _SNAPSHOT)
                case "trade" if last is not None:
                    yield self._tells.trade(instrument, quoted, last, now_ns, _SNAPSHOT)
                case word if word in self._tells.spans_ns:
                    for found in quoted.tape.candles(self._tells.spans_ns[word], now_ns + 1, 1):
                        yield candle_frame(word, instrument, found, _SNAPSHOT)

    def _hear(self, happened: Happened) -> None:
        for wish in self._asked.wishes:
            if wish.realtime:
                for frame in self._told(wish, happened):
                    self._send(frame)

    def _told(self, wish: Wish, happened: Happened) -> Iterator[Body]:
        now_ns = self._venue.clock.now_ns()
        match happened:
            case BookChanged(instrument, told) if wish.type == "orderbook" and instrument in wish.codes and told:
                yield self._book(wish, instrument, _REALTIME)
            case Printed(instrument, done) if instrument in wish.codes:
                quoted = self._venue.market[instrument]
                if wish.type == "ticker":
                    yield self._tells.ticker(instrument, quoted, now_ns, _REALTIME)
                elif wish.type == "trade":
                    yield self._tells.trade(instrument, quoted, done, now_ns, _REALTIME)
                elif wish.type in self._tells.spans_ns:
                    for found in quoted.tape.candles(self._tells.spans_ns[wish.type], now_ns + 1, 1):
                        yield candle_frame(wish.type, instrument, found, _REALTIME)
            case OrderChanged(account, ticket) if wish.type == "myOrder" and account is self._account:
                if not wish.written or ticket.order.instrument in wish.codes:
                    yield self._tells.order(happened, now_ns)
            case AccountChanged(account, assets) if wish.type == "myAsset" and account is self._account:
                yield self._tells.assets(account, sorted(assets), now_ns)

    def _book(self, wish: Wish, instrument: Instrument, stream: str) -> Body:
        return self._tells.book(self._venue.market[instrument], self._venue.facts[instrument], wish, stream)

    def _send(self, frame: Body) -> None:
        self._outbox.put(self._tells.encoded(frame, self._asked.form))

    async def _say_up(self) -> None:
        while True:
            self._outbox.put(self._tells.encoded(_UP, ""), even_silent=True)
            await asyncio.sleep(_UP_S)
