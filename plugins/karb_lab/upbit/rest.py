"""Upbit over HTTP: who asks, how often, what for, and what is answered. Source: Upbit's pages of its REST API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from http import HTTPStatus

from aiohttp import web

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.korean import quotation
from karb_lab.korean.asked import Asked
from karb_lab.korean.calls import Call, private
from karb_lab.korean.holdings import account_rows, key_row, wallet_rows
from karb_lab.korean.quotation_calls import QuotationCalls, named
from karb_lab.korean.refused import Refused
from karb_lab.korean.tokens import Tokens
from karb_lab.korean.words import instrument_of, quoted_of
from karb_lab.troubled import troubled
from karb_lab.upbit.holdings import chance
from karb_lab.upbit.limits import Limits, blocked, header, too_many
from karb_lab.upbit.markets import instrument_row, market_row, supported_levels
from karb_lab.upbit.orders import Orders
from karb_lab.venue import Venue

_USUAL = "default"
_LOST_S = 10  # karb: constant because it only is what a made-up block says


class Rest:
    """Upbit's REST over one venue. `routes` for an aiohttp application."""

    def __init__(self, venue: Venue, tokens: Tokens) -> None:
        self._venue = venue
        self._tokens = tokens
        self._limits = Limits(venue.clock)
        self._orders = Orders(venue)
        # karb: constant because Upbit's days are those of UTC
        self._asked_about = QuotationCalls(venue, 0)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route(method, path, self._handler(call), name=None)
            for (method, path), call in {**self._quotations(), **self._exchange()}.items()
        ]

    def _quotations(self) -> dict[tuple[str, str], Call]:
        quotations = self._asked_about
        return {
            ("GET", "/v1/market/all"): Call("market", False, self._markets),
            ("GET", "/v1/ticker"): Call("ticker", False, quotations.tickers),
            ("GET", "/v1/ticker/all"): Call("ticker", False, quotations.all_tickers),
            ("GET", "/v1/orderbook"): Call("orderbook", False, self._books),
            ("GET", "/v1/orderbook/instruments"): Call("orderbook", False, self._instruments),
            ("GET", "/v1/candles/minutes/{unit}"): Call("candle", False, quotations.minutes),
            ("GET", "/v1/candles/{word}"): Call("candle", False, quotations.candles),
            ("GET", "/v1/trades/ticks"): Call("trade", False, quotations.trades),
        }

    def _exchange(self) -> dict[tuple[str, str], Call]:
        orders = self._orders
        return {
            ("GET", "/v1/accounts"): private(lambda account, _: list(account_rows(account)), _USUAL),
            ("GET", "/v1/orders/chance"): private(self._chance, _USUAL),
            ("POST", "/v1/orders"): private(orders.make, "order", HTTPStatus.CREATED),
            ("POST", "/v1/orders/test"): private(orders.try_out, "order-test", HTTPStatus.CREATED),
            ("GET", "/v1/order"): private(orders.find, _USUAL),
            ("DELETE", "/v1/order"): private(orders.cancel, "order"),
            ("GET", "/v1/orders"): private(orders.listed, _USUAL),
            ("GET", "/v1/orders/uuids"): private(orders.by_ids, _USUAL),
            ("DELETE", "/v1/orders/uuids"): private(orders.cancel_ids, "order"),
            ("GET", "/v1/orders/open"): private(orders.open, _USUAL),
            ("DELETE", "/v1/orders/open"): private(orders.cancel_open, "order-cancel-all"),
            ("GET", "/v1/orders/closed"): private(orders.ended, _USUAL),
            ("POST", "/v1/orders/cancel_and_new"): private(orders.replace, "order", HTTPStatus.CREATED),
            ("GET", "/v1/status/wallet"): private(self._wallets, _USUAL),
            ("GET", "/v1/api_keys"): private(self._keys, _USUAL),
        }

    def _handler(self, call: Call) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            return await troubled(
                request,
                self._venue.faults,
                lambda: self._answered(call, request, body),
                lambda fault: _said(_broken(fault), header(call.group, 0)),
            )

        return handle

    def _answered(self, call: Call, request: web.Request, body: str) -> web.Response:
        left = None
        try:
            asked = Asked.read(request.rel_url.raw_query_string, body)
            if body and request.method == "POST" and request.content_type != "application/json":
                raise Refused.bad("invalid_parameter", "Content-Type: application/json")
            account = None
            if call.private:
                account = self._tokens.verified(request.headers.get("Authorization"), asked.hashed)
            left = self._limits.take(call.group, account.key if account else str(request.remote))
            answer = call.does(asked, account, request.match_info)
        except Refused as refused:
            return _said(refused, left or header(call.group, 0))
        return _json(written(answer), call.status, left)

    def _markets(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        details = asked.one("is_details") == "true"
        return [market_row(instrument, details=details) for instrument in self._venue.facts]

    def _books(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        count = asked.count("count", quotation.LEVELS, quotation.LEVELS)
        return [self._book(market, count, asked.one("level")) for market in named(asked)]

    def _book(self, market: str, count: int, level: str | None) -> Json:
        instrument = quoted_of(market, self._venue.facts)
        quoted, facts = self._venue.market[instrument], self._venue.facts[instrument]
        grouped = Decimal(level) if level is not None and level.replace(".", "", 1).isdecimal() else Decimal(0)
        if grouped and grouped not in supported_levels(facts, self._price(instrument)):
            raise Refused.no_quotation("level")
        return quotation.book_row(quoted, facts, count, grouped)

    def _instruments(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        found = [quoted_of(market, self._venue.facts) for market in named(asked)]
        return [instrument_row(one, self._venue.facts[one], self._price(one)) for one in found]

    def _chance(self, account: Account, asked: Asked) -> Json:
        instrument = instrument_of(asked.one("market") or "", self._venue.facts)
        if instrument is None:
            raise Refused.bad("validation_error", "market does not have a valid value")
        return chance(account, instrument)

    def _wallets(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return list(wallet_rows(account, self._venue.clock.now_ns()))

    def _keys(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        return [key_row(account, self._venue.clock.now_ns())]

    def _price(self, instrument: Instrument) -> Decimal:
        last = self._venue.market[instrument].tape.last()
        if last is None:
            raise Refused.no_code()
        return last.price


def _broken(fault: Fault) -> Refused:
    match fault.kind:
        case "banned":
            return blocked(_LOST_S)
        case "too_many":
            return too_many()
        case "reject":
            return Refused.bad(fault.code or "validation_error", fault.message or "요청이 올바르지 않습니다.")
    status, message = HTTPStatus.INTERNAL_SERVER_ERROR, fault.message or "서버 오류입니다."
    return Refused(status, fault.code or "server_error", message)


def _said(refused: Refused, left: str) -> web.Response:
    return _json(refused.body(), refused.status, left)


def _json(text: str, status: HTTPStatus, left: str) -> web.Response:
    return web.Response(
        text=text, status=status.value, content_type="application/json", headers={"Remaining-Req": left}
    )
