"""The WebSocket API of Binance's spot: requests by name, and the user's events. Source: Binance's pages of it, spot.

{"id":"u1","method":"userDataStream.subscribe.signature","params":{"apiKey":"...","timestamp":1795237200000,
 "recvWindow":5000,"signature":"... hex over the sorted parameters"}}
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import count

from aiohttp import WSMsgType, web

from karb_lab.account import Account
from karb_lab.binance.answering import Call
from karb_lab.binance.asked import Asked, holder, need_signed
from karb_lab.binance.limits import Limits
from karb_lab.binance.quotation import Body
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance_spot.holdings import position_frame
from karb_lab.binance_spot.order_words import is_told, order_frame
from karb_lab.happened import AccountChanged, Happened, OrderChanged
from karb_lab.json_text import Json, written
from karb_lab.outbox import Outbox
from karb_lab.served import SOCKETS
from karb_lab.venue import Venue

_PING_S = 20  # karb: constant because Binance pings every twenty seconds
_UNREADABLE = -1102  # karb: constant because it is Binance's code
_NO_METHOD = -1104  # karb: constant because it is Binance's code of what it does not read
_NEEDS_ED25519 = -4056  # karb: constant because it is Binance's code of a key that is of another kind
_SUBSCRIBE, _UNSUBSCRIBE = "userDataStream.subscribe.signature", "userDataStream.unsubscribe"


class WsApi:
    """One connection asks, and hears of the accounts that it subscribed to."""

    def __init__(self, venue: Venue, calls: Mapping[str, Call], limits: Limits) -> None:
        self._venue = venue
        self._calls = calls
        self._limits = limits

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._venue.faults.stands("maintenance"):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE.value)
        socket = web.WebSocketResponse(heartbeat=_PING_S)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        await _Connection(self._venue, self._calls, self._limits, socket, str(request.remote)).live()
        return socket


class _Connection:
    def __init__(
        self,
        venue: Venue,
        calls: Mapping[str, Call],
        limits: Limits,
        socket: web.WebSocketResponse,
        who: str,
    ) -> None:
        self._venue = venue
        self._calls = calls
        self._limits = limits
        self._socket = socket
        self._who = who
        self._outbox = Outbox(socket, venue.faults)
        self._subscribed: dict[int, Account] = {}
        # karb: constant because the first subscription of a connection has this number
        self._numbers = count(0)

    async def live(self) -> None:
        self._venue.listen(self._hear)
        sending = asyncio.create_task(self._outbox.run())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._outbox.put(written(self._answer(message.data)), even_silent=True)
        finally:
            self._venue.ignore(self._hear)
            sending.cancel()
            await self._socket.close()

    def _answer(self, text: str) -> Body:
        number: Json = None
        try:
            told = json.loads(text, parse_float=str)
            number, method, params = told.get("id"), told["method"], told.get("params") or {}
            head: Body = {"id": number, "status": HTTPStatus.OK.value}
            self._limits.weigh(self._who, 1)
            return {
                **head,
                "result": self._done(str(method), Asked.of_params(params)),
                "rateLimits": list(self._limits.rows()),
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            refused = BinanceRefused(_UNREADABLE, "Unable to parse the request.")
        except BinanceRefused as said:
            refused = said
        error: Body = {"code": refused.code, "msg": refused.message}
        return {"id": number, "status": refused.status.value, "error": error, "rateLimits": list(self._limits.rows())}

    def _done(self, method: str, asked: Asked) -> Json:
        match method:
            case _ if method == _SUBSCRIBE:
                at = next(self._numbers)
                self._subscribed[at] = self._signer(asked)
                return {"subscriptionId": at}
            case _ if method == _UNSUBSCRIBE:
                at_told = asked.whole("subscriptionId")
                for at in list(self._subscribed) if at_told is None else [at_told]:
                    self._subscribed.pop(at, None)
                return {}
            case "session.logon":
                raise BinanceRefused(_NEEDS_ED25519, "HMAC_SHA256 API key is not supported.")
        call = self._calls.get(method)
        if call is None:
            raise BinanceRefused(_NO_METHOD, f"Unknown method: {method}")
        account = self._signer(asked) if call.needs else None
        if account is not None and call.counted:
            self._limits.order(account.key)
        return call.does(asked, account)

    def _signer(self, asked: Asked) -> Account:
        account = holder(self._venue.accounts, asked.one("apiKey"))
        need_signed(account, asked, self._venue.clock)
        return account

    def _hear(self, happened: Happened) -> None:
        for at, account in self._subscribed.items():
            for event in self._told(account, happened):
                self._outbox.put(written({"subscriptionId": at, "event": event}))

    def _told(self, account: Account, happened: Happened) -> Iterator[Body]:
        now_ns = self._venue.clock.now_ns()
        match happened:
            case OrderChanged(mine) if mine is account and is_told(happened):
                yield order_frame(happened, now_ns)
            case AccountChanged(mine, assets) if mine is account:
                yield position_frame(account, assets, now_ns, now_ns)
