"""`binance_spot.orders` keeps the contract that any author's executor keeps."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from karb_binance.spot.account import SpotAccount
from karb_binance.spot.client import SpotClient
from karb_binance.spot.limits import told_left
from karb_binance.spot.orders import SpotOrders
from karb_core.connection.failures import NothingSent
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.request import Answer, Request
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Order
from karb_core.ports import OpenAccount
from karb_core.testing.executor_contract import ExecutorContract, Venue
from karb_core.testing.hearing import SteadyClock
from tests.plugins.karb_binance.binance_here import KEYS, Asked, BinanceHere, Fate
from tests.plugins.karb_binance.test_spot_account import (
    CANCEL,
    COMMISSION,
    FEES,
    FIND,
    NOT_FOUND,
    NOW,
    NOW_MS,
    PLACE,
    RESTING,
    SECOND,
    SYMBOL,
    TRADE,
    TRADES,
    no,
    order,
    told,
)  # fmt: skip

INTENT = "abcdefghij234567"
FILLED = ("FILLED", "0.00118000", "99.26160000")


class SpotVenue:
    """Spot in this process, which takes an order and fills it at once, or fails as it is told to."""

    def __init__(self, clock: SteadyClock) -> None:
        self.here = BinanceHere(clock)  # type: ignore[arg-type]
        self._taken: dict[str, int] = {}
        self._arrived: list[str] = []
        self._made = 0
        self._refuses = self._loses = False
        self.is_silent = False
        for call, said in {
            "GET /api/v3/exchangeInfo": {"serverTime": NOW_MS, "symbols": [SYMBOL]},
            COMMISSION: FEES,
            "GET /api/v3/account": {"canTrade": True, "balances": [{"asset": "BTC", "free": "1", "locked": "0"}]},
            RESTING: [],
            TRADES: self._traded,
            FIND: self._found,
            CANCEL: no(-2011),
            PLACE: self._placed,
        }.items():
            self.here.on(call, said)

    def order(self) -> Order:
        self._made += 1
        return order(id=order_id(mark="m1", intent_id=INTENT, leg=0, attempt=self._made))

    def refuses(self) -> None:
        self._refuses = True

    def loses(self) -> None:
        self._loses = True

    def silent(self) -> None:
        self.is_silent = True

    def answers(self) -> None:
        self.is_silent = False

    def arrived(self) -> list[str]:
        return self._arrived

    def _placed(self, asked: Asked) -> Any:
        name = asked.fields["newClientOrderId"]
        self._arrived.append(name)
        if self._refuses:
            self._refuses = False
            return no(-2010, text="Account has insufficient balance for requested action.")
        self._taken[name] = len(self._taken) + 1
        if self._loses:
            self._loses = False
            return Fate.DROPPED
        return told(*FILLED, clientOrderId=name, orderId=self._taken[name])

    def _found(self, asked: Asked) -> Any:
        by = asked.fields
        for name, number in self._taken.items():
            if by.get("origClientOrderId") == name or by.get("orderId") == str(number):
                return told(*FILLED, clientOrderId=name, orderId=number)
        return NOT_FOUND

    def _traded(self, asked: Asked) -> Any:
        rows = [{**TRADE, "id": number, "orderId": number} for number in self._taken.values()]
        return [row for row in rows if int(asked.fields["startTime"]) <= TRADE["time"] <= int(asked.fields["endTime"])]


class TestOrders(ExecutorContract):
    component = SpotOrders
    params = "keys: secret:binance\nnetwork: demo"
    vary = {"keys": "secret:another", "network": "production"}  # noqa: RUF012
    key = f"{KEYS.access}:{KEYS.secret}"
    since_ns = NOW

    def clock(self) -> SteadyClock:
        return SteadyClock(NOW + 60 * SECOND)

    def venue(self) -> Venue:
        return SpotVenue(self.clock())

    def opened(self, component: Any, venue: Any, instruments: Collection[Instrument]) -> OpenAccount:
        clock = venue.here.clock

        async def way(request: Request) -> Answer:
            if venue.is_silent:
                raise NothingSent("connection refused")
            return await venue.here(request)

        way.close = venue.here.close  # type: ignore[attr-defined]
        connection = HttpConnection(way, clock, told_left, 5 * SECOND)  # type: ignore[arg-type]
        return SpotAccount(SpotClient(connection, KEYS, clock), None, instruments, clock)
