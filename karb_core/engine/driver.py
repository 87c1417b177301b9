"""Carries out one intent: each order is written and durable before it is sent, each answer written as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Plan
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Top
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Order, Outcome, TimeInForce, Unknown
from karb_core.engine.books import Books
from karb_core.engine.leg_rules import LegRules
from karb_core.engine.legs import Find, LegsNow, Next, Phase, Place, Sent, next_actions
from karb_core.ports import Clock, Executor, Journal


@dataclass(slots=True)
class Driver:
    """One writer for the legs of a desk. `mark` is the ledger's, in every order id; `tops` gives the latest tops."""

    executors: Mapping[str, Executor]
    journal: Journal
    clock: Clock
    books: Books
    facts: Mapping[Instrument, InstrumentFacts]
    rules: LegRules
    mark: str
    tops: Callable[[], Mapping[Instrument, Top]]
    sent: dict[str, tuple[Sent, ...]] = field(default_factory=dict)

    async def carry_out(self, approved: Approved[Plan]) -> Next:
        """Until nothing is left to do, or the owner's ladder has ended."""
        plan = approved.item
        while True:
            step = next_actions(self._now(plan))
            if step.phase is not Phase.WORKING:
                return step
            if not step.actions:
                await self.clock.sleep_until(step.again_ns)
            for action in step.actions:
                await self._perform(action, approved)
            if any(isinstance(s.outcome, Unknown) for s in self.sent.get(plan.intent_id, ())):
                await self.clock.sleep_until(step.again_ns)

    def _now(self, plan: Plan) -> LegsNow:
        sent = self.sent.get(plan.intent_id, ())
        return LegsNow(plan, sent, self.clock.now_ns(), self.tops(), self.facts, self.rules)

    async def _perform(self, action: Place | Find, approved: Approved[Plan]) -> None:
        plan = approved.item
        if isinstance(action, Find):
            await self._asked(action.order, plan)
            return
        order = self._order(action, plan)
        executor = self.executors[order.instrument.venue]
        self.journal.order(order, self.clock.now_ns())
        await self.journal.durable()
        self._note(plan, Sent(order, action.leg, action.step, self.clock.now_ns(), None, None))
        outcome = await executor.place(approved.carried_by(order))
        self._answer(plan, order, outcome)
        await self._fetch_fills(order, plan)

    async def _asked(self, order: Order, plan: Plan) -> None:
        outcome = await self.executors[order.instrument.venue].find(order)
        self._answer(plan, order, outcome)
        await self._fetch_fills(order, plan)

    async def _fetch_fills(self, order: Order, plan: Plan) -> None:
        """A fill is what the venue booked, not what an answer said: it is asked for, and booked once."""
        sent = next(s for s in self.sent[plan.intent_id] if s.order.id == order.id)
        if not sent.filled:
            return
        for fill in await self.executors[order.instrument.venue].fills_since(sent.sent_ns):
            if fill.order_id == order.id:
                shares = self.books.book_fill(fill, plan)
                if shares is not None:
                    self.journal.fill(fill, shares)

    def _order(self, place: Place, plan: Plan) -> Order:
        instrument = plan.legs[place.leg].instrument
        attempt = sum(s.leg == place.leg for s in self.sent.get(plan.intent_id, ()))
        way_out = plan.proposals[0].lot_ids != () or place.side is not plan.legs[place.leg].side
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
            reduce_only=way_out and self.facts[instrument].margin_asset is not None,
        )

    def _note(self, plan: Plan, sent: Sent) -> None:
        self.sent[plan.intent_id] = (*self.sent.get(plan.intent_id, ()), sent)

    def _answer(self, plan: Plan, order: Order, outcome: Outcome) -> None:
        now = self.clock.now_ns()
        self.journal.outcome(outcome, now)
        self.sent[plan.intent_id] = tuple(
            replace(s, outcome=outcome, answered_ns=now) if s.order.id == order.id else s
            for s in self.sent[plan.intent_id]
        )


