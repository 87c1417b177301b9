"""Binance's futures over HTTP: who asks, how much, what for, and what is answered. Source: Binance's pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from karb_lab.account import Account
from karb_lab.binance_futures import holdings
from karb_lab.binance_futures.asked import Asked, holder, need_signed
from karb_lab.binance_futures.exchange_info import exchange_info
from karb_lab.binance_futures.incomes import income_rows
from karb_lab.binance_futures.limits import Limits, banned, too_much
from karb_lab.binance_futures.listen_keys import ListenKeys
from karb_lab.binance_futures.market_calls import MarketCalls
from karb_lab.binance_futures.orders import Orders
from karb_lab.binance_futures.refused import BinanceRefused
from karb_lab.binance_futures.settings import Settings
from karb_lab.binance_futures.weights import weight
from karb_lab.binance_futures.words import MS, instrument_of
from karb_lab.faults import Fault
from karb_lab.json_text import Json, written
from karb_lab.troubled import troubled
from karb_lab.venue import Venue

_KEY = "X-MBX-APIKEY"
_MOST = 1000
_HUNDRED = 100
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
        market = MarketCalls(self._venue)
        return {
            ("GET", "/fapi/v1/ping"): _public(lambda _: {}),
            ("GET", "/fapi/v1/time"): _public(lambda _: {"serverTime": self._now_ms()}),
            ("GET", "/fapi/v1/exchangeInfo"): _public(market.exchange_info),
            ("GET", "/fapi/v1/depth"): _public(market.depth),
            ("GET", "/fapi/v1/trades"): _public(market.trades),
            ("GET", "/fapi/v1/aggTrades"): _public(market.joined),
            ("GET", "/fapi/v1/klines"): _public(market.candles),
            ("GET", "/fapi/v1/premiumIndex"): _public(market.premium),
            ("GET", "/fapi/v1/fundingRate"): _public(market.funding),
            ("GET", "/fapi/v1/fundingInfo"): _public(lambda _: []),
            ("GET", "/fapi/v1/ticker/24hr"): _public(market.days),
            ("GET", "/fapi/v1/ticker/price"): _public(market.prices),
            ("GET", "/fapi/v2/ticker/price"): _public(market.prices),
            ("GET", "/fapi/v1/ticker/bookTicker"): _public(market.tops),
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

    def _positions(self, account: Account, asked: Asked) -> Json:
        market = self._venue.market
        name = asked.one("symbol")
        wanted = holdings.touched(account) if name is None else [instrument_of(name, self._venue.facts)]
        return [holdings.position_row(account, market, one, self._now_ns()) for one in wanted]

    def _income(self, account: Account, asked: Asked) -> Json:
        kind, name = asked.one("incomeType"), asked.one("symbol")
        since_ns, until_ns = asked.between()
        found = [
            row
            for row in income_rows(account)
            if kind in (None, row["incomeType"])
            and name in (None, row["symbol"])
            and since_ns <= int(str(row["time"])) * MS <= until_ns
        ]
        most = asked.count(_HUNDRED, _MOST)
        return list(found[:most] if asked.one("startTime") else found[-most:])

    def _order_limits(self, account: Account, asked: Asked) -> Json:  # noqa: ARG002
        short, long = self._limits.used(account.key)
        info = exchange_info([], 0)["rateLimits"]
        assert isinstance(info, list)
        counts = {"SECOND": short, "MINUTE": long}
        return [
            {**row, "count": counts[str(row["interval"])]}
            for row in info
            if isinstance(row, dict) and row["rateLimitType"] == "ORDERS"
        ]

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
