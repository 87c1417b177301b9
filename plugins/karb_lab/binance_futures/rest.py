"""Binance's futures over HTTP: who asks, how much, what for, and what is answered. Source: Binance's pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.binance_futures import holdings, quotation
from karb_lab.binance_futures.asked import Asked, holder, need_signed
from karb_lab.binance_futures.limits import Limits, banned, too_much
from karb_lab.binance_futures.listen_keys import ListenKeys
from karb_lab.binance_futures.orders import Orders
from karb_lab.binance_futures.refused import BinanceRefused
from karb_lab.binance_futures.settings import Settings
from karb_lab.binance_futures.weights import DEPTHS, weight
from karb_lab.binance_futures.words import MS, SPANS_NS, instrument_of, price_text, symbol
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.tape import Print
from karb_lab.troubled import troubled
from karb_lab.venue import Venue

_KEY = "X-MBX-APIKEY"
_MOST_CANDLES = 1500  # karb: constant because Binance lists no more candles at once
_MOST = 1000
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked
_HUNDRED = 100
_FUNDING_ROWS = 100
_LOST_S = 120  # karb: constant because it only is what a made-up ban says


@dataclass(frozen=True, slots=True)
class _Call:
    """One endpoint. `needs`: nothing, a key, or a signature. `counted`: as an order."""

    does: Callable[[Asked, Account | None], Json]
    needs: str = ""
    counted: bool = False


class Rest:
    """The REST of Binance's futures over one venue. `routes` for an aiohttp application."""

    def __init__(self, venue: Venue, keys: ListenKeys) -> None:
        self._venue = venue
        self._keys = keys
        self._limits = Limits(venue.clock)
        self._orders = Orders(venue)
        self._settings = Settings(venue)

    def routes(self) -> list[web.RouteDef]:
        calls = {**self._market(), **self._trading(), **self._account(), **self._users()}
        return [web.route(method, path, self._handler(call)) for (method, path), call in calls.items()]

    def _market(self) -> dict[tuple[str, str], _Call]:
        return {
            ("GET", "/fapi/v1/ping"): _public(lambda _: {}),
            ("GET", "/fapi/v1/time"): _public(lambda _: {"serverTime": self._now_ms()}),
            ("GET", "/fapi/v1/exchangeInfo"): _public(lambda _: self._exchange_info()),
            ("GET", "/fapi/v1/depth"): _public(self._depth),
            ("GET", "/fapi/v1/trades"): _public(self._trades),
            ("GET", "/fapi/v1/aggTrades"): _public(self._joined),
            ("GET", "/fapi/v1/klines"): _public(self._candles),
            ("GET", "/fapi/v1/premiumIndex"): _public(self._premium),
            ("GET", "/fapi/v1/fundingRate"): _public(self._funding),
            ("GET", "/fapi/v1/fundingInfo"): _public(lambda _: []),
            ("GET", "/fapi/v1/ticker/24hr"): _public(self._days),
            ("GET", "/fapi/v1/ticker/price"): _public(self._prices),
            ("GET", "/fapi/v2/ticker/price"): _public(self._prices),
            ("GET", "/fapi/v1/ticker/bookTicker"): _public(self._tops),
        }

    def _trading(self) -> dict[tuple[str, str], _Call]:
        orders = self._orders
        return {
            ("POST", "/fapi/v1/order"): _signed(orders.make, counted=True),
            ("POST", "/fapi/v1/order/test"): _signed(orders.try_out),
            ("GET", "/fapi/v1/order"): _signed(orders.find),
            ("DELETE", "/fapi/v1/order"): _signed(orders.cancel),
            ("DELETE", "/fapi/v1/allOpenOrders"): _signed(orders.cancel_all),
            ("GET", "/fapi/v1/openOrder"): _signed(orders.find_open),
            ("GET", "/fapi/v1/openOrders"): _signed(orders.open),
            ("GET", "/fapi/v1/allOrders"): _signed(orders.all),
            ("GET", "/fapi/v1/userTrades"): _signed(orders.trades),
            ("GET", "/fapi/v1/rateLimit/order"): _signed(self._order_limits),
        }

    def _account(self) -> dict[tuple[str, str], _Call]:
        settings, market = self._settings, self._venue.market
        account = _signed(lambda who, _: holdings.account_body(who, market, self._now_ns()))
        balance = _signed(lambda who, _: list(holdings.balance_rows(who, market, self._now_ns())))
        positions = _signed(self._positions)
        return {
            ("GET", "/fapi/v2/account"): account,
            ("GET", "/fapi/v3/account"): account,
            ("GET", "/fapi/v2/balance"): balance,
            ("GET", "/fapi/v3/balance"): balance,
            ("GET", "/fapi/v2/positionRisk"): positions,
            ("GET", "/fapi/v3/positionRisk"): positions,
            ("GET", "/fapi/v1/income"): _signed(self._income),
            ("GET", "/fapi/v1/symbolConfig"): _signed(settings.symbols),
            ("GET", "/fapi/v1/accountConfig"): _signed(settings.account),
            ("GET", "/fapi/v1/commissionRate"): _signed(settings.fees),
            ("GET", "/fapi/v1/leverageBracket"): _signed(settings.brackets),
            ("POST", "/fapi/v1/leverage"): _signed(settings.leverage),
            ("POST", "/fapi/v1/marginType"): _signed(settings.margin_type),
            ("GET", "/fapi/v1/positionSide/dual"): _signed(settings.mode),
            ("POST", "/fapi/v1/positionSide/dual"): _signed(settings.change_mode),
            ("GET", "/fapi/v1/multiAssetsMargin"): _signed(settings.assets_mode),
        }

    def _users(self) -> dict[tuple[str, str], _Call]:
        keys = self._keys
        path = "/fapi/v1/listenKey"
        return {
            ("POST", path): _keyed(lambda account: {"listenKey": keys.give(account)}),
            ("PUT", path): _keyed(lambda account: {"listenKey": keys.extend(account)}),
            ("DELETE", path): _keyed(self._closed),
        }

    def _closed(self, account: Account) -> Json:
        self._keys.close(account)
        return {}

    def _handler(self, call: _Call) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await request.text()
            return await troubled(
                request,
                self._venue.faults,
                lambda: self._answered(call, request, body),
                lambda fault: _said(_broken(fault), {}),
            )

        return handle

    def _answered(self, call: _Call, request: web.Request, body: str) -> web.Response:
        headers: dict[str, str] = {}
        try:
            asked = Asked.read(request.rel_url.raw_query_string, body)
            headers |= self._limits.weigh(str(request.remote), weight(request.method, request.path, asked.one("limit")))
            account = None
            if call.needs:
                account = holder(self._venue.accounts, request.headers.get(_KEY))
            if account is not None and call.needs == "signature":
                need_signed(account, asked, self._venue.clock)
            if account is not None and call.counted:
                headers |= self._limits.order(account.key)
            return _json(written(call.does(asked, account)), HTTPStatus.OK, headers)
        except BinanceRefused as refused:
            return _said(refused, headers)

    def _exchange_info(self) -> Json:
        return quotation.exchange_info(list(self._venue.facts.values()), self._now_ns())

    def _depth(self, asked: Asked) -> Json:
        instrument = self._instrument(asked)
        limit = asked.whole("limit") or _USUAL
        if limit not in DEPTHS:
            message = f"{limit} is not valid depth limit."
            raise BinanceRefused(-4021, message)  # karb: constant because it is Binance's code
        return quotation.depth(self._venue.market[instrument], self._venue.facts[instrument], limit, self._now_ns())

    def _trades(self, asked: Asked) -> Json:
        instrument = self._instrument(asked)
        facts = self._venue.facts[instrument]
        return [quotation.trade_row(facts, done) for done in self._last(asked, instrument)]

    def _joined(self, asked: Asked) -> Json:
        instrument = self._instrument(asked)
        facts, first = self._venue.facts[instrument], asked.whole("fromId")
        since_ns, until_ns = asked.between()
        found = [
            done
            for done in list(self._venue.market[instrument].tape.prints())[::-1]
            if since_ns <= done.at_ns <= until_ns and (first is None or done.id >= first)
        ]
        most = asked.count(_USUAL, _MOST)
        chosen = found[:most] if first is not None or asked.one("startTime") else found[-most:]
        return [quotation.joined_row(facts, done) for done in chosen]

    def _last(self, asked: Asked, instrument: Instrument) -> list[Print]:
        newest = list(self._venue.market[instrument].tape.prints())[: asked.count(_USUAL, _MOST)]
        return newest[::-1]

    def _candles(self, asked: Asked) -> Json:
        instrument, word = self._instrument(asked), asked.need("interval")
        if word not in SPANS_NS:
            raise BinanceRefused(-1120, "Invalid interval.")  # karb: constant because it is Binance's code
        since_ns, until_ns = asked.between()
        return quotation.candle_rows(
            self._venue.market[instrument],
            self._venue.facts[instrument],
            word,
            since_ns,
            min(until_ns, self._now_ns()) + 1,
            asked.count(_USUAL, _MOST_CANDLES),
        )

    def _premium(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._premium_row)

    def _premium_row(self, instrument: Instrument) -> Json:
        quoted = self._venue.market[instrument]
        if quoted.mark is None:
            raise BinanceRefused.unavailable()
        return quotation.premium_row(self._venue.facts[instrument], quoted.mark, quoted.funding, self._now_ns())

    def _funding(self, asked: Asked) -> Json:
        """Ascending, of one symbol or all."""
        name = asked.one("symbol")
        wanted = list(self._venue.facts) if name is None else [self._instrument(asked)]
        since_ns, until_ns = asked.between()
        found = [
            (settled.settles_at_ns, quotation.funding_row(self._venue.facts[one], settled, mark))
            for one in wanted
            for settled, mark in self._venue.market[one].settled
            if since_ns <= settled.settles_at_ns <= until_ns
        ]
        found.sort(key=lambda row: row[0])
        return [row for _, row in found][-asked.count(_FUNDING_ROWS, _MOST) :]

    def _days(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._day)

    def _day(self, instrument: Instrument) -> Json:
        quoted = self._venue.market[instrument]
        return quotation.day_row(self._venue.facts[instrument], quoted, self._traded(instrument), self._now_ns())

    def _prices(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._price)

    def _price(self, instrument: Instrument) -> Json:
        last = self._traded(instrument)
        facts = self._venue.facts[instrument]
        return {"symbol": symbol(instrument), "price": price_text(facts, last.price), "time": last.at_ns // MS}

    def _tops(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._top)

    def _top(self, instrument: Instrument) -> Json:
        return quotation.top_row(self._venue.facts[instrument], self._venue.market[instrument], self._now_ns())

    def _one_or_all(self, asked: Asked, row: Callable[[Instrument], Json]) -> Json:
        if asked.one("symbol") is not None:
            return row(self._instrument(asked))
        return [row(instrument) for instrument in self._venue.facts]

    def _positions(self, account: Account, asked: Asked) -> Json:
        market = self._venue.market
        name = asked.one("symbol")
        wanted = holdings.touched(account) if name is None else [self._instrument(asked)]
        return [holdings.position_row(account, market, one, self._now_ns()) for one in wanted]

    def _income(self, account: Account, asked: Asked) -> Json:
        kind, name = asked.one("incomeType"), asked.one("symbol")
        since_ns, until_ns = asked.between()
        found = [
            row
            for row in holdings.income_rows(account)
            if kind in (None, row["incomeType"])
            and name in (None, row["symbol"])
            and since_ns <= int(str(row["time"])) * MS <= until_ns
        ]
        most = asked.count(_HUNDRED, _MOST)
        return list(found[:most] if asked.one("startTime") else found[-most:])

    def _order_limits(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        short, long = self._limits.used(account.key)
        info = quotation.exchange_info([], 0)["rateLimits"]
        assert isinstance(info, list)
        counts = {"SECOND": short, "MINUTE": long}
        return [
            {**row, "count": counts[str(row["interval"])]}
            for row in info
            if isinstance(row, dict) and row["rateLimitType"] == "ORDERS"
        ]

    def _instrument(self, asked: Asked) -> Instrument:
        return instrument_of(asked.one("symbol"), self._venue.facts)

    def _traded(self, instrument: Instrument) -> Print:
        """Errors: `BinanceRefused` for one that never traded."""
        last = self._venue.market[instrument].tape.last()
        if last is None:
            raise BinanceRefused.unavailable()
        return last

    def _now_ns(self) -> int:
        return self._venue.clock.now_ns()

    def _now_ms(self) -> int:
        return self._now_ns() // MS


def _public(does: Callable[[Asked], Json]) -> _Call:
    return _Call(lambda asked, _: does(asked))


def _signed(does: Callable[[Account, Asked], Json], *, counted: bool = False) -> _Call:
    def call(asked: Asked, account: Account | None) -> Json:
        assert account is not None
        return does(account, asked)

    return _Call(call, "signature", counted)


def _keyed(does: Callable[[Account], Json]) -> _Call:
    def call(asked: Asked, account: Account | None) -> Json:  # noqa: ARG001
        assert account is not None
        return does(account)

    return _Call(call, "key")


def _broken(fault: Fault) -> BinanceRefused:
    match fault.kind:
        case "banned":
            return banned(_LOST_S)
        case "too_many":
            return too_much(1)
        case "reject":
            # karb: constant because it is Binance's code of an order that is refused
            code = int(fault.code) if fault.code.lstrip("-").isdecimal() else -2010
            return BinanceRefused(code, fault.message or "Order rejected.")
        case "maintenance":
            return BinanceRefused.unavailable()
    message = fault.message or "Internal error; unable to process your request. Please try again."
    return BinanceRefused(-1001, message, HTTPStatus.SERVICE_UNAVAILABLE)  # karb: constant because it is Binance's code


def _said(refused: BinanceRefused, headers: dict[str, str]) -> web.Response:
    if refused.wait_s is not None:
        headers = {**headers, "Retry-After": str(refused.wait_s)}
    return _json(refused.body(), refused.status, headers)


def _json(text: str, status: HTTPStatus, headers: dict[str, str]) -> web.Response:
    return web.Response(text=text, status=status.value, content_type="application/json", headers=headers)
