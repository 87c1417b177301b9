"""The stream of API 1.x: one filter, and what changes from then on. Source: Bithumb, API 1.x, WebSocket; recorded frames.

{"type":"transaction","content":{"list":[{"buySellGb":"2","contPrice":"3.908","contQty":"12365.191",
 "contAmt":"48323.166","contDtm":"2021-06-02 08:43:34.555058","updn":"dn","symbol":"CON_KRW"}]}}
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from http import HTTPStatus

from aiohttp import WSMsgType, web

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side
from karb_lab.bithumb.legacy.market import percent_of
from karb_lab.bithumb.legacy.spelling import micros, symbol
from karb_lab.happened import BookChanged, Happened, Printed
from karb_lab.json_text import Json, written
from karb_lab.korean.quotation import Body, closed_before, day_of
from karb_lab.korean.words import KST_NS, kst
from karb_lab.outbox import Outbox
from karb_lab.served import SOCKETS
from karb_lab.tape import DAY_NS, MINUTE_NS, Candle, Print, over
from karb_lab.venue import Venue

_HOUR_NS = 60 * MINUTE_NS  # karb: constant because an hour has sixty minutes
#: Since when a ticker counts; `MID` since midnight in Korea.
_TICKS_NS = {
    "30M": 30 * MINUTE_NS,  # karb: constant because API 1.x has tickers of these
    "1H": _HOUR_NS,
    "12H": 12 * _HOUR_NS,  # karb: constant because API 1.x has tickers of these
    "24H": DAY_NS,
    "MID": 0,
}
_TYPES = ("ticker", "transaction", "orderbookdepth")
_CONNECTED = '{"status":"0000","resmsg":"Connected Successfully"}'
_REGISTERED = '{"status":"0000","resmsg":"Filter Registered Successfully"}'
_REFUSED = '{"status":"5100","resmsg":"Invalid Filter Syntax"}'
_MICRO_NS = 1000  # karb: constant because a microsecond has so many nanoseconds
_SECOND_MICROS = 1_000_000  # karb: constant because a second has so many microseconds
Levels = dict[tuple[Side, Decimal], Decimal]


class LegacyStream:
    """Public only. A book is told as its changes, and never as it stands."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._venue.faults.stands("maintenance"):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE.value)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        await socket.send_str(_CONNECTED)
        await _Connection(self._venue, socket).live()
        return socket


class _Connection:
    def __init__(self, venue: Venue, socket: web.WebSocketResponse) -> None:
        self._venue = venue
        self._socket = socket
        self._outbox = Outbox(socket, venue.faults)
        self._type = ""
        self._ticks: tuple[str, ...] = ()
        self._wanted: dict[Instrument, Levels] = {}

    async def live(self) -> None:
        """Until the client goes, or the venue closes it."""
        self._venue.listen(self._hear)
        sending = asyncio.create_task(self._outbox.run())
        try:
            async for message in self._socket:
                if message.type is not WSMsgType.TEXT:
                    return
                self._outbox.put(_REGISTERED if self._take(message.data) else _REFUSED, even_silent=True)
        finally:
            self._venue.ignore(self._hear)
            sending.cancel()
            await self._socket.close()

    def _take(self, text: str) -> bool:
        """A filter takes the place of the one before; False for what is none."""
        try:
            told = json.loads(text)
            kind, symbols, ticks = told["type"], told["symbols"], told.get("tickTypes") or ["24H"]
        except (ValueError, KeyError, TypeError):
            return False
        if kind not in _TYPES or not isinstance(symbols, list) or any(tick not in _TICKS_NS for tick in ticks):
            return False
        self._type, self._ticks = kind, tuple(ticks)
        self._wanted = {one: self._levels(one) for one in self._venue.facts if symbol(one) in symbols}
        return True

    def _hear(self, happened: Happened) -> None:
        match happened:
            case Printed(instrument, done) if instrument in self._wanted:
                for content in self._printed(instrument, done):
                    self._send(content)
            case BookChanged(instrument, told) if self._type == "orderbookdepth" and instrument in self._wanted:
                now = self._levels(instrument)
                before, self._wanted[instrument] = self._wanted[instrument], now
                if told and before != now:
                    self._send(self._changes(instrument, before, now))

    def _send(self, content: Json) -> None:
        self._outbox.put(written({"type": self._type, "content": content}))

    def _printed(self, instrument: Instrument, done: Print) -> Iterator[Json]:
        if self._type == "transaction":
            yield {"list": [_trade(instrument, done)]}
        if self._type == "ticker":
            for tick in self._ticks:
                yield self._ticker(instrument, done, tick)

    def _ticker(self, instrument: Instrument, done: Print, tick: str) -> Body:
        quoted = self._venue.market[instrument]
        since_ns = done.at_ns - _TICKS_NS[tick] if _TICKS_NS[tick] else day_of(done.at_ns, KST_NS)
        whole = over(quoted.tape.minutes(since_ns, done.at_ns + 1)) or Candle.of(done)
        sold, moved = exact.sub(whole.volume, whole.taken), exact.sub(done.price, whole.open)
        at = kst(done.at_ns)
        return {
            "symbol": symbol(instrument),
            "tickType": tick,
            "date": f"{at:%Y%m%d}",
            "time": f"{at:%H%M%S}",
            "openPrice": exact.text(whole.open),
            "closePrice": exact.text(done.price),
            "lowPrice": exact.text(whole.low),
            "highPrice": exact.text(whole.high),
            "value": exact.text(whole.value),
            "volume": exact.text(whole.volume),
            "sellVolume": exact.text(sold),
            "buyVolume": exact.text(whole.taken),
            "prevClosePrice": exact.text(closed_before(quoted, done.at_ns, KST_NS)),
            "chgRate": exact.text(percent_of(moved, whole.open)),
            "chgAmt": exact.text(moved),
            "volumePower": exact.text(percent_of(whole.taken, sold)) if sold else "500",
        }

    def _levels(self, instrument: Instrument) -> Levels:
        offers = self._venue.market[instrument].offers
        return {(side, price): amount for side in Side for price, amount in offers.facing(side)}

    def _changes(self, instrument: Instrument, before: Levels, now: Levels) -> Body:
        """A level that is gone is told as nothing."""
        changed = [at for at in {**before, **now} if before.get(at) != now.get(at)]
        rows: list[Json] = [
            {
                "symbol": symbol(instrument),
                "orderType": "ask" if side is Side.BUY else "bid",
                "price": exact.text(price),
                # karb: constant because a level that is gone is told as nothing
                "quantity": exact.text(now.get((side, price), Decimal(0))),
                "total": "1" if (side, price) in now else "0",
            }
            for side, price in changed
        ]
        return {"list": rows, "datetime": micros(self._venue.market[instrument].changed_ns)}


def _trade(instrument: Instrument, done: Print) -> Body:
    """Edge: 1 where its taker sold."""
    micro = done.at_ns // _MICRO_NS % _SECOND_MICROS
    return {
        "symbol": symbol(instrument),
        "buySellGb": "1" if done.taker is Side.SELL else "2",
        "contPrice": exact.text(done.price),
        "contQty": exact.text(done.amount),
        "contAmt": exact.text(exact.mul(done.price, done.amount)),
        "contDtm": f"{kst(done.at_ns):%Y-%m-%d %H:%M:%S}.{micro:06d}",
        "updn": "dn" if done.price < done.before else "up",
    }
