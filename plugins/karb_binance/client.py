"""The futures' endpoints: one method each. Errors of all: as `SignedCalls`."""

from __future__ import annotations

from typing import Any

from karb_binance.limits import Limits
from karb_binance.signed_calls import SignedCalls, Stamped
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
    SeenTrade,
)
from karb_core.connection.fields import Pairs
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.keys import Keys
from karb_core.connection.waiting import Waits

PAGE = 1000  # karb: constant because Binance lists so many trades or incomes at once, and no more


class Client:
    """Private and public calls of one account."""

    def __init__(self, connection: HttpConnection, keys: Keys, clock: Waits) -> None:
        self.connection = connection
        self._limits = Limits()
        self._calls = SignedCalls(connection, keys, clock, "/fapi/v1/time", self._limits.light)
        self._asked = self._calls.asked

    async def place(self, fields: Pairs, stamped: Stamped, *, reduces: bool) -> SeenOrder:
        bucket = self._limits.order
        return await self._calls.placed("/fapi/v1/order", fields, SeenOrder, bucket, stamped, reduces=reduces)

    async def cancel(self, symbol: str, client_id: str) -> SeenOrder:
        fields = [("symbol", symbol), ("origClientOrderId", client_id)]
        return await self._calls.cancelled("/fapi/v1/order", fields, SeenOrder, self._limits.light)

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
        return await self._calls.public("/fapi/v1/exchangeInfo", SeenExchange, self._limits.light)


def _span(from_ms: int, until_ms: int) -> Pairs:
    return [("startTime", str(from_ms)), ("endTime", str(until_ms)), ("limit", str(PAGE))]
