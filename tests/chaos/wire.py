"""The way between karb and one venue's truth: it takes time, and it fails by script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Unknown
from karb_core.domain.statement import Balance, Income, VenuePosition, VenueSilent
from karb_core.venue.refusals import Refusal
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import VirtualLoop
from tests.chaos.faults import Fault, Faults, Verb
from tests.chaos.truth import Sent, Stated, Truth

T = TypeVar("T")

_MS = 1_000_000
_CUT = (Fault.PARTIAL, Fault.DONE_THOUGH_PARTIAL)
_LAG = (Fault.BALANCES_LAG, Fault.FILLS_LAG)
_EITHER_COPY: Mapping[Fault | None, tuple[Refusal, ...]] = {Fault.REQUEST_TWICE: (Refusal.OUT_OF_WINDOW,)}
_UNHEARD = (Fault.READ_LOST, Fault.CANCEL_LOST)


@dataclass(frozen=True, slots=True)
class Travel:
    """How long things take, each drawn between two bounds. Unit: ns.

    `late`: of a request that is delivered after its sender gave up at `timeout`. `lag`: by how much a statement that
    lags is older than the truth.
    """

    order: tuple[int, int] = (20 * _MS, 120 * _MS)
    answer: tuple[int, int] = (20 * _MS, 120 * _MS)
    timeout: int = 1_000 * _MS
    late: tuple[int, int] = (1_001 * _MS, 8_000 * _MS)
    lag: tuple[int, int] = (500 * _MS, 3_000 * _MS)


class Wire:
    """Fills the executor port for one venue.

    A request that left arrives or not whatever becomes of the task that sent it, so a karb that is killed leaves its
    requests on the way. `nudge` is called when word of an order's fills would come by a private stream, even where
    the answer itself was lost.
    """

    def __init__(
        self,
        truth: Truth,
        venue: str,
        clock: VirtualClock,
        faults: Faults,
        travel: Travel | None = None,
        nudge: Callable[[], None] | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self._loop = loop
        self._truth = truth
        self._venue = venue
        self._book = truth.books[venue]
        self._clock = clock
        self._faults = faults
        self._travel = travel or Travel()
        self._nudge = nudge
        self._opened_ns = clock.now_ns()
        self._stamps: dict[str, int] = {}
        self._known: dict[str, Filled] = {}
        self._received: dict[str, Fill] = {}

    async def place(self, order: Approved[Order]) -> Outcome:
        item = order.item
        fault = self._faults.next(Verb.PLACE, self._loop.now_ns())
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        if fault is Fault.NOT_SENT or self._is_down():
            self._later(self._travel.order, _give, answer, Refusal.UNREACHABLE.of(item, "no connection: nothing sent"))
        else:
            self._send(item, fault, answer)
        return self._remembered(await answer)

    async def cancel(self, order: Order) -> None:
        with suppress(VenueSilent):
            await self._ask(Verb.CANCEL, lambda at_ns, _: self._truth.ask("cancel", order, at_ns))

    async def find(self, order: Order) -> Outcome:
        try:
            return self._remembered(await self._ask(Verb.FIND, lambda at_ns, _: self._found(order, at_ns)))
        except VenueSilent as silent:
            return self._unknown(order, silent.why)

    async def open_orders(self) -> Sequence[Order]:
        return await self._ask(Verb.OTHER, lambda *_: ())

    async def balances(self) -> Mapping[Account, Balance]:
        return (await self._ask(Verb.STATEMENT, self._stated)).balances

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return (await self._ask(Verb.STATEMENT, self._stated)).positions

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        listed = await self._ask(Verb.FILLS, lambda at_ns, fault: self._listed(venue_at_ns, at_ns, fault))
        now = self._clock.now_ns()
        return [self._received.setdefault(f.venue_trade_id, replace(f, received_at_ns=now)) for f in listed]

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        return await self._ask(Verb.OTHER, lambda *_: self._book.income_since(venue_at_ns))

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return await self._ask(Verb.OTHER, lambda *_: self._book.terms.facts)

    def _send(self, order: Order, fault: Fault | None, answer: asyncio.Future[Outcome]) -> None:
        stamp = self._stamps[order.id] = self._clock.now_ns()
        self._truth.sent.append(Sent(stamp, order))
        way = self._travel.late if fault is Fault.REQUEST_LATE else self._travel.order
        for _ in range(self._copies(fault)):
            self._later(way, self._arrives, order, stamp, fault, answer)
        if fault is Fault.SERVER_ERROR:
            self._later(
                self._travel.answer, _give, answer, self._unknown(order, "the venue told of an error of its own")
            )
        self._later(self._travel.timeout, _give, answer, self._unknown(order, "no answer in time"))

    def _copies(self, fault: Fault | None) -> int:
        """How often a request arrives. After a venue's own error nobody knows whether it did."""
        if fault is Fault.SERVER_ERROR:
            return self._faults.between((0, 1))
        return {Fault.REQUEST_LOST: 0, Fault.REQUEST_TWICE: 2}.get(fault, 1) if fault else 1

    def _arrives(self, order: Order, stamp: int, fault: Fault | None, answer: asyncio.Future[Outcome]) -> None:
        if self._is_down():
            return
        at_ns = self._loop.now_ns()
        self._open_or_suspend(order.instrument, at_ns)
        if fault in _CUT:
            part = self._faults.part(order.amount.value, self._book.terms.facts[order.instrument].amount_step)
            self._truth.offers(order.instrument, at_ns).leave(order.side, part)
        outcome = self._truth.arrive(order, stamp, at_ns)
        if self._nudge and isinstance(outcome, Filled) and outcome.filled.value:
            self._later(self._travel.answer, self._nudge)
        if fault not in (Fault.ANSWER_LOST, Fault.SERVER_ERROR):
            self._later(self._travel.answer, _give, answer, self._told(outcome, fault))

    def _told(self, outcome: Outcome, fault: Fault | None) -> Outcome:
        """What the answer says. A refusal of one copy is no proof that the other is dead; a partial fill is told as
        the beginning of one, unless the venue calls it done."""
        if isinstance(outcome, Rejected) and outcome.code in (Refusal.DUPLICATE, *_EITHER_COPY.get(fault, ())):
            return self._unknown(outcome.order, outcome.message)
        if fault is Fault.PARTIAL and isinstance(outcome, Filled):
            return replace(outcome, final=outcome.filled == outcome.order.amount)
        return outcome

    def _found(self, order: Order, at_ns: int) -> Outcome:
        self._truth.ask("find", order, at_ns)
        known = self._truth.outcome_of(order)
        if known is not None:
            return known
        # What this wire did not send, one before it did: no later than it was opened.
        stamp = self._stamps.get(order.id, self._opened_ns)
        if self._truth.window.is_over(stamp, at_ns):
            return Refusal.NOT_FOUND.of(order, f"{order.id} never came, and would be refused by now")
        return self._unknown(order, f"{order.id} is not known yet, and may still arrive")

    def _stated(self, at_ns: int, fault: Fault | None) -> Stated:
        return self._truth.stated(self._venue, self._as_of(at_ns, fault))

    def _listed(self, since_ns: int, at_ns: int, fault: Fault | None) -> list[Fill]:
        until = self._as_of(at_ns, fault)
        fills = [fill for fill in self._book.fills_since(since_ns) if fill.venue_at_ns <= until]
        if fault is Fault.FILLS_SPLIT:
            return fills[:-1]
        return [fill for fill in fills for _ in range(2)] if fault is Fault.FILLS_TWICE else fills

    def _as_of(self, at_ns: int, fault: Fault | None) -> int:
        return at_ns - self._faults.between(self._travel.lag) if fault in _LAG else at_ns

    async def _ask(self, verb: Verb, look: Callable[[int, Fault | None], T]) -> T:
        """What the truth shows when the question arrives. Errors: `VenueSilent`."""
        fault = self._faults.next(verb, self._loop.now_ns())
        answer: asyncio.Future[T] = self._loop.create_future()
        if self._is_down():
            self._later(self._travel.order, _fail, answer, VenueSilent(self._venue, verb.value, "no connection"))
        else:
            if fault not in _UNHEARD:
                self._later(self._travel.order, self._looks, look, fault, answer)
            silent = VenueSilent(self._venue, verb.value, "no answer in time")
            self._later(self._travel.timeout, _fail, answer, silent)
        return await answer

    def _looks(self, look: Callable[[int, Fault | None], T], fault: Fault | None, answer: asyncio.Future[T]) -> None:
        if self._is_down():
            return
        self._truth.pass_time(self._loop.now_ns())
        self._later(self._travel.answer, _give, answer, look(self._loop.now_ns(), fault))

    def _remembered(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Filled):
            self._known[outcome.order.id] = outcome
        return outcome

    def _unknown(self, order: Order, why: str) -> Unknown:
        known = self._known.get(order.id)
        if known is None:
            return Unknown(order, why, Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote))
        return Unknown(order, why, known.filled, known.cost)

    def _is_down(self) -> bool:
        return self._faults.is_on(Fault.DOWN, self._loop.now_ns())

    def _open_or_suspend(self, instrument: Instrument, at_ns: int) -> None:
        if self._faults.is_on(Fault.SUSPENDED, at_ns):
            self._book.suspend(instrument)
        else:
            self._book.resume(instrument)

    def _later(self, way: tuple[int, int] | int, then: Callable[..., object], *args: object) -> None:
        after = way if isinstance(way, int) else self._faults.between(way)
        self._loop.call_at_ns(self._loop.now_ns() + after, then, *args)


def _give(answer: asyncio.Future[T], given: T) -> None:
    if not answer.done():
        answer.set_result(given)


def _fail(answer: asyncio.Future[T], error: VenueSilent) -> None:
    if not answer.done():
        answer.set_exception(error)
