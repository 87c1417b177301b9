"""Bithumb over HTTP, API 2.x: who asks, how often, what for, and what is answered. Source: Bithumb's pages of its REST API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.bithumb import batch
from karb_lab.bithumb.books import book_units
from karb_lab.bithumb.broken import broken
from karb_lab.bithumb.holdings import chance
from karb_lab.bithumb.limits import Limits
from karb_lab.bithumb.numbers import whole_where_whole
from karb_lab.bithumb.orders import Orders
from karb_lab.bithumb.placing import BAD
from karb_lab.json_text import Json, written
from karb_lab.korean.asked import Asked
from karb_lab.korean.calls import Call, private
from karb_lab.korean.holdings import account_rows, key_row, wallet_rows
from karb_lab.korean.quotation import LEVELS, Body, names_row
from karb_lab.korean.quotation_calls import QuotationCalls
from karb_lab.korean.refused import Refused
from karb_lab.korean.tokens import Tokens
from karb_lab.korean.words import KST_NS, MS, code, instrument_of
from karb_lab.troubled import troubled
from karb_lab.venue import Venue

_CREATED = HTTPStatus.CREATED
_WORDS = ("days", "weeks", "months")


class Rest:
    """The second generation of Bithumb's REST over one venue; versions of paths are mixed as Bithumb mixes them."""

    def __init__(self, venue: Venue, tokens: Tokens) -> None:
        self._venue = venue
        self._tokens = tokens
        self._limits = Limits(venue.clock)
        self.orders = Orders(venue)
        self._asked_about = QuotationCalls(venue, KST_NS)

    def routes(self) -> list[web.RouteDef]:
        calls = {**self._quotations(), **self._exchange()}
        return [web.route(method, path, self._handler(call)) for (method, path), call in calls.items()]

    def _quotations(self) -> dict[tuple[str, str], Call]:
        quotations = self._asked_about
        return {
            ("GET", "/v1/market/all"): Call("market", False, self._markets),
            ("GET", "/v1/market/virtual_asset_warning"): Call("market", False, _nothing),
            ("GET", "/v1/notices"): Call("market", False, _nothing),
            ("GET", "/v1/ticker"): Call("ticker", False, self._tickers),
            ("GET", "/v1/orderbook"): Call("orderbook", False, self._books),
            ("GET", "/v1/candles/minutes/{unit}"): Call("candle", False, quotations.minutes),
            ("GET", "/v1/candles/{word}"): Call("candle", False, self._candles),
            ("GET", "/v1/trades/ticks"): Call("trade", False, quotations.trades),
        }

    def _exchange(self) -> dict[tuple[str, str], Call]:
        orders = self.orders
        return {
            ("GET", "/v1/accounts"): private(lambda account, _: list(account_rows(account)), "other"),
            ("GET", "/v1/orders/chance"): private(self._chance, "other"),
            ("POST", "/v1/orders"): private(orders.make_of_old, "order", _CREATED),
            ("POST", "/v2/orders"): private(orders.make, "order", _CREATED),
            ("POST", "/v2/orders/batch"): private(self._several, "several", _CREATED),
            ("GET", "/v1/order"): private(orders.find, "other"),
            ("GET", "/v1/orders"): private(orders.listed, "other"),
            ("GET", "/v2/orders/pending"): private(orders.pending, "other"),
            ("GET", "/v2/orders/history"): private(orders.history, "other"),
            ("POST", "/v2/orders/search"): private(orders.search, "other"),
            ("DELETE", "/v1/order"): private(orders.cancel_of_old, "cancel"),
            ("DELETE", "/v2/order"): private(orders.cancel, "cancel"),
            ("POST", "/v2/orders/cancel"): private(orders.cancel_ids, "several"),
            ("GET", "/v1/status/wallet"): private(self._wallets, "other"),
            ("GET", "/v1/api_keys"): private(self._keys, "other"),
        }

    def _handler(self, call: Call) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            return await troubled(request, self._venue.faults, lambda: self._answered(call, request, body), broken)

        return handle

    def _answered(self, call: Call, request: web.Request, body: str) -> web.Response:
        try:
            asked = Asked.read(request.rel_url.raw_query_string, body)
            if body and request.method == "POST" and request.content_type != "application/json":
                raise Refused.bad(BAD, "Content-Type: application/json")
            self._limits.take(call.group, str(request.remote))
            account = None
            if call.private:
                hashed = batch.hashed_ways(body) if request.path.endswith("/batch") else (asked.hashed,)
                account = self._tokens.verified(request.headers.get("Authorization"), *hashed)
            answer = call.does(asked, account, request.match_info)
        except Refused as refused:
            return said(refused)
        return web.Response(
            text=written(whole_where_whole(answer)), status=call.status.value, content_type="application/json"
        )

    def _markets(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        """Edge: `isDetails`, unlike Upbit's `is_details`."""
        more: Body = {"market_warning": "NONE"} if asked.one("isDetails") == "true" else {}
        return [{**names_row(instrument), **more} for instrument in self._venue.facts]

    def _tickers(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        """Edge: as others recorded them, their times are Korea's clock written as if it were UTC: nine hours ahead."""
        rows = self._asked_about.ticker_rows(self._asked_about.asked_markets(asked))
        return [
            {**row, "trade_timestamp": _ahead(row["trade_timestamp"]), "timestamp": _ahead(row["timestamp"])}
            for row in rows
        ]

    def _books(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        return [self._book(instrument) for instrument in self._asked_about.asked_markets(asked)]

    def _book(self, instrument: Instrument) -> Body:
        quoted, facts = self._venue.market[instrument], self._venue.facts[instrument]
        at: Body = {"market": code(instrument), "timestamp": quoted.changed_ns // MS}
        return {**at, **book_units(quoted, facts, LEVELS)}

    def _candles(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:
        if path["word"] not in _WORDS:
            raise Refused.no_code()
        return self._asked_about.candles(asked, account, path)

    def _chance(self, account: Account, asked: Asked) -> Json:
        instrument = instrument_of(asked.one("market") or "", self._venue.facts)
        last = None if instrument is None else self._venue.market[instrument].tape.last()
        if instrument is None or last is None:
            raise Refused.bad(BAD, "market does not have a valid value")
        return chance(account, instrument, last.price)

    def _several(self, account: Account, asked: Asked) -> Json:
        return batch.make_several(self.orders, account, asked)

    def _wallets(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return list(wallet_rows(account, self._venue.clock.now_ns()))

    def _keys(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return [key_row(account, self._venue.clock.now_ns())]


def said(refused: Refused) -> web.Response:
    return web.Response(text=refused.body(), status=refused.status.value, content_type="application/json")


def _nothing(asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG001
    return []


def _ahead(told: Json) -> int:
    assert isinstance(told, int)
    return told + KST_NS // MS
