"""Bithumb's endpoints: one method each. What changes something is sent once; only what never changes is asked again.

Errors of all: `VenueRejected` for Bithumb's own no; `NothingSent` and `NoAnswer` as the connection and `said` say. The
versions of paths are mixed as Bithumb mixes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import uuid4

from karb_bithumb.limits import Limits
from karb_bithumb.said import LATE, said
from karb_bithumb.signing import authorization, stamp_ms
from karb_bithumb.wire import SeenBalance, SeenChance, SeenKey, SeenOrder, SeenPage, SeenPrice, SeenTaken
from karb_core.connection.failures import VenueRejected
from karb_core.connection.fields import Pairs, sent_body, sent_query
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.keys import Keys
from karb_core.connection.request import Request
from karb_core.connection.waiting import Waits

T = TypeVar("T")

_OPEN_PAGE = "100"  # karb: constant because Bithumb lists so many open orders at once, and no more
_CLOSED_PAGE = "1000"  # karb: constant because Bithumb lists so many closed orders at once, and no more


class Client:
    """Private and public calls of one account. `nonce`: a fresh one for every request."""

    def __init__(
        self, connection: HttpConnection, keys: Keys, clock: Waits, nonce: Callable[[], str] = lambda: str(uuid4())
    ) -> None:
        self.connection = connection
        self._keys = keys
        self._clock = clock
        self._nonce = nonce
        self._limits = Limits()

    async def place(self, fields: Pairs, *, reduces: bool) -> SeenTaken:
        return await self._changes("POST", "/v2/orders", fields, reduces=reduces)

    async def cancel(self, client_id: str) -> SeenTaken:
        return await self._changes("DELETE", "/v2/order", [("client_order_id", client_id)], reduces=True)

    async def order(self, client_id: str) -> SeenOrder:
        return await self._asked("/v1/order", [("client_order_id", client_id)], SeenOrder, reduces=True)

    async def order_by_uuid(self, uuid: str) -> SeenOrder:
        return await self._asked("/v1/order", [("uuid", uuid)], SeenOrder)

    async def pending(self, market: str, state: str, next_key: str | None) -> SeenPage:
        """Of one market and one state, oldest first. `next_key`: of the part before."""
        fields = [("market", market), ("state", state), ("limit", _OPEN_PAGE), ("order_by", "asc")]
        return await self._page("/v2/orders/pending", fields, next_key)

    async def history(self, market: str, state: str, from_ms: int, until_ms: int, next_key: str | None) -> SeenPage:
        """As `pending`, made in that time, at most seven days."""
        fields = [("market", market), ("state", state), ("start_time", str(from_ms)), ("end_time", str(until_ms))]
        return await self._page("/v2/orders/history", [*fields, ("limit", _CLOSED_PAGE)], next_key)

    async def accounts(self) -> tuple[SeenBalance, ...]:
        return await self._asked("/v1/accounts", [], tuple[SeenBalance, ...])

    async def chance(self, market: str) -> SeenChance:
        return await self._asked("/v1/orders/chance", [("market", market)], SeenChance)

    async def expiry(self) -> str | None:
        """Until when this account's key is good, in Bithumb's words; None where Bithumb does not list it."""
        listed = await self._asked("/v1/api_keys", [], tuple[SeenKey, ...])
        return next((key.expire_at for key in listed if key.access_key == self._keys.access), None)

    async def prices(self, markets: Sequence[str]) -> tuple[SeenPrice, ...]:
        target = f"/v1/ticker?{sent_query([('markets', ','.join(markets))])}"
        answer = await self.connection.send(lambda: Request("GET", target), self._limits.public)
        return said(answer, tuple[SeenPrice, ...])

    async def _page(self, path: str, fields: Pairs, next_key: str | None) -> SeenPage:
        return await self._asked(path, [*fields, *([] if next_key is None else [("next_key", next_key)])], SeenPage)

    async def _changes(self, method: str, path: str, fields: Pairs, *, reduces: bool) -> SeenTaken:
        answer = await self.connection.send(
            lambda: self._signed(method, path, fields), self._limits.order, reduces=reduces
        )
        return said(answer, SeenTaken)

    async def _asked(self, path: str, fields: Pairs, shape: type[T], *, reduces: bool = False) -> T:
        """Edge: where Bithumb says that our time is old, its answer has told its own, and it is asked once more."""
        try:
            return await self._once(path, fields, shape, reduces=reduces)
        except VenueRejected as no:
            if no.code != LATE:
                raise
        return await self._once(path, fields, shape, reduces=reduces)

    async def _once(self, path: str, fields: Pairs, shape: type[T], *, reduces: bool) -> T:
        answer = await self.connection.send(
            lambda: self._signed("GET", path, fields), self._limits.default, reduces=reduces
        )
        return said(answer, shape)

    def _signed(self, method: str, path: str, fields: Pairs) -> Request:
        at_ms = stamp_ms(self._clock.now_ns(), self.connection.offset)
        token = authorization(self._keys, self._nonce(), at_ms, fields)
        headers = {"Authorization": token, "Accept": "application/json"}
        if method == "POST":
            headers["Content-Type"] = "application/json; charset=utf-8"
            return Request(method, path, sent_body(fields), headers)
        return Request(method, f"{path}?{sent_query(fields)}" if fields else path, None, headers)
