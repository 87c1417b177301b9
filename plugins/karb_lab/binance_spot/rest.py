"""Binance's spot over HTTP: what is asked, and by whom. Source: Binance's pages of its REST API, spot."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from karb_lab.account import Account
from karb_lab.binance.answering import Answering, Call, keyed, public, signed
from karb_lab.binance.asked import Asked
from karb_lab.binance.market_calls import MarketCalls
from karb_lab.binance.orders import Orders, Words
from karb_lab.binance.words import MS
from karb_lab.binance_spot import holdings, order_words, placing
from karb_lab.binance_spot.limits import WEIGHT, spot_limits, weight
from karb_lab.binance_spot.market_calls import ROWS, SpotCalls
from karb_lab.binance_spot.replacing import replace
from karb_lab.json_text import Json
from karb_lab.venue import Venue

_WORDS = Words(
    wanted=placing.wanted,
    said_no=placing.said_no,
    made=order_words.made_body,
    tried=order_words.tried_body,
    found=order_words.found_body,
    cancelled=order_words.cancelled_body,
    all_cancelled=order_words.all_cancelled,
    trade=order_words.trade_body,
)


class Rest:
    """The REST of Binance's spot over one venue. `calls`: by name, as the WebSocket API calls some of them too."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self.limits = spot_limits(venue.clock)
        self._orders = Orders(_WORDS, venue)
        self._shared = MarketCalls(ROWS, venue)
        self._spot = SpotCalls(self._shared, self.limits, venue)

    def routes(self) -> list[web.RouteDef]:
        answering = Answering(self._venue, self.limits, weight, WEIGHT)
        return answering.routes({**self._market(), **self._trading(), **self._account()})

    def named(self) -> dict[str, Call]:
        """By the names that the WebSocket API has for them."""
        market, trading, account = self._market(), self._trading(), self._account()
        return {
            "ping": market["GET", "/api/v3/ping"],
            "time": market["GET", "/api/v3/time"],
            "exchangeInfo": market["GET", "/api/v3/exchangeInfo"],
            "depth": market["GET", "/api/v3/depth"],
            "trades.recent": market["GET", "/api/v3/trades"],
            "klines": market["GET", "/api/v3/klines"],
            "ticker.24hr": market["GET", "/api/v3/ticker/24hr"],
            "ticker.price": market["GET", "/api/v3/ticker/price"],
            "ticker.book": market["GET", "/api/v3/ticker/bookTicker"],
            "order.place": trading["POST", "/api/v3/order"],
            "order.test": trading["POST", "/api/v3/order/test"],
            "order.status": trading["GET", "/api/v3/order"],
            "order.cancelReplace": trading["POST", "/api/v3/order/cancelReplace"],
            "order.cancel": trading["DELETE", "/api/v3/order"],
            "openOrders.status": trading["GET", "/api/v3/openOrders"],
            "openOrders.cancelAll": trading["DELETE", "/api/v3/openOrders"],
            "allOrders": trading["GET", "/api/v3/allOrders"],
            "myTrades": trading["GET", "/api/v3/myTrades"],
            "account.status": account["GET", "/api/v3/account"],
        }

    def _market(self) -> dict[tuple[str, str], Call]:
        shared, spot = self._shared, self._spot
        return {
            ("GET", "/api/v3/ping"): public(lambda _: {}),
            ("GET", "/api/v3/time"): public(lambda _: {"serverTime": self._now_ns() // MS}),
            ("GET", "/api/v3/exchangeInfo"): public(spot.exchange_info),
            ("GET", "/api/v3/depth"): public(spot.depth),
            ("GET", "/api/v3/trades"): public(shared.trades),
            ("GET", "/api/v3/aggTrades"): public(shared.joined),
            ("GET", "/api/v3/klines"): public(shared.candles),
            ("GET", "/api/v3/uiKlines"): public(shared.candles),
            ("GET", "/api/v3/avgPrice"): public(spot.average),
            ("GET", "/api/v3/ticker/24hr"): public(spot.day),
            ("GET", "/api/v3/ticker/price"): public(shared.prices),
            ("GET", "/api/v3/ticker/bookTicker"): public(shared.tops),
            ("GET", "/sapi/v1/system/status"): public(lambda _: {"status": 0, "msg": "normal"}),
        }

    def _trading(self) -> dict[tuple[str, str], Call]:
        orders = self._orders
        return {
            ("POST", "/api/v3/order"): signed(orders.make, counted=True),
            ("POST", "/api/v3/order/test"): signed(orders.try_out),
            ("POST", "/api/v3/order/cancelReplace"): signed(partial(replace, orders), counted=True),
            ("GET", "/api/v3/order"): signed(orders.find),
            ("DELETE", "/api/v3/order"): signed(orders.cancel),
            ("GET", "/api/v3/openOrders"): signed(orders.open),
            ("DELETE", "/api/v3/openOrders"): signed(orders.cancel_all),
            ("GET", "/api/v3/allOrders"): signed(orders.all),
            ("GET", "/api/v3/myTrades"): signed(orders.trades),
            ("GET", "/api/v3/rateLimit/order"): signed(lambda account, _: list(self.limits.order_rows(account.key))),
        }

    def _account(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/api/v3/account"): signed(lambda who, asked: holdings.account_body(who, asked, self._now_ns())),
            ("GET", "/api/v3/account/commission"): signed(holdings.commission_body),
            ("GET", "/sapi/v1/account/apiRestrictions"): signed(_rights),
            ("GET", "/sapi/v1/asset/tradeFee"): signed(holdings.fee_rows),
            ("GET", "/sapi/v1/capital/config/getall"): signed(holdings.coins),
            ("GET", "/sapi/v1/margin/allPairs"): keyed(lambda _: []),
            ("GET", "/sapi/v1/margin/isolated/allPairs"): keyed(lambda _: []),
        }

    def _now_ns(self) -> int:
        return self._venue.clock.now_ns()


def _rights(account: Account, asked: Asked) -> Json:  # noqa: ARG001
    """What the key may do: trade spot, and take nothing away."""
    return {
        "ipRestrict": False,
        "enableReading": True,
        "enableWithdrawals": False,
        "enableInternalTransfer": False,
        "permitsUniversalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "enableSpotAndMarginTrading": True,
    }
