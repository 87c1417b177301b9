"""The user's stream of Binance's futures. Source: Binance's pages on user data streams, USD-M futures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp import WSMsgType, web

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, amount_text, price_text, sum_text, symbol
from karb_lab.binance_futures.holdings import ASSET, Wallet, break_even, unrealised
from karb_lab.binance_futures.listen_keys import ListenKeys
from karb_lab.binance_futures.order_words import is_told, order_frame
from karb_lab.happened import AccountChanged, Happened, OrderChanged
from karb_lab.json_text import Json, written
from karb_lab.outbox import Outbox
from karb_lab.served import SOCKETS
from karb_lab.venue import Venue

_PING_S = 180  # karb: constant because Binance pings every three minutes
_LOOK_S = 1


class UserStream:
    """Opened by a listen key. Its events may be narrowed by `events=ORDER_TRADE_UPDATE/ACCOUNT_UPDATE`."""

    def __init__(self, venue: Venue, keys: ListenKeys) -> None:
        self._venue = venue
        self._keys = keys

    def owner(self, key: str | None) -> Account | None:
        own = self._keys.owner(key)
        return None if own is None else self._venue.accounts[own]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Edge: a key that does not live is served, and nothing comes of it."""
        socket = web.WebSocketResponse(heartbeat=_PING_S)
        await socket.prepare(request)
        request.app[SOCKETS].add(socket)
        key = request.query.get("listenKey") or request.match_info.get("streams") or None
        outbox, account = Outbox(socket, self._venue.faults), self.owner(key)
        events = tuple(filter(None, request.query.get("events", "").split("/")))

        def hear(happened: Happened) -> None:
            for frame in _told(self._venue, account, happened):
                if not events or frame["e"] in events:
                    outbox.put(written(frame))

        self._venue.listen(hear)
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(outbox.run())
                watching = tasks.create_task(self._expires(key, account, outbox))
                async for message in socket:
                    if message.type is WSMsgType.ERROR:
                        break
                sending.cancel()
                watching.cancel()
        finally:
            self._venue.ignore(hear)
            await socket.close()
        return socket

    async def _expires(self, key: str | None, account: Account | None, outbox: Outbox) -> None:
        """Says once that the key has died."""
        while account is not None and self.owner(key) is not None:
            await asyncio.sleep(_LOOK_S)
        if account is not None:
            now_ms = self._venue.clock.now_ns() // MS
            outbox.put(written({"e": "listenKeyExpired", "E": now_ms, "listenKey": key}), even_silent=True)


def _told(venue: Venue, account: Account | None, happened: Happened) -> Iterator[Body]:
    now_ns = venue.clock.now_ns()
    match happened:
        case OrderChanged(mine) if mine is account and is_told(happened):
            yield order_frame(happened, now_ns)
        case AccountChanged(mine, _, instrument) if mine is account and instrument is not None:
            yield _account_frame(venue, happened, instrument, now_ns)


def _account_frame(venue: Venue, happened: AccountChanged, instrument: Instrument, now_ns: int) -> Body:
    account, income = happened.account, happened.income
    wallet = Wallet(account, venue.market)
    balance: Body = {
        "a": ASSET,
        "wb": sum_text(wallet.total),
        "cw": sum_text(exact.sub(wallet.total, wallet.held)),
        "bc": "0" if income is None else sum_text(income.received.value),
    }
    return {
        "e": "ACCOUNT_UPDATE",
        "E": now_ns // MS,
        "T": now_ns // MS,
        "a": {
            "m": "ORDER" if income is None else "FUNDING_FEE",
            **({} if income is None else {"S": symbol(instrument)}),
            "B": [balance],
            "P": [_position(venue, account, instrument)],
        },
    }


def _position(venue: Venue, account: Account, instrument: Instrument) -> Json:
    facts = venue.facts[instrument]
    position = account.book.positions().get(instrument)
    realised = exact.total(trade.realised for ticket in account.tickets() for trade in ticket.trades)
    return {
        "s": symbol(instrument),
        "pa": amount_text(facts, account.book.amount(instrument)),
        "ep": "0" if position is None else price_text(facts, position.entry_price),
        "bep": price_text(facts, break_even(account, instrument)),
        "cr": sum_text(realised),
        "up": sum_text(unrealised(account, venue.market, instrument)),
        "mt": "isolated",
        "iw": "0" if position is None else sum_text(position.margin),
        "ps": "BOTH",
    }
