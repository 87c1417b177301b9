"""Carries out one intent: each order is written and durable before it is sent, each answer written as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Plan
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Top
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Fill, Order, Outcome, Rejected, TimeInForce, Unknown
from karb_core.engine.books import Books
from karb_core.engine.leg_rules import LegRules
from karb_core.engine.legs import next_actions, only_ask
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Cancel, Find, Next, Phase, Place
from karb_core.engine.sent import NOT_WRITTEN, Sent
from karb_core.ports import Clock, Executor, Journal

_CLOCKS_APART_NS = 60_000_000_000  # karb: constant because it only widens what is asked for, never what is booked


@dataclass(slots=True)
class Driver:
    """One writer for the legs of each pair. `mark` is the ledger's, in every order id; `tops` gives the latest tops,
    `halt` how much is stopped. `sent`: by intent, every order of it, from earlier runs too, of which the first `lapsed`
    had come to their end before it was decided again; `void`: those of which a venue closed a leg by force on the way,
    so that nothing more of them is placed. `unwritten`: why the ledger last could not be written, None if it can.
    `at_once`: no executor ever waits for anything, so legs that go together go one after the other.
    """

    executors: Mapping[str, Executor]
    journal: Journal
    clock: Clock
    books: Books
    facts: Mapping[Instrument, InstrumentFacts]
    rules: LegRules
    mark: str
    tops: Callable[[], Mapping[Instrument, Top]]
    halt: Callable[[], Halt] = lambda: Halt.NONE
    sent: dict[str, tuple[Sent, ...]] = field(default_factory=dict)
    lapsed: dict[str, int] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)
    unwritten: Exception | None = None
    at_once: bool = False

    async def carry_out(self, approved: Approved[Plan], decided_at_ns: int) -> Next:
        """Until nothing is left to do, or the owner's ladder has ended. No fill of it is older than its decision.

        Edge: what is decided a second time, because its moment is judged again after a restart, begins anew: under
        fresh ids, for those of the first time are spent. What traded then is not open any more, and no part of this.
        """
        intent = approved.item.intent_id
        before = self.sent.get(intent, ())
        if before and all(s.settled for s in before):
            self.lapsed[intent] = len(before)
        return await self.carry_on(approved, decided_at_ns)

    async def carry_on(self, approved: Approved[Plan], decided_at_ns: int) -> Next:
        """As `carry_out`, for what was begun before a restart: it is finished, never begun anew."""
        return await self._until_done(approved, decided_at_ns, next_actions)

    async def settle(self, approved: Approved[Plan], decided_at_ns: int) -> Next:
        """Finds out what became of each order, and books it; places nothing."""
        return await self._until_done(approved, decided_at_ns, only_ask)

    async def ask_on(self, approved: Approved[Plan], decided_at_ns: int) -> None:
        """Asks once about each order of it that is not settled and is due, and books what became of it."""
        now_ns = self.clock.now_ns()
        for sent in self.of_intent(approved.item.intent_id):
            if not sent.settled and now_ns >= sent.ask_at_ns:
                await self._ask(sent.order, approved.item, decided_at_ns)

    async def _until_done(self, approved: Approved[Plan], decided_at_ns: int, steps: Callable[[LegsNow], Next]) -> Next:
        while True:
            now = self._now(approved.item)
            step = only_ask(now) if approved.item.intent_id in self.void else steps(now)
            if step.phase is not Phase.WORKING:
                return step
            if step.actions:
                await self._perform(step.actions, approved, decided_at_ns)
            else:
                await self.clock.sleep_until(step.again_ns)

    def take_up(self, intent_id: str, sent: tuple[Sent, ...]) -> None:
        """Orders of a process that is gone: what became of them is asked from now on."""
        now_ns = self.clock.now_ns()
        self.sent[intent_id] = tuple(s if s.settled else replace(s, taken_up_ns=now_ns) for s in sent)

    def has_traded(self, intent_id: str) -> bool:
        """Whether anything of it is known to have filled, whatever became of that."""
        # karb: constant because of what was never sent nothing traded
        return any(s.filled for s in self.sent.get(intent_id, ()))

    def of_intent(self, intent_id: str) -> tuple[Sent, ...]:
        """Its orders since it was begun last."""
        # karb: constant because of what was decided once nothing has lapsed
        return self.sent.get(intent_id, ())[self.lapsed.get(intent_id, 0) :]

    def forget(self, before_ns: Mapping[Instrument, int], held: Set[str]) -> None:
        """Lets go of intents of which every order is settled and older than that, and of none that is held.

        Edge: what was sent in an instrument of which no such time is known stays.
        """
        for intent in [intent for intent, sent in self.sent.items() if intent not in held and _is_old(sent, before_ns)]:
            del self.sent[intent]
            self.lapsed.pop(intent, None)
            self.void.discard(intent)

    def _now(self, plan: Plan) -> LegsNow:
        sent, halt = self.of_intent(plan.intent_id), self.halt()
        return LegsNow(plan, sent, self.clock.now_ns(), self.tops(), self.facts, self.rules, halt)

    async def _perform(self, actions: Sequence[Place | Find | Cancel], approved: Approved[Plan], since_ns: int) -> None:
        """All of one step at once: orders are made durable together, then every leg's goes without waiting."""
        plan = approved.item
        orders = await self._written([a for a in actions if isinstance(a, Place)], plan)
        durable_ns = self.clock.now_ns()
        work = [self._send(order, approved, since_ns, durable_ns) for order in orders]
        work += [self._ask(a.order, plan, since_ns) for a in actions if isinstance(a, Find)]
        work += [self._cancel(a.order) for a in actions if isinstance(a, Cancel)]
        await _together(work, at_once=self.at_once)

    async def _written(self, places: Sequence[Place], plan: Plan) -> list[Order]:
        """The orders, durable. Edge: what could not be written is not sent, and its id is not used again."""
        orders = []
        for place in places:
            order = self._order(place, plan)
            self.journal.order(order, self.clock.now_ns())
            self._note(plan, Sent(order, place.leg, place.step, self.clock.now_ns(), None, None))
            orders.append(order)
        if not orders:
            return orders
        try:
            await self.journal.durable()
            self.unwritten = None
        except Exception as e:  # noqa: BLE001 - whatever keeps the ledger from being written, nothing is sent
            self.unwritten = e
            for order in orders:
                self._answer(plan, order, Rejected(order, NOT_WRITTEN, _said(e)))
            return []
        return orders

    async def _send(self, order: Order, approved: Approved[Plan], since_ns: int, durable_ns: int) -> None:
        self.journal.sent(order, durable_ns, self.clock.now_ns())
        try:
            outcome = await self.executors[order.instrument.venue].place(approved.carried_by(order))
        except Exception as e:  # noqa: BLE001 - an executor that raises has not said what became of the order
            outcome = _unknown(order, e)
        self._answer(approved.item, order, outcome)
        await self._list_fills(order, approved.item, since_ns)

    async def _ask(self, order: Order, plan: Plan, since_ns: int) -> None:
        before = self._sent(plan, order)
        if not before.over:
            try:
                outcome = await self.executors[order.instrument.venue].find(order)
            except Exception as e:  # noqa: BLE001 - as above: what was known stays known
                outcome = _unknown(order, e, before.outcome)
            self._answer(plan, order, outcome)
        await self._list_fills(order, plan, since_ns)
        self._replace(plan, order, lambda s: s.asked(self.clock.now_ns()))

    async def _cancel(self, order: Order) -> None:
        try:
            await self.executors[order.instrument.venue].cancel(order)
        except Exception:  # noqa: BLE001 - a request that did not arrive is made again with the next question
            return

    async def _list_fills(self, order: Order, plan: Plan, since_ns: int) -> None:
        """A fill is what the venue booked, not what an answer said: it is asked for, and booked once."""
        if self._sent(plan, order).outcome is None:
            return
        fills: Sequence[Fill] = ()
        if not _came_to_nothing(self._sent(plan, order)):
            try:
                # A little before the decision: the venue's clock is not ours.
                fills = await self.executors[order.instrument.venue].fills_since(since_ns - _CLOCKS_APART_NS)
            except Exception:  # noqa: BLE001 - what is not listed is asked for again
                fills = ()
        listed = Decimal(0)
        for fill in {f.venue_trade_id: f for f in fills if f.order_id == order.id}.values():
            listed = exact.add(listed, fill.amount.value)
            shares = self.books.book_fill(fill, plan)
            if shares is not None:
                self.journal.fill(fill, shares)
        now = self.clock.now_ns()
        self._replace(plan, order, lambda s: s.with_listed(listed, now))

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
            reduce_only=self._reduces(instrument, place, plan),
        )

    def _reduces(self, instrument: Instrument, place: Place, plan: Plan) -> bool:
        """Whether the order only brings our position at the venue nearer to nothing.

        A venue knows one position per instrument: lots of opposite sides net there, and the way out of one of them
        can be the way in for the position. What a venue told and did not list yet is part of it.
        """
        if self.facts[instrument].margin_asset is None:
            return False
        held = self.books.holdings.position(instrument).amount
        for s in self.of_intent(plan.intent_id):
            if s.order.instrument == instrument and s.listed is not None:
                held = exact.add(held, exact.mul(exact.sub(s.filled, s.listed), s.order.side.sign))
        return exact.mul(held, place.side.sign) < 0 and place.amount <= exact.absolute(held)

    def _note(self, plan: Plan, sent: Sent) -> None:
        self.sent[plan.intent_id] = (*self.sent.get(plan.intent_id, ()), sent)

    def _sent(self, plan: Plan, order: Order) -> Sent:
        return next(s for s in self.sent[plan.intent_id] if s.order.id == order.id)

    def _answer(self, plan: Plan, order: Order, outcome: Outcome) -> None:
        now = self.clock.now_ns()
        self.journal.outcome(outcome, now)
        self._replace(plan, order, lambda s: s.answered(outcome, now))

    def _replace(self, plan: Plan, order: Order, change: Callable[[Sent], Sent]) -> None:
        self.sent[plan.intent_id] = tuple(change(s) if s.order.id == order.id else s for s in self.sent[plan.intent_id])


def _is_old(sent: Sequence[Sent], before_ns: Mapping[Instrument, int]) -> bool:
    return all(s.settled and s.sent_ns < before_ns.get(s.order.instrument, s.sent_ns) for s in sent)


def _came_to_nothing(sent: Sent) -> bool:
    """A final answer that nothing traded has no fills to ask for."""
    return sent.over and not sent.filled


def _unknown(order: Order, error: Exception, before: Outcome | None = None) -> Unknown:
    if before is None or isinstance(before, Rejected):
        nothing = Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote)
        return Unknown(order, _said(error), *nothing)
    return Unknown(order, _said(error), before.filled, before.cost)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]  # karb: constant because it cuts a shown text


async def _together(work: list[Coroutine[Any, Any, None]], *, at_once: bool) -> None:
    if len(work) > 1 and not at_once:
        await asyncio.gather(*work)
        return
    for one in work:
        await one
