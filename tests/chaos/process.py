"""One life of karb in an episode: the real engine over the real ledger and the wires, from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxRate, Top
from karb_core.engine.agreement import Agreement
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.leg_rules import Rung
from karb_core.engine.strategy import Strategy
from karb_core.errors import LedgerUnusable
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import Executor, MarketView, Moment
from karb_core.wiring.restart import before
from karb_core.wiring.virtual_clock import VirtualClock
from tests.chaos.boundaries import Boundaries, CutExecutor, CutJournal
from tests.chaos.market import Market
from tests.chaos.places import NEAR
from tests.chaos.rates import Rates
from tests.chaos.trader import FACTS, LEGS, PAIR

MARK = "m1"


class Phase(StrEnum):
    """Where a desk stands when something befalls it."""

    BEFORE_PLACE = "before place"
    PLACED = "placed"
    PARTIAL = "partial"
    UNWINDING = "unwinding"
    EXITING = "exiting"
    AT_REST = "at rest"


@dataclass
class Process:
    """`look_every_ns` is how often the venues are asked what else happened."""

    strategy: Strategy
    ledger: Ledger
    account: str
    market: Market
    clock: VirtualClock
    wires: Mapping[str, Executor]
    boundaries: Boundaries
    tell: Callable[[str, Any], None]
    inventory: Holdings
    started_ns: int
    rates: Rates
    storage: Callable[[], None]
    desk: Desk = field(init=False)
    tasks: set[asyncio.Task[Any]] = field(init=False, default_factory=set)
    ready: bool = field(init=False, default=False)

    def start(self) -> None:
        whose = Whose(self.account, self.strategy.terms.strategy)
        was = before(self.ledger, whose, self.inventory, FACTS, self.strategy.legs)
        run = Run.started(
            strategy=self.strategy.terms.strategy, account=self.account, mode="paper", rules_digest="r",
            assumptions_digest="a", started_at_ns=self.clock.world_ns(),
        )  # fmt: skip
        journal: Any = CutJournal(self.ledger.begin(run, self.clock.now_ns()), self.boundaries, self.tell, self.storage)
        executors: dict[str, Any] = {v: CutExecutor(wire, self.boundaries) for v, wire in self.wires.items()}
        driver = Driver(
            executors, journal, self.clock, was.books, FACTS, self.strategy.legs, MARK, self.tops
        )  # fmt: skip
        self.desk = Desk(self.strategy, was.books, driver, journal, agreement=Agreement())
        was.into(self.desk)
        self._watch = CatchingUp(self.desk, executors, dict.fromkeys(executors, self.started_ns))
        self._spawn(self._begin(was.unfinished))

    async def _begin(self, unfinished: Any) -> None:
        await self.desk.recover(unfinished, self.view())
        await self.look_now()
        self.ready = True

    def tops(self) -> dict[Instrument, Top]:
        """As a feed tells them: stamped by the venue's clock, and received by ours."""
        now, off = self.clock.world_ns(), self.clock.now_ns() - self.clock.world_ns()
        found = {i: self.market.told(i, now).top() for i in LEGS}
        return {i: replace(t, received_at_ns=t.venue_at_ns + off) for i, t in found.items() if t is not None}

    def moment(self) -> Moment:
        tops = self.tops()
        return Moment(PAIR, self.clock.now_ns(), {}, LEGS, tuple(tops[i] for i in LEGS), self._rates())

    def view(self) -> MarketView:
        return MarketView(self.clock.now_ns(), self.tops(), self._rates(), {}, {})

    def _rates(self) -> dict[str, FxRate]:
        return self.rates.seats(self.clock.world_ns())

    def think(self) -> None:
        """Hands the desk the moment, unless it is still at the last one."""
        if self.ready and not self.desk.busy(PAIR):
            self._spawn(self.desk.take(*self._now(), self._now))

    def _now(self) -> tuple[Moment, MarketView]:
        return self.moment(), self.view()

    def look(self) -> None:
        if self.ready:
            self._spawn(self.look_now())

    def stop(self, strength: Halt, acknowledged: Callable[[], None]) -> None:
        """The owner says stop from elsewhere."""

        async def told() -> None:
            with suppress(LedgerUnusable):  # not written, so not acknowledged: whoever said it hears that
                await self.desk.stop(strength, "by hand", "the owner", self.clock.now_ns())
                acknowledged()

        self._spawn(told())

    def write(self) -> None:
        async def idly() -> None:
            self.boundaries.idle = True
            await self.desk.write(self.clock.now_ns())  # in virtual time nobody else is heard meanwhile
            self.boundaries.idle = False

        self._spawn(idly())

    async def look_now(self) -> None:
        """Asks the venues what else happened."""
        await self._watch.look(lambda: ((self.moment(),), self.view()))

    def idle(self) -> bool:
        return self.ready and not self.desk.busy(PAIR)

    def phase(self) -> Phase:
        """Edge: the first order of a way out leaves a desk at rest."""
        working = list(self.desk.carrier.reserved)
        if not working:
            return Phase.AT_REST if self.desk.books.open_lots() else Phase.BEFORE_PLACE
        sent = self.desk.driver.of_intent(working[0])
        if working[0] not in self.desk.books.lots:
            return Phase.EXITING if any(s.outcome is not None for s in sent) else Phase.AT_REST
        if all(s.outcome is None for s in sent) and len(sent) < len(LEGS) * 2 and not any(s.step >= 0 for s in sent):
            return Phase.BEFORE_PLACE if not sent else Phase.PLACED
        rungs = self.strategy.legs.ladder
        if any(s.step >= 0 and rungs[s.step].rung is Rung.UNWIND for s in sent):
            return Phase.UNWINDING
        return Phase.PARTIAL if any(s.filled for s in sent) else Phase.PLACED

    def intent(self) -> str | None:
        """What is being carried out."""
        return next(iter(self.desk.carrier.reserved), None)

    def finished(self) -> list[BaseException]:
        """What tasks ended with, and forgets them."""
        done = {task for task in self.tasks if task.done()}
        self.tasks -= done
        return [e for task in done if not task.cancelled() and (e := task.exception()) is not None]

    async def kill(self) -> None:
        """Everything of this process stops where it stands; what left it goes on its way."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()

    def _spawn(self, work: Any) -> None:
        self.tasks.add(asyncio.get_running_loop().create_task(work))


def inventory(coins: str = "0.25") -> Holdings:
    from decimal import Decimal

    return Holdings({Account(NEAR.venue, NEAR.base): Decimal(coins)})
