"""What traded at an account whose venue has no list of trades: its orders are listed and each is asked for its own.

Such venues list closed orders by when they were *made*. So that no trade can be missed: orders that are open are listed
first and closed ones second (what closes in between is in both or in the second); what was open and is no more is asked for
by itself, however old it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.failures import NoAnswer
from karb_core.connection.told_fills import fills_of
from karb_core.connection.told_order import ToldOrder, market_of
from karb_core.connection.told_outcome import has_ended
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Fill

Told = TypeVar("Told", bound=ToldOrder)
Tells = TypeVar("Tells", bound=ToldOrder, covariant=True)

_SECOND_NS = 1_000_000_000  # karb: constant because a second has so many ns
#: A list may be a little behind what a single order tells.
_BEHIND_NS = 60 * _SECOND_NS  # karb: constant because it only widens what is asked for, never what is booked
_MOST_ORDERS = 10_000  # karb: constant because it bounds what is remembered, never what is told


class ListsOrders(Protocol[Tells]):
    """A venue's lists of orders. window_ns: how much older than its trades an order may be that is looked for; began_ns:
    nothing traded there before. offset: of the venue's clock.

    opened: all that are open, as of one moment. closed: those made in that time, all of them. one: an order by the venue's
    own name of it, with its trades, None where the venue has wiped it; whole: the same of one that it lists. Errors of all:
    as the connection's; `NoAnswer` where it cannot be proven that these are all; `Unreadable`.
    """

    @property
    def venue(self) -> str: ...
    @property
    def window_ns(self) -> int: ...
    @property
    def began_ns(self) -> int: ...
    @property
    def offset(self) -> ClockOffset: ...
    async def opened(self) -> Sequence[Tells]: ...
    async def closed(self, from_ns: int, until_ns: int) -> Sequence[Tells]: ...
    async def one(self, uuid: str) -> Tells | None: ...
    async def whole(self, uuid: str) -> Tells: ...


@dataclass(slots=True)
class TradeListing(Generic[Told]):
    """Remembers which orders are open and what is known of each trade, so that a look asks for what is new.

    Edge: the first look knows of orders made up to `lists.window_ns` before what is asked for; of one that was made before,
    rested all that time and traded before that look, nothing is listed. karb's own never rest.
    """

    lists: ListsOrders[Told]
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

        Edge: of an order that karb did not make, and whose trades the venue does not tell whole, nothing is listed until it
        does: it holds up nobody else's. Errors: as the client's; `NoAnswer` where it cannot be proven that these are
        all; `Unreadable`.
        """
        second_ns, asked = venue_at_ns - venue_at_ns % _SECOND_NS, self._begun
        async with self._looking:
            if self._served <= asked or self._from_ns is None or self._first(second_ns) < self._from_ns:
                self._begun += 1
                await self._look(second_ns)
                self._served = self._begun
        fills = [f for each in self._fills.values() for f in each if f.venue_at_ns >= second_ns]
        return sorted(fills, key=lambda f: (f.venue_at_ns, f.venue_trade_id))

    def placed(self, uuid: str) -> None:
        """An order of ours that the venue took: a look asks for it by itself where no list shows it yet."""
        self._open.add(uuid)

    async def _look(self, since_ns: int) -> None:
        began_ns, before = self.now_ns(), frozenset(self._open)
        opened = await self.lists.opened()
        closed = {o.uuid: o for o in await self._closed(since_ns)}
        is_open = {o.uuid for o in opened}
        gone = [o for uuid in sorted(before - is_open - closed.keys()) if (o := await self.lists.one(uuid)) is not None]
        untold = [o.uuid for o in (*opened, *closed.values(), *gone) if not await self._learn(o)]
        # What was placed meanwhile is for the next look.
        self._open = (self._open - before) | is_open | {o.uuid for o in gone if not has_ended(o)} | set(untold)
        self._note(self._first(since_ns), began_ns)

    def _note(self, first_ns: int, began_ns: int) -> None:
        """After a look that began then. What was made before it, as far as lists may be behind, was open and is followed
        from now on, or had closed and is listed by the time that lists have caught up."""
        if self._from_ns is None:
            self._sure_ns = first_ns
        if self._from_ns is None or began_ns >= self._sure_from_ns:
            self._sure_ns = max(self._sure_ns, self._soon_sure_ns)
            self._soon_sure_ns = self.lists.offset.earliest_ns(began_ns) - _BEHIND_NS
            self._sure_from_ns = began_ns + _BEHIND_NS
        self._from_ns = first_ns if self._from_ns is None else min(self._from_ns, first_ns)
        if len(self._fills) > _MOST_ORDERS:
            self._forget(first_ns)

    async def _learn(self, seen: Told) -> bool:
        """Its trades, asked for where there are any that are not known; False where they are to be asked for again."""
        known = self._fills.get(seen.uuid, ())
        if seen.uuid in self._ended or not seen.executed_volume or not self._is_of_ours(seen):
            return True
        if not has_ended(seen) and exact.total(f.amount.value for f in known) == seen.executed_volume:
            return True
        whole = seen if seen.trades is not None else await self.lists.whole(seen.uuid)
        fills = self._told(whole, known)
        if fills is None:
            return False
        self._fills[seen.uuid] = fills
        if has_ended(whole):
            self._ended.add(seen.uuid)
        return True

    def _told(self, whole: Told, known: tuple[Fill, ...]) -> tuple[Fill, ...] | None:
        """Errors: `NoAnswer` and `Unreadable` for an order of karb's form: nothing of ours may be passed over."""
        ours = whole.identifier is not None and OrderId.read(whole.identifier) is not None
        try:
            fills = fills_of(self.lists.venue, whole, {f.venue_trade_id: f for f in known}, self.now_ns())
        except Unreadable:
            if ours:
                raise
            return None
        if fills is None and ours:
            raise NoAnswer(f"{self.lists.venue} has not listed every trade of {whole.identifier} yet")
        return fills

    async def _closed(self, since_ns: int) -> Sequence[Told]:
        """Those of which not everything is known yet, and where it is asked for more than ever, those that are older."""
        first_ns = self._first(since_ns)
        until_ns = self.lists.offset.latest_ns(self.now_ns())
        if self._from_ns is None:
            return await self.lists.closed(first_ns, until_ns)
        newer = await self.lists.closed(self._sure_ns, until_ns)
        older = await self.lists.closed(first_ns, self._from_ns) if first_ns < self._from_ns else []
        return [*older, *newer]

    def _is_of_ours(self, seen: Told) -> bool:
        return seen.market in {market_of(instrument) for instrument in self.instruments}

    def _forget(self, before_ns: int) -> None:
        """Lets go of what traded before; where somebody asks for it after all, it is listed anew."""
        old = [u for u in self._ended if all(f.venue_at_ns < before_ns for f in self._fills[u])]
        for uuid in old:
            del self._fills[uuid]
        self._ended.difference_update(old)
        self._from_ns = before_ns

    def _first(self, since_ns: int) -> int:
        """Orders made before that are not looked for: one that was made earlier has traded by then, or is open."""
        return max(since_ns - self.lists.window_ns, self.lists.began_ns)
