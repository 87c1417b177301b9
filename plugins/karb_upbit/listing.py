"""Upbit's lists of orders: closed ones seven days at a time and a thousand at most, by when they were made.

A page that is full is split until none is. Source: Upbit's pages on open and closed orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_upbit.client import CLOSED_PAGE, NOT_FOUND, OPEN_PAGE, Client
from karb_upbit.codes import VENUE
from karb_upbit.wire import SeenOrder

_MS, _SECOND_NS = 1_000_000, 1_000_000_000  # karb: constant because a millisecond and a second have so many ns
_WINDOW_NS = 7 * 86_400 * _SECOND_NS  # karb: constant because Upbit lists closed orders of seven days at a time
_WINDOW_MS, _SECOND_MS = _WINDOW_NS // _MS, _SECOND_NS // _MS
_OPENED_NS = 1_508_803_200 * _SECOND_NS  # karb: constant because Upbit opened on 2017-10-24, and nothing traded before
_READINGS = 3  # karb: constant because it bounds how often a list that changes meanwhile is read again


@dataclass(frozen=True, slots=True)
class Listing:
    """`ListsOrders`."""

    client: Client
    venue: ClassVar[str] = VENUE
    window_ns: ClassVar[int] = _WINDOW_NS
    began_ns: ClassVar[int] = _OPENED_NS

    @property
    def offset(self) -> ClockOffset:
        return self.client.connection.offset

    async def opened(self) -> list[SeenOrder]:
        """Errors: `NoAnswer` where pages do not agree with each other, for orders come and go meanwhile."""
        before = await self._open_pages()
        if len(before) < OPEN_PAGE:
            return before
        for _ in range(_READINGS):
            now = await self._open_pages()
            if {o.uuid for o in now} == {o.uuid for o in before}:
                return now
            before = now
        raise NoAnswer("the open orders changed while they were listed")

    async def closed(self, from_ns: int, until_ns: int) -> list[SeenOrder]:
        found: list[SeenOrder] = []
        spans = [(from_ns // _MS, -(-until_ns // _MS))]
        while spans:
            begin, end = spans.pop()
            if end - begin > _WINDOW_MS:
                spans += [(begin, end - _WINDOW_MS), (end - _WINDOW_MS, end)]
                continue
            page = await self.client.closed_orders(begin, end)
            if len(page) < CLOSED_PAGE:
                found += page
            elif end - begin <= _SECOND_MS:
                raise NoAnswer("more orders in one second than upbit lists")
            else:
                middle = (begin + end) // 2
                spans += [(begin, middle), (middle, end)]
        return found

    async def one(self, uuid: str) -> SeenOrder | None:
        """What was open and is listed no more; None where Upbit itself has wiped it."""
        try:
            return await self.whole(uuid)
        except VenueRejected as no:
            if no.code != NOT_FOUND:
                raise
            return None

    async def whole(self, uuid: str) -> SeenOrder:
        return await self.client.order_by_uuid(uuid)

    async def _open_pages(self) -> list[SeenOrder]:
        found: list[SeenOrder] = []
        page = 1
        while True:
            listed = await self.client.open_orders(page)
            found += listed
            if len(listed) < OPEN_PAGE:
                return found
            page += 1
