"""Binance's futures over HTTP: who asks, how much, what for, and what is answered. Source: Binance's pages."""

from __future__ import annotations

from aiohttp import web

from karb_lab.account import Account
from karb_lab.binance.answering import Answering, Call, keyed, public, signed
from karb_lab.binance.asked import Asked
from karb_lab.binance.market_calls import MarketCalls
from karb_lab.binance.orders import Orders, Words
from karb_lab.binance.words import MS, instrument_of
from karb_lab.binance_futures import holdings, order_words, placing
from karb_lab.binance_futures.incomes import income_rows
from karb_lab.binance_futures.limits import WEIGHT, futures_limits
from karb_lab.binance_futures.listen_keys import ListenKeys
from karb_lab.binance_futures.market_calls import ROWS, FuturesCalls
from karb_lab.binance_futures.settings import Settings
from karb_lab.binance_futures.weights import weight
from karb_lab.json_text import Json
from karb_lab.venue import Venue

_MOST = 1000
_HUNDRED = 100

_WORDS = Words(
    wanted=placing.wanted,
    said_no=placing.said_no,
    made=order_words.made_body,
    tried=order_words.order_body,
    found=order_words.found_body,
    cancelled=order_words.cancelled_body,
    all_cancelled=order_words.all_cancelled,
    trade=order_words.trade_body,
)


class Rest:
    """The REST of Binance's futures over one venue. `routes` for an aiohttp application."""

    def __init__(self, venue: Venue, keys: ListenKeys) -> None:
        self._venue = venue
        self._keys = keys
        self._limits = futures_limits(venue.clock)
        self._orders = Orders(_WORDS, venue)
        self._settings = Settings(venue)

    def routes(self) -> list[web.RouteDef]:
        answering = Answering(
            self._venue, self._limits, lambda method, path, asked: weight(method, path, asked.one("limit")), WEIGHT
        )
        return answering.routes({**self._market(), **self._trading(), **self._account(), **self._users()})

    def _market(self) -> dict[tuple[str, str], Call]:
        market = MarketCalls(ROWS, self._venue)
        futures = FuturesCalls(market, self._limits, self._venue)
        return {
            ("GET", "/fapi/v1/ping"): public(lambda _: {}),
            ("GET", "/fapi/v1/time"): public(lambda _: {"serverTime": self._now_ms()}),
            ("GET", "/fapi/v1/exchangeInfo"): public(futures.exchange_info),
            ("GET", "/fapi/v1/depth"): public(futures.depth),
            ("GET", "/fapi/v1/trades"): public(market.trades),
            ("GET", "/fapi/v1/aggTrades"): public(market.joined),
            ("GET", "/fapi/v1/klines"): public(market.candles),
            ("GET", "/fapi/v1/premiumIndex"): public(futures.premium),
            ("GET", "/fapi/v1/fundingRate"): public(futures.funding),
            ("GET", "/fapi/v1/fundingInfo"): public(lambda _: []),
            ("GET", "/fapi/v1/ticker/24hr"): public(market.days),
            ("GET", "/fapi/v1/ticker/price"): public(market.prices),
            ("GET", "/fapi/v2/ticker/price"): public(market.prices),
            ("GET", "/fapi/v1/ticker/bookTicker"): public(market.tops),
        }

    def _trading(self) -> dict[tuple[str, str], Call]:
        orders = self._orders
        return {
            ("POST", "/fapi/v1/order"): signed(orders.make, counted=True),
            ("POST", "/fapi/v1/order/test"): signed(orders.try_out),
            ("GET", "/fapi/v1/order"): signed(orders.find),
            ("DELETE", "/fapi/v1/order"): signed(orders.cancel),
            ("DELETE", "/fapi/v1/allOpenOrders"): signed(orders.cancel_all),
            ("GET", "/fapi/v1/openOrder"): signed(orders.find_open),
            ("GET", "/fapi/v1/openOrders"): signed(orders.open),
            ("GET", "/fapi/v1/allOrders"): signed(orders.all),
            ("GET", "/fapi/v1/userTrades"): signed(orders.trades),
            ("GET", "/fapi/v1/rateLimit/order"): signed(lambda account, _: list(self._limits.order_rows(account.key))),
        }

    def _account(self) -> dict[tuple[str, str], Call]:
        settings, market = self._settings, self._venue.market
        account = signed(lambda who, _: holdings.account_body(who, market, self._now_ns()))
        balance = signed(lambda who, _: list(holdings.balance_rows(who, market, self._now_ns())))
        positions = signed(self._positions)
        return {
            ("GET", "/fapi/v2/account"): account,
            ("GET", "/fapi/v3/account"): account,
            ("GET", "/fapi/v2/balance"): balance,
            ("GET", "/fapi/v3/balance"): balance,
            ("GET", "/fapi/v2/positionRisk"): positions,
            ("GET", "/fapi/v3/positionRisk"): positions,
            ("GET", "/fapi/v1/income"): signed(self._income),
            ("GET", "/sapi/v1/account/apiRestrictions"): signed(settings.rights),
            ("GET", "/fapi/v1/symbolConfig"): signed(settings.symbols),
            ("GET", "/fapi/v1/accountConfig"): signed(settings.account),
            ("GET", "/fapi/v1/commissionRate"): signed(settings.fees),
            ("GET", "/fapi/v1/leverageBracket"): signed(settings.brackets),
            ("POST", "/fapi/v1/leverage"): signed(settings.leverage),
            ("POST", "/fapi/v1/marginType"): signed(settings.margin_type),
            ("GET", "/fapi/v1/positionSide/dual"): signed(settings.mode),
            ("POST", "/fapi/v1/positionSide/dual"): signed(settings.change_mode),
            ("GET", "/fapi/v1/multiAssetsMargin"): signed(settings.assets_mode),
        }

    def _users(self) -> dict[tuple[str, str], Call]:
        keys = self._keys
        path = "/fapi/v1/listenKey"
        return {
            ("POST", path): keyed(lambda account: {"listenKey": keys.give(account)}),
            ("PUT", path): keyed(lambda account: {"listenKey": keys.extend(account)}),
            ("DELETE", path): keyed(self._closed),
        }

    def _closed(self, account: Account) -> Json:
        self._keys.close(account)
        return {}

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

    def _now_ns(self) -> int:
        return self._venue.clock.now_ns()

    def _now_ms(self) -> int:
        return self._now_ns() // MS
