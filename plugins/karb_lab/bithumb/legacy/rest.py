"""Bithumb over HTTP, API 1.x: public paths, and signed forms. Source: Bithumb, API 1.x."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.bithumb.broken import broken
from karb_lab.bithumb.legacy import market
from karb_lab.bithumb.legacy.refused import BAD_REQUEST, DATABASE, OTHER, LegacyRefused
from karb_lab.bithumb.legacy.signatures import Signatures
from karb_lab.bithumb.legacy.spelling import instrument_of
from karb_lab.bithumb.legacy.trading import Trading
from karb_lab.bithumb.orders import Orders
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.korean.asked import Asked
from karb_lab.korean.quotation import Body
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import MS
from karb_lab.troubled import troubled
from karb_lab.venue import Venue

_LEVELS = 30  # karb: constant because a book of API 1.x has so many levels at most
_TRADES = 20  # karb: constant because API 1.x lists so many trades where nothing is asked
_MOST_TRADES = 100  # karb: constant because API 1.x lists no more trades
_ALL = "ALL"
_Does = Callable[[Asked, Mapping[str, str]], Body]


class LegacyRest:
    """Older paths beside the newer ones, over the same books."""

    def __init__(self, venue: Venue, orders: Orders) -> None:
        self._venue = venue
        self._signatures = Signatures(venue.accounts)
        self._trading = Trading(venue, orders)

    def routes(self) -> list[web.RouteDef]:
        pair = "{base:[0-9A-Z]+}_{quote:[A-Z]+}"
        public: dict[str, _Does] = {
            f"/public/ticker/{pair}": self._tickers,
            f"/public/orderbook/{pair}": self._books,
            f"/public/transaction_history/{pair}": self._trades,
            f"/public/candlestick/{pair}/{{word}}": self._candles,
        }
        private = self._trading.calls()
        return [
            *(web.get(path, self._handler(self._public(does))) for path, does in public.items()),
            *(web.post(path, self._handler(self._private(path, does))) for path, does in private.items()),
        ]

    def _handler(self, does: Callable[[web.Request, str], Body]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            return await troubled(request, self._venue.faults, lambda: self._answered(does, request, body), _broken)

        return handle

    def _answered(self, does: Callable[[web.Request, str], Body], request: web.Request, body: str) -> web.Response:
        try:
            return _json({"status": "0000", **does(request, body)})
        except LegacyRefused as refused:
            return _json(refused.told())
        except Refused as refused:
            return _json(LegacyRefused.of(refused).told())

    def _public(self, does: _Does) -> Callable[[web.Request, str], Body]:
        return lambda request, _: does(Asked.read(request.rel_url.raw_query_string, ""), request.match_info)

    def _private(self, path: str, does: Callable[[Account, Asked], Body]) -> Callable[[web.Request, str], Body]:
        def call(request: web.Request, body: str) -> Body:
            account = self._signatures.verified(request.headers, path, body)
            asked = Asked.read("", body)
            if asked.one("endpoint") != path:
                raise LegacyRefused(BAD_REQUEST, "Bad Request")
            return does(account, asked)

        return call

    def _tickers(self, asked: Asked, path: Mapping[str, str]) -> Body:  # noqa: ARG002
        """Edge: the time stands among the coins where all of them are asked for."""
        now_ns = self._venue.clock.now_ns()
        date: Body = {"date": str(now_ns // MS)}
        if path["base"] == _ALL:
            rows: Body = {one.base: market.ticker(self._venue.market[one], now_ns) for one in self._of(path["quote"])}
            return {"data": {**rows, **date}}
        return {"data": {**market.ticker(self._venue.market[self._one(path)], now_ns), **date}}

    def _books(self, asked: Asked, path: Mapping[str, str]) -> Body:
        count, now_ns = asked.count("count", _LEVELS, _LEVELS), self._venue.clock.now_ns()
        head: Body = {"payment_currency": path["quote"]}
        if path["base"] == _ALL:
            found: Body = {
                one.base: {"order_currency": one.base, **market.book(self._venue.market[one], count, now_ns)}
                for one in self._of(path["quote"])
            }
            return {"data": {**head, **found}}
        instrument = self._one(path)
        head["order_currency"] = instrument.base
        return {"data": {**head, **market.book(self._venue.market[instrument], count, now_ns)}}

    def _trades(self, asked: Asked, path: Mapping[str, str]) -> Body:
        """Oldest first."""
        count = asked.count("count", _TRADES, _MOST_TRADES)
        newest = list(self._venue.market[self._one(path)].tape.prints())[:count]
        rows: list[Json] = [market.trade(done) for done in reversed(newest)]
        return {"data": rows}

    def _candles(self, asked: Asked, path: Mapping[str, str]) -> Body:  # noqa: ARG002
        return {"data": market.candles(self._venue.market[self._one(path)], path["word"], self._venue.clock.now_ns())}

    def _of(self, quote: str) -> list[Instrument]:
        found = [one for one in self._venue.facts if one.quote == quote]
        if not found:
            raise LegacyRefused.bad()
        return found

    def _one(self, path: Mapping[str, str]) -> Instrument:
        return instrument_of(path["base"], path["quote"], self._venue.facts)


def _broken(fault: Fault) -> web.Response:
    match fault.kind:
        case "reject":
            return _json(LegacyRefused(fault.code or OTHER, fault.message or "요청이 올바르지 않습니다.").told())
        case "server_error":
            return _json(LegacyRefused(fault.code or DATABASE, fault.message or "Database Fail").told())
    return broken(fault)


def _json(told: Body) -> web.Response:
    return web.Response(text=written(told), content_type="application/json")
