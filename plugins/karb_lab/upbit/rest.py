"""Upbit over HTTP: who asks, how often, what for, and what is answered. Source: Upbit's pages of its REST API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from aiohttp import web

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.troubled import troubled
from karb_lab.upbit import candles, holdings, quotation
from karb_lab.upbit.asked import Asked
from karb_lab.upbit.limits import Limits, blocked, header, too_many
from karb_lab.upbit.orders import Orders
from karb_lab.upbit.refused import UpbitRefused
from karb_lab.upbit.tokens import Tokens
from karb_lab.upbit.words import instrument_of, moment, quoted_of, utc
from karb_lab.venue import Venue

_MOST_TRADES = 500  # karb: constant because Upbit lists no more trades at once
_CLOCKS = ("%H%M%S", "%H:%M:%S")
_LOST_S = 10  # karb: constant because it only is what a made-up block says


@dataclass(frozen=True, slots=True)
class _Call:
    """One endpoint: the group it is counted in, whether it needs a key, and what it does."""

    group: str
    private: bool
    does: Callable[[Asked, Account | None, Mapping[str, str]], Json]
    status: HTTPStatus = HTTPStatus.OK


class Rest:
    """Upbit's REST over one venue. `routes` for an aiohttp application."""

    def __init__(self, venue: Venue, tokens: Tokens) -> None:
        self._venue = venue
        self._tokens = tokens
        self._limits = Limits(venue.clock)
        self._orders = Orders(venue)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route(method, path, self._handler(call), name=None)
            for (method, path), call in {**self._quotations(), **self._exchange()}.items()
        ]

    def _quotations(self) -> dict[tuple[str, str], _Call]:
        return {
            ("GET", "/v1/market/all"): _Call("market", False, self._markets),
            ("GET", "/v1/ticker"): _Call("ticker", False, self._tickers),
            ("GET", "/v1/ticker/all"): _Call("ticker", False, self._all_tickers),
            ("GET", "/v1/orderbook"): _Call("orderbook", False, self._books),
            ("GET", "/v1/orderbook/instruments"): _Call("orderbook", False, self._instruments),
            ("GET", "/v1/candles/minutes/{unit}"): _Call("candle", False, self._minutes),
            ("GET", "/v1/candles/{word}"): _Call("candle", False, self._candles),
            ("GET", "/v1/trades/ticks"): _Call("trade", False, self._trades),
        }

    def _exchange(self) -> dict[tuple[str, str], _Call]:
        orders = self._orders
        return {
            ("GET", "/v1/accounts"): _private(lambda account, _: list(holdings.account_rows(account))),
            ("GET", "/v1/orders/chance"): _private(self._chance),
            ("POST", "/v1/orders"): _private(orders.make, "order", HTTPStatus.CREATED),
            ("POST", "/v1/orders/test"): _private(orders.try_out, "order-test", HTTPStatus.CREATED),
            ("GET", "/v1/order"): _private(orders.find),
            ("DELETE", "/v1/order"): _private(orders.cancel, "order"),
            ("GET", "/v1/orders"): _private(orders.listed),
            ("GET", "/v1/orders/uuids"): _private(orders.by_ids),
            ("DELETE", "/v1/orders/uuids"): _private(orders.cancel_ids, "order"),
            ("GET", "/v1/orders/open"): _private(orders.open),
            ("DELETE", "/v1/orders/open"): _private(orders.cancel_open, "order-cancel-all"),
            ("GET", "/v1/orders/closed"): _private(orders.ended),
            ("POST", "/v1/orders/cancel_and_new"): _private(orders.replace, "order", HTTPStatus.CREATED),
            ("GET", "/v1/api_keys"): _private(self._keys),
        }

    def _handler(self, call: _Call) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            return await troubled(
                request,
                self._venue.faults,
                lambda: self._answered(call, request, body),
                lambda fault: _said(_broken(fault), header(call.group, 0)),
            )

        return handle

    def _answered(self, call: _Call, request: web.Request, body: str) -> web.Response:
        left = None
        try:
            asked = Asked.read(request.rel_url.raw_query_string, body)
            if body and request.method == "POST" and request.content_type != "application/json":
                raise UpbitRefused.bad("invalid_parameter", "Content-Type: application/json")
            account = None
            if call.private:
                account = self._tokens.verified(request.headers.get("Authorization"), asked.hashed)
            left = self._limits.take(call.group, account.key if account else str(request.remote))
            answer = call.does(asked, account, request.match_info)
        except UpbitRefused as refused:
            return _said(refused, left or header(call.group, 0))
        return _json(written(answer), call.status, left)

    def _markets(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        details = asked.one("is_details") == "true"
        return [quotation.market_row(instrument, details=details) for instrument in self._venue.facts]

    def _tickers(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        return self._ticker_rows([self._quoted(market) for market in _named(asked)])

    def _all_tickers(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        quotes = asked.many("quote_currencies")
        return self._ticker_rows([one for one in self._venue.facts if not quotes or one.quote in quotes])

    def _ticker_rows(self, instruments: list[Instrument]) -> Json:
        now_ns = self._venue.clock.now_ns()
        return [quotation.ticker_row(one, self._venue.market[one], now_ns) for one in instruments]

    def _books(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        count = asked.count("count", quotation.LEVELS, quotation.LEVELS)
        return [self._book(market, count, asked.one("level")) for market in _named(asked)]

    def _book(self, market: str, count: int, level: str | None) -> Json:
        instrument = self._quoted(market)
        quoted, facts = self._venue.market[instrument], self._venue.facts[instrument]
        grouped = Decimal(level) if level is not None and level.replace(".", "", 1).isdecimal() else Decimal(0)
        if grouped and grouped not in quotation.supported_levels(facts, self._price(instrument)):
            raise UpbitRefused.no_quotation("level")
        return quotation.book_row(quoted, facts, count, grouped)

    def _instruments(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        found = [self._quoted(market) for market in _named(asked)]
        return [quotation.instrument_row(one, self._venue.facts[one], self._price(one)) for one in found]

    def _minutes(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        unit = path["unit"]
        if not unit.isdecimal() or int(unit) not in candles.MINUTES:
            raise UpbitRefused.no_quotation(f"unit: {', '.join(map(str, candles.MINUTES))}")
        instrument = self._asked_market(asked)
        until_ns, count = self._until(asked), asked.count("count", 1, candles.MOST)
        return list(candles.minutes(instrument, self._venue.market[instrument], int(unit), until_ns, count))

    def _candles(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        instrument, word = self._asked_market(asked), path["word"]
        quoted, until_ns = self._venue.market[instrument], self._until(asked)
        count = asked.count("count", 1, candles.MOST)
        match word:
            case "days":
                return list(candles.days(instrument, quoted, until_ns, count))
            case "weeks":
                return list(candles.weeks(instrument, quoted, until_ns, count))
            case "months" | "years":
                return list(candles.long(word, instrument, quoted, until_ns, count))
        raise UpbitRefused.no_code()

    def _trades(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        instrument = self._asked_market(asked)
        quoted, cursor = self._venue.market[instrument], asked.one("cursor")
        before = quotation.closed_before(quoted, self._venue.clock.now_ns())
        until_ns = self._clocked(asked.one("to"))
        found = [
            quotation.trade_row(instrument, done, before)
            for done in quoted.tape.prints()
            if (cursor is None or quotation.sequential(done) < int(cursor)) and done.at_ns < until_ns
        ]
        return found[: asked.count("count", 1, _MOST_TRADES)]

    def _chance(self, account: Account, asked: Asked) -> Json:
        instrument = instrument_of(asked.one("market") or "", self._venue.facts)
        if instrument is None:
            raise UpbitRefused.bad("validation_error", "market does not have a valid value")
        return holdings.chance(account, instrument)

    def _keys(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        year = utc(self._venue.clock.now_ns()).year + 1
        return [{"access_key": account.key, "expire_at": f"{year}-01-01T00:00:00+09:00"}]

    def _quoted(self, market: str) -> Instrument:
        return quoted_of(market, self._venue.facts)

    def _asked_market(self, asked: Asked) -> Instrument:
        market = asked.one("market")
        if market is None:
            raise UpbitRefused.no_quotation("market")
        return self._quoted(market)

    def _until(self, asked: Asked) -> int:
        """What candles start before; one nanosecond after now where nothing is asked."""
        told = asked.one("to")
        try:
            return self._venue.clock.now_ns() + 1 if told is None else moment(told)
        except ValueError as wrong:
            raise UpbitRefused.no_quotation("to") from wrong

    def _clocked(self, told: str | None) -> int:
        """A time of today by UTC, as trades are asked up to."""
        now_ns = self._venue.clock.now_ns()
        for form in _CLOCKS if told is not None else ():
            try:
                at = utc(now_ns).strptime(told or "", form)
            except ValueError:
                continue
            return moment(f"{utc(now_ns):%Y-%m-%d}T{at:%H:%M:%S}")
        if told is not None:
            raise UpbitRefused.no_quotation("to")
        return now_ns + 1

    def _price(self, instrument: Instrument) -> Decimal:
        last = self._venue.market[instrument].tape.last()
        if last is None:
            raise UpbitRefused.no_code()
        return last.price


def _private(
    does: Callable[[Account, Asked], Json], group: str = "default", status: HTTPStatus = HTTPStatus.OK
) -> _Call:
    def call(asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG001
        assert account is not None
        return does(account, asked)

    return _Call(group, True, call, status)


def _named(asked: Asked) -> list[str]:
    markets = [market for told in asked.many("markets") for market in told.split(",") if market]
    if not markets:
        raise UpbitRefused.no_quotation("markets")
    return markets


def _broken(fault: Fault) -> UpbitRefused:
    match fault.kind:
        case "banned":
            return blocked(_LOST_S)
        case "too_many":
            return too_many()
        case "reject":
            return UpbitRefused.bad(fault.code or "validation_error", fault.message or "요청이 올바르지 않습니다.")
    status, message = HTTPStatus.INTERNAL_SERVER_ERROR, fault.message or "서버 오류입니다."
    return UpbitRefused(status, fault.code or "server_error", message)


def _said(refused: UpbitRefused, left: str) -> web.Response:
    return _json(refused.body(), refused.status, left)


def _json(text: str, status: HTTPStatus, left: str) -> web.Response:
    return web.Response(
        text=text, status=status.value, content_type="application/json", headers={"Remaining-Req": left}
    )
