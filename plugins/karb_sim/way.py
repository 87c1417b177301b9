"""The way between the desk and one simulated venue: it takes time, and it may not be there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Unknown
from karb_core.domain.statement import Balance, Income, VenuePosition, VenueSilent
from karb_core.ports import Clock
from karb_core.ports.simulated import ConditionsAt
from karb_core.venue.conditions import Conditions
from karb_core.venue.refusals import Refusal
from karb_sim.drawn import falls_on, one_of_two
from karb_sim.venue_over_depth import VenueOverDepth

T = TypeVar("T")


class Way:
    """Fills the executor port for one venue.

    What a request meets is what there is when it arrives, and what an answer says is what there was then. The way is
    looked at when a request leaves, when it arrives and when its answer does: where it is gone meanwhile, the request
    or the answer is lost. Where it is gone from the start nothing is sent, and that is known after the time that a
    request would have travelled. A request that left arrives whatever becomes of the task that sent it.
    """

    def __init__(self, venue: VenueOverDepth, clock: Clock, conditions: ConditionsAt) -> None:
        self._venue = venue
        self._name = venue.book.terms.venue
        self._clock = clock
        self._conditions = conditions
        self._on_the_way: Counter[str] = Counter()
        self._told: dict[str, Filled] = {}
        self._travelling: set[asyncio.Task[Outcome]] = set()

    def remember(self, outcomes: Iterable[Outcome]) -> None:
        """What answers told before a restart."""
        for outcome in outcomes:
            self._remembered(outcome)

    def forget(self) -> None:
        """What answers told of orders that the venue lists no more."""
        self._told = {i: told for i, told in self._told.items() if self._venue.book.outcome_of(i) is not None}

    async def place(self, order: Approved[Order]) -> Outcome:
        """Edge: an id that came before is refused as a duplicate, whatever became of it."""
        item, conditions = order.item, self._now()
        if not conditions.reachable:
            await self._travel(conditions.order_ns)
            return Refusal.UNREACHABLE.of(item, f"no connection to {self._name}: nothing was sent")
        self._on_the_way[item.id] += 1
        travelling = asyncio.ensure_future(self._carry(item, conditions))
        self._travelling.add(travelling)
        travelling.add_done_callback(self._travelling.discard)
        return self._remembered(await asyncio.shield(travelling))

    async def cancel(self, order: Order) -> None:
        """Asks for nothing: no order rests here."""
        with suppress(VenueSilent):
            await self._asked("cancel", lambda: order.id)

    async def find(self, order: Order) -> Outcome:
        try:
            known, travels = await self._asked("find", lambda: self._seen(order))
        except VenueSilent as silent:
            return self._unknown(order, silent.why)
        if known is not None:
            return self._remembered(known)
        if self._venue.book.has_forgotten(order.id):
            return self._unknown(order, f"{self._name} lists {order.id} no more")
        if travels:
            return self._unknown(order, f"{order.id} may still arrive")
        return Refusal.NOT_FOUND.of(order, f"{order.id} never came")

    async def open_orders(self) -> Sequence[Order]:
        return await self._asked("open_orders", lambda: ())

    async def balances(self) -> Mapping[Account, Balance]:
        return await self._asked("balances", self._venue.book.balances)

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return await self._asked("positions", self._venue.book.positions)

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        return await self._asked("fills_since", lambda: self._venue.book.fills_since(venue_at_ns))

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        return await self._asked("income_since", lambda: self._venue.book.income_since(venue_at_ns))

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._asked("facts", lambda: self._venue.book.terms.facts)

    async def _carry(self, order: Order, left: Conditions) -> Outcome:
        """There and back. `left`: how it was when the order left."""
        try:
            await self._travel(left.order_ns)
        finally:
            self._on_the_way -= Counter({order.id: 1})
        there = self._now()
        if not there.reachable:
            await self._travel(there.answer_ns)
            return self._unknown(order, f"no connection to {self._name}: no answer came")
        outcome = self._arrives(order, there)
        await self._travel(there.answer_ns)
        if not self._now().reachable:
            return self._unknown(order, f"no connection to {self._name}: no answer came")
        return outcome

    def _arrives(self, order: Order, there: Conditions) -> Outcome:
        """What the answer will say. After an error of the venue's own nobody knows whether it carried the order out."""
        if falls_on("server_error", order.id, there.server_errors):
            if one_of_two("carried_out", order.id):
                self._venue.arrives(order, there, self._clock.now_ns())
            return self._unknown(order, f"{self._name} answered with an error of its own")
        if falls_on("reject", order.id, there.rejects):
            return Refusal.BUSY.of(order, f"{self._name} takes no more orders now")
        return self._venue.arrives(order, there, self._clock.now_ns())

    def _seen(self, order: Order) -> tuple[Outcome | None, bool]:
        """What the venue knows of an order, and whether one with its id may still come."""
        return self._venue.book.outcome_of(order.id), self._on_the_way[order.id] > 0

    async def _asked(self, what: str, look: Callable[[], T]) -> T:
        """What is seen there when the question arrives. Errors: `VenueSilent` where it, or its answer, is lost."""
        left = self._now()
        await self._travel(left.order_ns)
        there = self._now()
        if not (left.reachable and there.reachable):
            raise VenueSilent(self._name, what, "no connection")
        seen = look()
        await self._travel(there.answer_ns)
        if not self._now().reachable:
            raise VenueSilent(self._name, what, "no answer came")
        return seen

    async def _travel(self, lasts_ns: int) -> None:
        arrives_ns = self._clock.now_ns() + lasts_ns
        while self._clock.now_ns() < arrives_ns:
            await self._clock.sleep_until(arrives_ns)

    def _now(self) -> Conditions:
        return self._conditions(self._name, self._clock.now_ns())

    def _remembered(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Filled):
            self._told[outcome.order.id] = outcome
        return outcome

    def _unknown(self, order: Order, why: str) -> Unknown:
        told = self._told.get(order.id)
        if told is None:
            return Unknown(order, why, Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote))
        return Unknown(order, why, told.filled, told.cost)
