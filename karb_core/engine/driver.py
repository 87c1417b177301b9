"""Carries out one intent: each order is written and durable before it is sent, each answer written as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Plan
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Top
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Order, Outcome, TimeInForce
from karb_core.engine.books import Books
from karb_core.engine.leg_rules import LegRules
from karb_core.engine.legs import Find, LegsNow, Next, Phase, Place, Sent, next_actions
from karb_core.ports import Clock, Executor, Journal

_CLOCKS_APART_NS = 60_000_000_000  # karb: constant because it only widens what is asked for, never what is booked


@dataclass(slots=True)
class Driver:
    """One writer for the legs of a desk. `mark` is the ledger's, in every order id; `tops` gives the latest tops.

    unbooked: orders of which a venue told more fills than it listed: the books cannot be right, so nothing new may
    be entered until a person has looked.
    """

    executors: Mapping[str, Executor]
    journal: Journal
    clock: Clock
    books: Books
    facts: Mapping[Instrument, InstrumentFacts]
    rules: LegRules
    mark: str
    tops: Callable[[], Mapping[Instrument, Top]]
    sent: dict[str, tuple[Sent, ...]] = field(default_factory=dict)
    unbooked: list[str] = field(default_factory=list)

    async def carry_out(self, approved: Approved[Plan], decided_at_ns: int) -> Next:
        """Until nothing is left to do, or the owner's ladder has ended. No fill of it is older than its decision."""
        plan = approved.item
        while True:
            step = next_actions(self._now(plan))
            if step.phase is not Phase.WORKING:
                return step
            if not step.actions:
                await self.clock.sleep_until(step.again_ns)
            for action in step.actions:
                await self._perform(action, approved, decided_at_ns)
            if any(not s.over for s in self.sent.get(plan.intent_id, ())):
                await self.clock.sleep_until(step.again_ns)

    def _now(self, plan: Plan) -> LegsNow:
        sent = self.sent.get(plan.intent_id, ())
        return LegsNow(plan, sent, self.clock.now_ns(), self.tops(), self.facts, self.rules)

    async def _perform(self, action: Place | Find, approved: Approved[Plan], since_ns: int) -> None:
        plan = approved.item
        if isinstance(action, Find):
            await self._asked(action.order, plan, since_ns)
            return
        order = self._order(action, plan)
        executor = self.executors[order.instrument.venue]
        self.journal.order(order, self.clock.now_ns())
        await self.journal.durable()
        self._note(plan, Sent(order, action.leg, action.step, self.clock.now_ns(), None, None))
        outcome = await executor.place(approved.carried_by(order))
        self._answer(plan, order, outcome)
        await self._fetch_fills(order, plan, since_ns)

    async def _asked(self, order: Order, plan: Plan, since_ns: int) -> None:
        outcome = await self.executors[order.instrument.venue].find(order)
        self._answer(plan, order, outcome)
        await self._fetch_fills(order, plan, since_ns)

    async def _fetch_fills(self, order: Order, plan: Plan, since_ns: int) -> None:
        """A fill is what the venue booked, not what an answer said: it is asked for, and booked once."""
        told = next(s for s in self.sent[plan.intent_id] if s.order.id == order.id).filled
        if not told:
            return
        listed = Decimal(0)
        # A little before the decision: the venue's clock is not ours.
        for fill in await self.executors[order.instrument.venue].fills_since(since_ns - _CLOCKS_APART_NS):
            if fill.order_id == order.id:
                listed = exact.add(listed, fill.amount.value)
                shares = self.books.book_fill(fill, plan)
                if shares is not None:
                    self.journal.fill(fill, shares)
        if listed != told:
            self.unbooked.append(order.id)

    def _order(self, place: Place, plan: Plan) -> Order:
        instrument = plan.legs[place.leg].instrument
        attempt = sum(s.leg == place.leg for s in self.sent.get(plan.intent_id, ()))
        return Order(
            id=order_id(mark=self.mark, intent_id=plan.intent_id, leg=place.leg, attempt=attempt),
            intent_id=plan.intent_id,
            leg=place.leg,
            instrument=instrument,
            side=place.side,
            amount=instrument.amount(place.amount),
            limit=place.limit,
            cost=None,
            time_in_force=TimeInForce.IOC,
            reduce_only=self._reduces(instrument, place),
        )

    def _reduces(self, instrument: Instrument, place: Place) -> bool:
        """Whether the order only brings our position at the venue nearer to nothing.

        A venue knows one position per instrument: lots of opposite sides net there, and the way out of one of them
        can be the way in for the position.
        """
        if self.facts[instrument].margin_asset is None:
            return False
        held = self.books.holdings.position(instrument).amount
        return exact.mul(held, place.side.sign) < 0 and place.amount <= exact.absolute(held)

    def _note(self, plan: Plan, sent: Sent) -> None:
        self.sent[plan.intent_id] = (*self.sent.get(plan.intent_id, ()), sent)

    def _answer(self, plan: Plan, order: Order, outcome: Outcome) -> None:
        now = self.clock.now_ns()
        self.journal.outcome(outcome, now)
        self.sent[plan.intent_id] = tuple(
            _answered(s, outcome, now) if s.order.id == order.id else s for s in self.sent[plan.intent_id]
        )


def _answered(sent: Sent, outcome: Outcome, now_ns: int) -> Sent:
    """Asking again and again does not move the time from which an open question counts."""
    after = replace(sent, outcome=outcome)
    return after if sent.answered_ns is not None and not after.over else replace(after, answered_ns=now_ns)
