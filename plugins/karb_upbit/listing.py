"""What traded at the account: Upbit has no list of trades, so its orders are listed and each is asked for its own.

Upbit lists closed orders by when they were *made*, seven days at a time and a thousand at most. So that no trade can be
missed: orders that are open are listed first and closed ones second (what closes in between is in both or in the second);
what was open and is no more is asked for by itself, however old it is; a page that is full is split until none is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from karb_core.connection.failures import NoAnswer, VenueRejected
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Fill
from karb_upbit.client import CLOSED_PAGE, NOT_FOUND, OPEN_PAGE, Client
from karb_upbit.fills import fills_of
from karb_upbit.order_words import has_ended
from karb_upbit.wire import SeenOrder, market_of

_MS, _SECOND_NS = 1_000_000, 1_000_000_000  # karb: constant because a millisecond and a second have so many ns
_WINDOW_NS = 7 * 86_400 * _SECOND_NS  # karb: constant because Upbit lists closed orders of seven days at a time
_WINDOW_MS, _SECOND_MS = _WINDOW_NS // _MS, _SECOND_NS // _MS
_OPENED_NS = 1_508_803_200 * _SECOND_NS  # karb: constant because Upbit opened on 2017-10-24, and nothing traded before
#: A list may be a little behind what a single order tells.
_BEHIND_NS = 60 * _SECOND_NS  # karb: constant because it only widens what is asked for, never what is booked
_MOST_ORDERS = 10_000  # karb: constant because it bounds what is remembered, never what is told
_READINGS = 3  # karb: constant because it bounds how often a list that changes meanwhile is read again


@dataclass(slots=True)
class Listing:
    """Remembers which orders are open and what is known of each trade, so that a look asks for what is new.

    Edge: the first look knows of orders up to seven days older than what is asked for; of one that was made before,
    rested all that time and traded before that look, nothing is listed. karb's own never rest.
    """

    client: Client
    instruments: Collection[Instrument]
    now_ns: Callable[[], int]
    _from_ns: int | None = None
    #: Of orders made before the first, everything is known; of those before the second once a look comes after the third.
    _sure_ns: int = 0
    _soon_sure_ns: int = 0
    _sure_from_ns: int = 0
    _open: set[str] = field(default_factory=set)
    _fills: dict[str, tuple[Fill, ...]] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _begun: int = 0
    _served: int = 0

    async def since(self, venue_at_ns: int) -> list[Fill]:
        """Every fill from that second on, oldest first. A look that began after this was asked serves it too.

        Edge: of an order that karb did not make, and whose trades Upbit does not tell whole, nothing is listed until it
        does: it holds up nobody else's. Errors: as the client's; `NoAnswer` where it cannot be proven that these are
        all; `Unreadable`.
        """
        second_ns, asked = venue_at_ns - venue_at_ns % _SECOND_NS, self._begun
        async with self._looking:
            if self._served <= asked or self._from_ns is None or _first(second_ns) < self._from_ns:
                self._begun += 1
                await self._look(second_ns)
                self._served = self._begun
        fills = [f for each in self._fills.values() for f in each if f.venue_at_ns >= second_ns]
        return sorted(fills, key=lambda f: (f.venue_at_ns, f.venue_trade_id))

    def placed(self, uuid: str) -> None:
        """An order of ours that Upbit took: a look asks for it by itself where no list shows it yet."""
        self._open.add(uuid)

    async def open_orders(self) -> list[SeenOrder]:
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

    async def _look(self, since_ns: int) -> None:
        began_ns, before = self.now_ns(), frozenset(self._open)
        opened = await self.open_orders()
        closed = {o.uuid: o for o in await self._closed(since_ns)}
        is_open = {o.uuid for o in opened}
        gone = [o for uuid in sorted(before - is_open - closed.keys()) if (o := await self._one(uuid)) is not None]
        untold = [o.uuid for o in (*opened, *closed.values(), *gone) if not await self._learn(o)]
        # What was placed meanwhile is for the next look.
        self._open = (self._open - before) | is_open | {o.uuid for o in gone if not has_ended(o)} | set(untold)
        self._note(_first(since_ns), began_ns)

    def _note(self, first_ns: int, began_ns: int) -> None:
        """After a look that began then. What was made before it, as far as lists may be behind, was open and is followed
        from now on, or had closed and is listed by the time that lists have caught up."""
        if self._from_ns is None:
            self._sure_ns = first_ns
        if self._from_ns is None or began_ns >= self._sure_from_ns:
            self._sure_ns = max(self._sure_ns, self._soon_sure_ns)
            self._soon_sure_ns = self.client.connection.offset.earliest_ns(began_ns) - _BEHIND_NS
            self._sure_from_ns = began_ns + _BEHIND_NS
        self._from_ns = first_ns if self._from_ns is None else min(self._from_ns, first_ns)
        if len(self._fills) > _MOST_ORDERS:
            self._forget(first_ns)

    async def _learn(self, seen: SeenOrder) -> bool:
        """Its trades, asked for where there are any that are not known; False where they are to be asked for again."""
        known = self._fills.get(seen.uuid, ())
        if seen.uuid in self._ended or not seen.executed_volume or not self._is_of_ours(seen):
            return True
        if not has_ended(seen) and exact.total(f.amount.value for f in known) == seen.executed_volume:
            return True
        whole = seen if seen.trades is not None else await self.client.order_by_uuid(seen.uuid)
        fills = self._told(whole, known)
        if fills is None:
            return False
        self._fills[seen.uuid] = fills
        if has_ended(whole):
            self._ended.add(seen.uuid)
        return True

    def _told(self, whole: SeenOrder, known: tuple[Fill, ...]) -> tuple[Fill, ...] | None:
        """Errors: `NoAnswer` and `Unreadable` for an order of karb's form: nothing of ours may be passed over."""
        ours = whole.identifier is not None and OrderId.read(whole.identifier) is not None
        try:
            fills = fills_of(whole, {f.venue_trade_id: f for f in known}, self.now_ns())
        except Unreadable:
            if ours:
                raise
            return None
        if fills is None and ours:
            raise NoAnswer(f"upbit has not listed every trade of {whole.identifier} yet")
        return fills

    async def _closed(self, since_ns: int) -> list[SeenOrder]:
        """Those of which not everything is known yet, and where it is asked for more than ever, those that are older."""
        first_ns = _first(since_ns)
        until_ns = self.client.connection.offset.latest_ns(self.now_ns())
        if self._from_ns is None:
            return await self._closed_between(first_ns, until_ns)
        newer = await self._closed_between(self._sure_ns, until_ns)
        older = await self._closed_between(first_ns, self._from_ns) if first_ns < self._from_ns else []
        return [*older, *newer]

    async def _closed_between(self, from_ns: int, until_ns: int) -> list[SeenOrder]:
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

    async def _open_pages(self) -> list[SeenOrder]:
        found: list[SeenOrder] = []
        page = 1
        while True:
            listed = await self.client.open_orders(page)
            found += listed
            if len(listed) < OPEN_PAGE:
                return found
            page += 1

    def _is_of_ours(self, seen: SeenOrder) -> bool:
        return seen.market in {market_of(instrument) for instrument in self.instruments}

    async def _one(self, uuid: str) -> SeenOrder | None:
        """What was open and is listed no more; None where Upbit itself has wiped it."""
        try:
            return await self.client.order_by_uuid(uuid)
        except VenueRejected as no:
            if no.code != NOT_FOUND:
                raise
            return None

    def _forget(self, before_ns: int) -> None:
        """Lets go of what traded before; where somebody asks for it after all, it is listed anew."""
        old = [u for u in self._ended if all(f.venue_at_ns < before_ns for f in self._fills[u])]
        for uuid in old:
            del self._fills[uuid]
        self._ended.difference_update(old)
        self._from_ns = before_ns


def _first(since_ns: int) -> int:
    """Orders made before that are not looked for: one that was made earlier has traded by then, or is open."""
    return max(since_ns - _WINDOW_NS, _OPENED_NS)
