"""Upbit's endpoints: one method each. What changes something is sent once; only what never changes is asked again.

Errors of all: `VenueRejected` for Upbit's own no; `NothingSent` and `NoAnswer` as the connection says, the latter also
for every answer that is neither what was asked for nor a no of Upbit's own (an error of the server, a page of something
in between, a word that is not in Upbit's pages).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import uuid4

from karb_core.connection.failures import VenueRejected
from karb_core.connection.fields import Pairs, sent_body, sent_query
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.keys import Keys
from karb_core.connection.request import Answer, Request
from karb_core.connection.said import said
from karb_core.connection.token_bucket import TokenBucket
from karb_core.connection.typed_body import read
from karb_upbit.limits import Limits
from karb_upbit.signing import authorization
from karb_upbit.wire import (
    SeenBalance,
    SeenChance,
    SeenErrorBody,
    SeenKey,
    SeenOrder,
    SeenPrice,
    SeenTick,
)

T = TypeVar("T")

NOT_FOUND = "order_not_found"
OPEN_PAGE = 100  # karb: constant because Upbit lists so many open orders at once, and no more
CLOSED_PAGE = 1000  # karb: constant because Upbit lists so many closed orders at once, and no more
_NOES = frozenset({400, 401, 403, 404, 429, 418})  # karb: constant because Upbit's page of errors has these refusals


class Client:
    """Private and public calls of one account. `nonce`: a fresh one for every request."""

    def __init__(self, connection: HttpConnection, keys: Keys, nonce: Callable[[], str] = lambda: str(uuid4())) -> None:
        self.connection = connection
        self._keys = keys
        self._nonce = nonce
        self._limits = Limits()

    async def place(self, fields: Pairs, *, reduces: bool) -> SeenOrder:
        return await self._changes("POST", "/v1/orders", fields, reduces=reduces)

    async def cancel(self, identifier: str) -> SeenOrder:
        return await self._changes("DELETE", "/v1/order", [("identifier", identifier)], reduces=True)

    async def order(self, identifier: str) -> SeenOrder:
        return await self._asked("/v1/order", [("identifier", identifier)], SeenOrder, reduces=True)

    async def order_by_uuid(self, uuid: str) -> SeenOrder:
        return await self._asked("/v1/order", [("uuid", uuid)], SeenOrder)

    async def open_orders(self, page: int) -> tuple[SeenOrder, ...]:
        """Oldest first, every market. Edge: a full page says that there may be another."""
        fields = [("limit", str(OPEN_PAGE)), ("order_by", "asc"), ("page", str(page))]
        fields += [("states[]", "wait"), ("states[]", "watch")]
        return await self._asked("/v1/orders/open", fields, tuple[SeenOrder, ...])

    async def closed_orders(self, from_ms: int, until_ms: int) -> tuple[SeenOrder, ...]:
        """Those made in that time, at most seven days. Edge: a full page is not all of them."""
        fields = [("end_time", str(until_ms)), ("limit", str(CLOSED_PAGE)), ("order_by", "asc")]
        fields += [("start_time", str(from_ms)), ("states[]", "done"), ("states[]", "cancel")]
        return await self._asked("/v1/orders/closed", fields, tuple[SeenOrder, ...])

    async def accounts(self) -> tuple[SeenBalance, ...]:
        return await self._asked("/v1/accounts", [], tuple[SeenBalance, ...])

    async def chance(self, market: str) -> SeenChance:
        return await self._asked("/v1/orders/chance", [("market", market)], SeenChance)

    async def expiry(self) -> str | None:
        """Until when this account's key is good, in Upbit's words; None where Upbit does not list it."""
        listed = await self._asked("/v1/api_keys", [], tuple[SeenKey, ...])
        return next((key.expire_at for key in listed if key.access_key == self._keys.access), None)

    async def ticks(self, markets: Sequence[str]) -> tuple[SeenTick, ...]:
        return await self._public("/v1/orderbook/instruments", markets, tuple[SeenTick, ...], self._limits.orderbook)

    async def prices(self, markets: Sequence[str]) -> tuple[SeenPrice, ...]:
        return await self._public("/v1/ticker", markets, tuple[SeenPrice, ...], self._limits.ticker)

    async def _changes(self, method: str, path: str, fields: Pairs, *, reduces: bool) -> SeenOrder:
        answer = await self.connection.send(
            lambda: self._signed(method, path, fields), self._limits.order, reduces=reduces
        )
        return said(answer, SeenOrder, _no)

    async def _asked(self, path: str, fields: Pairs, shape: type[T], *, reduces: bool = False) -> T:
        answer = await self.connection.send(
            lambda: self._signed("GET", path, fields), self._limits.default, reduces=reduces
        )
        return said(answer, shape, _no)

    async def _public(self, path: str, markets: Sequence[str], shape: type[T], bucket: TokenBucket) -> T:
        target = f"{path}?{sent_query([('markets', ','.join(markets))])}"
        return said(await self.connection.send(lambda: Request("GET", target), bucket), shape, _no)

    def _signed(self, method: str, path: str, fields: Pairs) -> Request:
        headers = {"Authorization": authorization(self._keys, self._nonce(), fields), "Accept": "application/json"}
        if method == "POST":
            headers["Content-Type"] = "application/json; charset=utf-8"
            return Request(method, path, sent_body(fields), headers)
        return Request(method, f"{path}?{sent_query(fields)}" if fields else path, None, headers)


def _no(answer: Answer) -> VenueRejected | None:
    if answer.status not in _NOES:
        return None
    error = read(answer.body, SeenErrorBody).error
    return VenueRejected(answer.status, str(error.name), error.message)
