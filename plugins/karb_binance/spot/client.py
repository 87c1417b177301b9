"""Spot's endpoints: one method each. Errors of all: as `SignedCalls`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

from karb_binance.signed_calls import SignedCalls, Stamped
from karb_binance.spot.facts import Information
from karb_binance.spot.limits import Limits
from karb_binance.spot.wire import SeenAccount, SeenCancelled, SeenCommission, SeenSpotOrder, SeenSpotTrade
from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.fields import Pairs
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.keys import Keys
from karb_core.connection.waiting import Waits

PAGE = 1000  # karb: constant because Binance lists so many trades at once, and no more
#: A new order that Binance refuses: its text says why.
_REFUSED, _COPY = "-2010", "Duplicate order sent."
_ORDER = "/api/v3/order"


class SpotClient:
    """Private and public calls of one account."""

    def __init__(self, connection: HttpConnection, keys: Keys, clock: Waits) -> None:
        self.connection = connection
        self._limits = Limits()
        self._calls = SignedCalls(connection, keys, clock, "/api/v3/time", self._limits.light)
        self._asked = self._calls.asked

    async def place(self, fields: Pairs, stamped: Stamped, *, reduces: bool) -> SeenSpotOrder:
        """Edge: that an order of this id is there already says that a copy of this request came first: no answer."""
        try:
            return await self._calls.placed(_ORDER, fields, SeenSpotOrder, self._limits.order, stamped, reduces=reduces)
        except VenueRejected as no:
            if (no.code, no.message) == (_REFUSED, _COPY):
                raise NoAnswer(str(no)) from None
            raise

    async def cancel(self, symbol: str, client_id: str) -> SeenCancelled:
        fields = [("symbol", symbol), ("origClientOrderId", client_id)]
        return await self._calls.cancelled(_ORDER, fields, SeenCancelled, self._limits.light)

    async def order(self, symbol: str, client_id: str) -> SeenSpotOrder:
        fields = [("symbol", symbol), ("origClientOrderId", client_id)]
        return await self._asked(_ORDER, fields, SeenSpotOrder, self._limits.light, reduces=True)

    async def order_by_number(self, symbol: str, number: int) -> SeenSpotOrder:
        fields = [("symbol", symbol), ("orderId", str(number))]
        return await self._asked(_ORDER, fields, SeenSpotOrder, self._limits.light)

    async def open_orders(self, symbol: str) -> tuple[SeenSpotOrder, ...]:
        fields = [("symbol", symbol)]
        return await self._asked("/api/v3/openOrders", fields, tuple[SeenSpotOrder, ...], self._limits.middle)

    async def trades_between(self, symbol: str, from_ms: int, until_ms: int) -> tuple[SeenSpotTrade, ...]:
        """Of at most a day, both ends inclusive. Edge: a full page is not all of them."""
        return await self._trades([("symbol", symbol), ("startTime", str(from_ms)), ("endTime", str(until_ms))])

    async def trades_from(self, symbol: str, number: int) -> tuple[SeenSpotTrade, ...]:
        """From that number on, the first page of them."""
        return await self._trades([("symbol", symbol), ("fromId", str(number))])

    async def account(self) -> SeenAccount:
        fields = [("omitZeroBalances", "true")]
        return await self._asked("/api/v3/account", fields, SeenAccount, self._limits.heavy)

    async def commission(self, symbol: str) -> SeenCommission:
        return await self._asked("/api/v3/account/commission", [("symbol", symbol)], SeenCommission, self._limits.heavy)

    async def exchange(self, symbols: Sequence[str]) -> Information:
        asked = urlencode({"symbols": msgspec.json.encode(sorted(symbols)).decode()})
        return await self._calls.public(f"/api/v3/exchangeInfo?{asked}", Information, self._limits.heavy)

    async def _trades(self, fields: Pairs) -> tuple[SeenSpotTrade, ...]:
        paged = [*fields, ("limit", str(PAGE))]
        return await self._asked("/api/v3/myTrades", paged, tuple[SeenSpotTrade, ...], self._limits.heavy)
