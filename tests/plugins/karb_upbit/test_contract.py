"""`upbit.orders` keeps the contract that any author's executor keeps."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from karb_core.connection.failures import NothingSent
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.request import Answer, Request
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Order
from karb_core.ports import OpenAccount
from karb_core.testing.executor_contract import ExecutorContract, Venue
from karb_core.testing.hearing import SteadyClock
from karb_upbit.account import UpbitAccount
from karb_upbit.client import Client
from karb_upbit.limits import told_left
from karb_upbit.orders import Orders
from tests.plugins.karb_upbit.orders_told import (
    ACCOUNTS,
    CHANCE,
    INTENT,
    NOT_FOUND,
    NOW,
    PRICES,
    SECOND,
    TICKS,
    listed,
    order,
    told,
    trade,
)
from tests.plugins.karb_upbit.upbit_here import KEYS, Asked, Fate, InMemory, UpbitHere


class UpbitVenue:
    """Upbit in this process, which takes an order and fills it at once, or fails as it is told to."""

    def __init__(self) -> None:
        self.here = UpbitHere()
        self._taken: dict[str, dict[str, Any]] = {}
        self._arrived: list[str] = []
        self._made = 0
        self._refuses = self._loses = False
        self.is_silent = False
        for call, said in {
            "GET /v1/orderbook/instruments": TICKS,
            "GET /v1/ticker": PRICES,
            "GET /v1/orders/chance": CHANCE,
            "GET /v1/accounts": ACCOUNTS,
            "GET /v1/api_keys": [{"access_key": KEYS.access, "expire_at": "2027-01-01T00:00:00+09:00"}],
            "GET /v1/orders/open": [],
            "GET /v1/orders/closed": self._closed,
            "GET /v1/order": self._found,
            "DELETE /v1/order": NOT_FOUND,
            "POST /v1/orders": self._placed,
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
        name = json.loads(asked.body or b"")["identifier"]
        self._arrived.append(name)
        if self._refuses:
            self._refuses = False
            return 400, {"error": {"name": "insufficient_funds_bid", "message": "주문 가능한 금액이 부족합니다."}}
        self._taken[name] = told("done", trade(1, "0.001"), identifier=name)
        if self._loses:
            self._loses = False
            return Fate.DROPPED
        return 201, self._taken[name]

    def _found(self, asked: Asked) -> Any:
        by = asked.fields
        for name, body in self._taken.items():
            if by.get("identifier") == name or by.get("uuid") == body["uuid"]:
                return body
        return NOT_FOUND

    def _closed(self, asked: Asked) -> Any:
        return [listed(body) for body in self._taken.values()]


class Way(InMemory):
    def __init__(self, venue: UpbitVenue) -> None:
        super().__init__(venue.here, travels_s=0)
        self._venue = venue

    async def __call__(self, request: Request) -> Answer:
        if self._venue.is_silent:
            raise NothingSent("connection refused")
        return await super().__call__(request)


class TestOrders(ExecutorContract):
    component = Orders
    params = "keys: secret:upbit"
    vary = {"keys": "secret:another"}  # noqa: RUF012
    key = f"{KEYS.access}:{KEYS.secret}"
    since_ns = NOW

    def clock(self) -> SteadyClock:
        return SteadyClock(NOW + 60 * SECOND)

    def venue(self) -> Venue:
        return UpbitVenue()

    def opened(self, component: Any, venue: Any, instruments: Collection[Instrument]) -> OpenAccount:
        clock = self.clock()
        connection = HttpConnection(Way(venue), clock, told_left, 5 * SECOND)
        return UpbitAccount(Client(connection, KEYS), instruments, clock)
