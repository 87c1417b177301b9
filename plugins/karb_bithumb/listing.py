"""Bithumb's lists of orders: of one market and one state each, a part at a time, by a key that the part before tells.

Closed ones are listed seven days at a time. Source: Bithumb's pages on pending orders and on the history of orders.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

from karb_bithumb.client import Client
from karb_bithumb.codes import VENUE
from karb_bithumb.said import NOT_FOUND
from karb_bithumb.wire import SeenListed, SeenOrder, SeenPage
from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NoAnswer, VenueRejected

#: What asks for one part of a list, by the key of the part before.
_Asks = Callable[[str | None], Awaitable[SeenPage]]

_MS, _SECOND_NS = 1_000_000, 1_000_000_000  # karb: constant because a millisecond and a second have so many ns
_WINDOW_NS = 7 * 86_400 * _SECOND_NS  # karb: constant because Bithumb lists closed orders of seven days at a time
_WINDOW_MS = _WINDOW_NS // _MS
_BEGAN_NS = 1_388_534_400 * _SECOND_NS  # karb: constant because nothing of ours is older than 2014: it bounds a search
_READINGS = 3  # karb: constant because it bounds how often a list that changes meanwhile is read again
_PARTS = 1000  # karb: constant because it bounds a list whose keys never end


@dataclass(frozen=True, slots=True)
class Listing:
    """`ListsOrders` of these markets."""

    client: Client
    markets: Collection[str]
    venue: ClassVar[str] = VENUE
    window_ns: ClassVar[int] = _WINDOW_NS
    began_ns: ClassVar[int] = _BEGAN_NS

    @property
    def offset(self) -> ClockOffset:
        return self.client.connection.offset

    async def opened(self) -> list[SeenListed]:
        """Those that wait for a trigger are listed first: what is triggered meanwhile is in both lists.

        Errors: `NoAnswer` where parts of a list do not agree with each other, for orders come and go meanwhile.
        """
        found: dict[str, SeenListed] = {}
        for market in self.markets:
            for state in ("watch", "wait"):
                found |= {seen.uuid: seen for seen in await self._still(market, state)}
        return list(found.values())

    async def closed(self, from_ns: int, until_ns: int) -> list[SeenListed]:
        found: list[SeenListed] = []
        begin_ms, last_ms = from_ns // _MS, -(-until_ns // _MS)
        while begin_ms < last_ms:
            end_ms = min(begin_ms + _WINDOW_MS, last_ms)
            for market in self.markets:
                for state in ("done", "cancel"):
                    found += (await self._parts(self._ended(market, state, begin_ms, end_ms)))[0]
            begin_ms = end_ms
        return found

    async def one(self, uuid: str) -> SeenOrder | None:
        """What was open and is listed no more; None where Bithumb itself has wiped it."""
        try:
            return await self.whole(uuid)
        except VenueRejected as no:
            if no.code != NOT_FOUND:
                raise
            return None

    async def whole(self, uuid: str) -> SeenOrder:
        return await self.client.order_by_uuid(uuid)

    async def _still(self, market: str, state: str) -> list[SeenListed]:
        """A list of one part is of one moment. Where there are several, it is read until two readings agree."""

        def ask(key: str | None) -> Awaitable[SeenPage]:
            return self.client.pending(market, state, key)

        before, parts = await self._parts(ask)
        if parts == 1:
            return before
        for _ in range(_READINGS):
            now, _parts = await self._parts(ask)
            if {o.uuid for o in now} == {o.uuid for o in before}:
                return now
            before = now
        raise NoAnswer("the open orders changed while they were listed")

    def _ended(self, market: str, state: str, begin_ms: int, end_ms: int) -> _Asks:
        return lambda key: self.client.history(market, state, begin_ms, end_ms, key)

    async def _parts(self, ask: _Asks) -> tuple[list[SeenListed], int]:
        """The whole of a list, and in how many parts it came. Errors: `NoAnswer` for a list that does not end."""
        found: list[SeenListed] = []
        keys: set[str | None] = {None}
        key: str | None = None
        while True:
            page = await ask(key)
            found += page.data
            if not page.has_next:
                return found, len(keys)
            key = page.next_key
            if key in keys or len(keys) >= _PARTS:
                raise NoAnswer("a list of bithumb's that does not end")
            keys.add(key)
