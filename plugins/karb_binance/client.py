"""Binance's endpoints: one method each. What changes something is sent once; only what never changes is asked again.

Errors of all: `VenueRejected` for Binance's own no; `NothingSent` and `NoAnswer` as the connection and `said` say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from karb_binance.limits import Limits
from karb_binance.said import LATE, said
from karb_binance.signing import signed_query
from karb_binance.window import WINDOW_NS
from karb_binance.wire import (
    SeenAccountConfig,
    SeenBalance,
    SeenBrackets,
    SeenExchange,
    SeenFees,
    SeenIncome,
    SeenOrder,
    SeenPosition,
    SeenSymbolConfig,
    SeenTime,
    SeenTrade,
)
from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NothingSent, Unanswered, VenueRejected
from karb_core.connection.fields import Pairs
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.keys import Keys
from karb_core.connection.request import Request
from karb_core.connection.token_bucket import TokenBucket
from karb_core.connection.waiting import Waits

T = TypeVar("T")
#: Unit: ns by Binance's clock.
Stamped = Callable[[int], None]

PAGE = 1000  # karb: constant because Binance lists so many trades or incomes at once, and no more
_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


class Client:
    """Private and public calls of one account. Each is stamped with the earliest that Binance's clock may show, and is
    refused there once it is older than its window."""

    def __init__(self, connection: HttpConnection, keys: Keys, clock: Waits) -> None:
        self.connection = connection
        self._keys = keys
        self._clock = clock
        self._limits = Limits()

    async def place(self, fields: Pairs, stamped: Stamped, *, reduces: bool) -> SeenOrder:
        """`stamped` is told the time that is written on the request. Edge: where Binance's clock cannot be learnt first,
        nothing of the order is sent."""
        try:
            await self._need_clock()
        except (Unanswered, VenueRejected) as e:
            raise NothingSent(f"binance's clock is not known: {e}") from None
        bucket = self._limits.order
        return await self._once("POST", "/fapi/v1/order", fields, SeenOrder, bucket, reduces=reduces, stamped=stamped)

    async def cancel(self, symbol: str, client_id: str) -> SeenOrder:
        await self._need_clock()
        fields = [("symbol", symbol), ("origClientOrderId", client_id)]
        return await self._once("DELETE", "/fapi/v1/order", fields, SeenOrder, self._limits.light, reduces=True)

    async def order(self, symbol: str, client_id: str) -> SeenOrder:
        fields = [("symbol", symbol), ("origClientOrderId", client_id)]
        return await self._asked("/fapi/v1/order", fields, SeenOrder, self._limits.light, reduces=True)

    async def order_by_number(self, symbol: str, number: int) -> SeenOrder:
        fields = [("symbol", symbol), ("orderId", str(number))]
        return await self._asked("/fapi/v1/order", fields, SeenOrder, self._limits.light)

    async def open_orders(self, symbol: str) -> tuple[SeenOrder, ...]:
        return await self._asked("/fapi/v1/openOrders", [("symbol", symbol)], tuple[SeenOrder, ...], self._limits.light)

    async def trades(self, symbol: str, from_ms: int, until_ms: int) -> tuple[SeenTrade, ...]:
        """Of at most seven days, both ends inclusive. Edge: a full page is not all of them."""
        fields = [("symbol", symbol), *_span(from_ms, until_ms)]
        return await self._asked("/fapi/v1/userTrades", fields, tuple[SeenTrade, ...], self._limits.middle)

    async def incomes(self, kind: str, from_ms: int, until_ms: int) -> tuple[SeenIncome, ...]:
        """As `trades`, of every market."""
        fields = [("incomeType", kind), *_span(from_ms, until_ms)]
        return await self._asked("/fapi/v1/income", fields, tuple[SeenIncome, ...], self._limits.income)

    async def balances(self) -> tuple[SeenBalance, ...]:
        return await self._asked("/fapi/v3/balance", [], tuple[SeenBalance, ...], self._limits.middle)

    async def positions(self) -> tuple[SeenPosition, ...]:
        return await self._asked("/fapi/v3/positionRisk", [], tuple[SeenPosition, ...], self._limits.middle)

    async def account_config(self) -> SeenAccountConfig:
        return await self._asked("/fapi/v1/accountConfig", [], SeenAccountConfig, self._limits.middle)

    async def symbol_configs(self) -> tuple[SeenSymbolConfig, ...]:
        return await self._asked("/fapi/v1/symbolConfig", [], tuple[SeenSymbolConfig, ...], self._limits.middle)

    async def fees(self, symbol: str) -> SeenFees:
        return await self._asked("/fapi/v1/commissionRate", [("symbol", symbol)], SeenFees, self._limits.heavy)

    async def brackets(self, symbol: str) -> tuple[SeenBrackets, ...]:
        """Edge: Binance tells one market as a list or by itself."""
        shape: type[Any] = tuple[SeenBrackets, ...] | SeenBrackets  # type: ignore[assignment]
        told = await self._asked("/fapi/v1/leverageBracket", [("symbol", symbol)], shape, self._limits.light)
        return (told,) if isinstance(told, SeenBrackets) else told

    async def exchange(self) -> SeenExchange:
        target = "/fapi/v1/exchangeInfo"
        return said(await self.connection.send(lambda: Request("GET", target), self._limits.light), SeenExchange)

    async def _asked(
        self, path: str, fields: Pairs, shape: type[T], bucket: TokenBucket, *, reduces: bool = False
    ) -> T:
        """Edge: where Binance says that our time is wrong, its clock is learnt anew and it is asked once more."""
        await self._need_clock()
        try:
            return await self._once("GET", path, fields, shape, bucket, reduces=reduces)
        except VenueRejected as no:
            if no.code not in LATE:
                raise
        await self._need_clock()
        return await self._once("GET", path, fields, shape, bucket, reduces=reduces)

    async def _once(
        self,
        method: str,
        path: str,
        fields: Pairs,
        shape: type[T],
        bucket: TokenBucket,
        *,
        reduces: bool,
        stamped: Stamped | None = None,
    ) -> T:
        try:
            make = partial(self._signed, method, path, fields, stamped)
            answer = await self.connection.send(make, bucket, reduces=reduces)
            return said(answer, shape)
        except VenueRejected as no:
            if no.code in LATE:
                self.connection.offset = ClockOffset()
            raise

    async def _need_clock(self) -> None:
        """Learns Binance's clock where nothing is known of it, to the millisecond."""
        if self.connection.offset.least_ns is not None:
            return
        sent_ns: list[int] = []

        def make() -> Request:
            sent_ns.append(self._clock.now_ns())
            return Request("GET", "/fapi/v1/time")

        told = said(await self.connection.send(make, self._limits.light, reduces=True), SeenTime)
        self.connection.offset.learn(told.server_time * _MS, _MS, sent_ns[0], self._clock.now_ns())

    def _signed(self, method: str, path: str, fields: Pairs, stamped: Stamped | None) -> Request:
        stamp_ms = self.connection.offset.earliest_ns(self._clock.now_ns()) // _MS
        if stamped is not None:
            stamped(stamp_ms * _MS)
        pairs = [*fields, ("recvWindow", str(WINDOW_NS // _MS)), ("timestamp", str(stamp_ms))]
        headers = {"X-MBX-APIKEY": self._keys.access, "Accept": "application/json"}
        return Request(method, f"{path}?{signed_query(self._keys, pairs)}", None, headers)


def _span(from_ms: int, until_ms: int) -> Pairs:
    return [("startTime", str(from_ms)), ("endTime", str(until_ms)), ("limit", str(PAGE))]
