"""The real desk over wires to two simulated venues, in virtual time, in a market that stands still."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from karb_core.domain.decisions import Proposal, ProposalKind
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FxRate, Level, Top
from karb_core.domain.orders import Fill
from karb_core.engine.books import Books
from karb_core.engine.carried import Carried
from karb_core.engine.catching_up import CatchingUp
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.ports import MarketView, Moment
from karb_core.venue.request_window import RequestWindow
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from tests.chaos.faults import Fault, Faults, Spell, Verb
from tests.chaos.places import FAR, NEAR, START, accounts
from tests.chaos.process import MARK, inventory
from tests.chaos.rates import Rates
from tests.chaos.stage import EVEN, WINDOW
from tests.chaos.trader import FACTS, LEGS, PAIR, SECOND, TERMS, leg_rules
from tests.chaos.truth import Truth
from tests.chaos.wire import Travel, Wire
from tests.engine.scene import Proposes, Recording, Sizes, Trace, proposal, strategy, target

T = TypeVar("T")

#: What an entry asks for: 0.1 BTC bought near and sold far, at the prices of a calm market.
AMOUNT = Decimal("0.1")
PLANNED = {NEAR: Decimal(95_000_000), FAR: Decimal(63_000)}
ENTRY = proposal(pair=PAIR, side="long")


class Still:
    """A market whose books stand as they were put, and fill up again each second.

    Deep on every side that is not written `price amount, ...`.
    """

    def __init__(self) -> None:
        self._books: dict[Instrument, Depth] = {}
        self._since = START
        self.put(START)

    def put(self, at_ns: int, **sides: str) -> None:
        deep = {
            "near_bids": "94990000 9", "near_asks": "95000000 9", "far_bids": "63000 9", "far_asks": "63010 9",
        } | sides  # fmt: skip
        self._since = at_ns
        for leg, name in ((NEAR, "near"), (FAR, "far")):
            levels = [_levels(deep[f"{name}_{side}"]) for side in ("bids", "asks")]
            self._books[leg] = Depth(leg, levels[0], levels[1], at_ns, at_ns)

    def step_at(self, at_ns: int) -> int:
        return max(self._since, at_ns - (at_ns - START) % SECOND)

    def next_change(self, after_ns: int) -> int:
        return 2**62

    def depth(self, instrument: Instrument, at_ns: int) -> Depth:
        return replace(self._books[instrument], venue_at_ns=self.step_at(at_ns))

    def mark(self, instrument: Instrument, at_ns: int) -> Decimal:
        return self._books[instrument].bids[0].price


class Stand:
    """`truth` is what the venues know; nothing here asks the books how much was traded."""

    def __init__(
        self, *, script: Mapping[str, Mapping[Verb, Sequence[Fault | None]]], spells: Mapping[str, Sequence[Spell]],
        travel: Travel, window: RequestWindow,
    ) -> None:  # fmt: skip
        self.clock, self.market, self.trace, self.rates = VirtualClock(), Still(), Trace(), Rates(START)
        market: Any = self.market
        self.truth = Truth(market, accounts(), window, START)
        self.wires = {
            venue: Wire(self.truth, venue, self.clock, Faults(script=script.get(venue), spells=spells.get(venue, ())), travel)
            for venue in self.truth.books
        }  # fmt: skip
        journal, books = Recording(self.trace), Books(inventory(), FACTS)
        legs = (target(NEAR, AMOUNT, str(PLANNED[NEAR])), target(FAR, -AMOUNT, str(PLANNED[FAR])))
        of = strategy(Proposes(ENTRY), Sizes(*legs), terms=TERMS, legs=leg_rules(None, "rruh"))
        executors: Any = self.wires
        self.driver = Driver(executors, journal, self.clock, books, FACTS, of.legs, MARK, self.tops)
        self.desk = Desk(of, books, self.driver, journal)
        self.watch = CatchingUp(self.desk, executors, dict.fromkeys(executors, START))

    def tops(self) -> dict[Instrument, Top]:
        now = self.clock.now_ns()
        found = {leg: self.market.depth(leg, now).top() for leg in LEGS}
        return {leg: replace(top, venue_at_ns=now, received_at_ns=now) for leg, top in found.items() if top}

    def moment(self) -> Moment:
        tops = self.tops()
        return Moment(PAIR, self.clock.now_ns(), {}, LEGS, tuple(tops[leg] for leg in LEGS), self._rates())

    def view(self) -> MarketView:
        return MarketView(self.clock.now_ns(), self.tops(), self._rates(), {}, {})

    def _rates(self) -> dict[str, FxRate]:
        rate = self.rates.at(self.clock.now_ns())
        return {} if rate is None else {"money": rate}

    async def judge(self, *proposals: Proposal) -> tuple[Carried, ...]:
        """What the desk does when its signal says this."""
        self.desk.strategy = self.desk.carrier.strategy = replace(self.desk.strategy, signal=Proposes(*proposals))
        return await self.desk.take(self.moment(), self.view())

    async def leave(self) -> tuple[Carried, ...]:
        """A way out of all that is open, as the exit policy takes one."""
        lots = [lot.id for lot in self.desk.books.open_lots()]
        return await self.judge(*(proposal(ProposalKind.EXIT, lot, pair=PAIR, side="long") for lot in lots))

    async def look(self) -> None:
        await self.watch.look(lambda: ((self.moment(),), self.view()))

    def traded(self, instrument: Instrument) -> list[Fill]:
        return [fill for fill in self.truth.fills(instrument.venue) if fill.instrument == instrument]

    def held(self, instrument: Instrument) -> Decimal:
        """Base that came to the account since the beginning, signed."""
        return sum((fill.moved.value for fill in self.traded(instrument)), Decimal(0))


def stood(
    body: Callable[[Stand], Awaitable[T]], *, script: Mapping[str, Mapping[Verb, Sequence[Fault | None]]] | None = None,
    spells: Mapping[str, Sequence[Spell]] | None = None, travel: Travel = EVEN, window: RequestWindow = WINDOW,
) -> T:  # fmt: skip
    """What the body gives back, after it was alone with a stand of its own. Within ten minutes, in virtual time."""

    async def furnished() -> T:
        return await body(Stand(script=script or {}, spells=spells or {}, travel=travel, window=window))

    return run(furnished(), START, START + 600 * SECOND)


def _levels(told: str) -> tuple[Level, ...]:
    return tuple(Level(*map(Decimal, level.split())) for level in told.split(","))
