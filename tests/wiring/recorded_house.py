"""A house on paper in a market by script, recorded as every house is: what replays are held against."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from math import sin

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Bar, Depth, FxKind, FxRate, Level, MarketEvent
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.ports import Clock, DepthVenues, Wants
from karb_core.rulebook.check import check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.venue.conditions import Conditions
from karb_core.wiring.holding import Holding, hold_for
from karb_core.wiring.house import WakingClock
from karb_core.wiring.opening import Opening
from karb_core.wiring.paper import restored
from karb_core.wiring.running import Running
from karb_core.wiring.venues import Venues
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_sim.depth import DepthFills, DepthFillsParams
from tests.venue.accounts import PERPETUAL, SPOT, facts
from tests.wiring.scripted_plugin import catalogue
from tests.wiring.tiny import Edit, strategy_text

MS, SECOND = 1_000_000, 1_000_000_000
MINUTE = 60 * SECOND
#: A Monday, ten in the morning in Seoul.
START = 1_736_125_200_000_000_000
ACCOUNT = "paper:quickstart"
USUAL = Conditions(order_ns=80 * MS, answer_ns=60 * MS)
FACTS = {SPOT: facts(SPOT), PERPETUAL: facts(PERPETUAL)}
FAR = Decimal(95_000)
#: Bars of a minute, one pair, and the last hour to judge by.
BY_MINUTES: tuple[Edit, ...] = (
    ("bar: 5m", "bar: 1m"),
    ("window: 1d", "window: 1h"),
    ("at: [entry], with: {book: 5m, between_legs: 5m}", "at: [entry], with: {book: 90s, between_legs: 5m}"),
    ("  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}\n", ""),
    ("inventory:\n  upbit:\n    - 0.25 BTC\n    - 10,500 XRP\n", "inventory:\n  upbit:\n    - 0.25 BTC\n"),
    ("tell: [entry, exit, refusal, halt]", "tell: [halt]"),
    ("{use: replay.dataset, with: {file: market.yaml}}", "{use: scripted.quiet}"),
)


def usual(minute: int) -> float:
    return 0.010 + 0.0008 * sin(1.7 * minute)


def near(premium: float) -> Decimal:
    return Decimal(round(95_000 * 1380 * (1 + premium) / 1000) * 1000)


def bars(end_ns: int, premium: float) -> tuple[Bar, ...]:
    """Of the minute that ends then."""
    priced = ((SPOT, near(premium)), (PERPETUAL, FAR))
    return tuple(Bar(i, end_ns - MINUTE, end_ns, p, p, p, p, Decimal(3), end_ns) for i, p in priced)


def book(instrument: Instrument, mid: Decimal, at_ns: int, amount: str = "5") -> Depth:
    apart = Decimal(1000) if instrument == SPOT else Decimal("0.1")
    bids = tuple(Level(mid - n * apart, Decimal(amount)) for n in (1, 2))
    asks = tuple(Level(mid + n * apart, Decimal(amount)) for n in (1, 2))
    return Depth(instrument, bids, asks, at_ns, at_ns)


def rate(seat: str, at_ns: int, value: str = "1380") -> FxRate:
    base, kind = ("USD", FxKind.BASE) if seat == "premium" else ("USDT", FxKind.TETHER)
    return FxRate(base, "KRW", Decimal(value), "a source", kind, at_ns, at_ns)


@dataclass
class Market:
    """The house's feed. `premium`: at the end of each minute since `first_ns`, and before; until `known_ns` it is past."""

    first_ns: int
    known_ns: int
    premium: Callable[[int], float]
    emit: Callable[[MarketEvent], None] = field(init=False)

    async def run(self, wants: Wants, emit: Callable[[MarketEvent], None], clock: Clock) -> None:
        self.emit = emit
        await asyncio.Event().wait()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        until = (self.known_ns - self.first_ns) // MINUTE
        return [bar for n in range(until - 70, until + 1) for bar in bars(self.first_ns + n * MINUTE, self.premium(n))]

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        return {instrument: FACTS[instrument] for instrument in instruments}


@dataclass
class Rates:
    seat: str
    first_ns: int
    emit: Callable[[FxRate], None] = field(init=False)

    async def run(self, emit: Callable[[FxRate], None], clock: Clock) -> None:
        self.emit = emit
        await asyncio.Event().wait()

    def max_age_ns(self) -> int:
        return 240 * MINUTE

    def when_closed_ns(self) -> None:
        return None

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [rate(self.seat, self.first_ns - 120 * MINUTE)]


Happens = Callable[["House"], object]


@dataclass
class House:
    """One life of a house. `script`: what happens, by when; `conditions`: of the ways to the venues at a time."""

    ledger: Ledger
    rulebook: Rulebook
    first_ns: int
    known_ns: int
    premium: Callable[[int], float]
    script: list[tuple[int, Happens]]
    conditions: Callable[[str, int], Conditions]
    said: list[object] = field(default_factory=list)
    market: Market = field(init=False)
    rates: tuple[Rates, ...] = field(init=False)
    venues: DepthVenues = field(init=False)
    running: Running = field(init=False)

    async def live(self, until_ns: int, clock: WakingClock, *, since_warm: bool = False) -> None:
        """`since_warm`: the script's times, and the end's, count from when the house is warm."""
        self.market = Market(self.first_ns, self.known_ns, self.premium)
        self.rates = tuple(Rates(seat, self.first_ns) for seat in ("premium", "money"))

        def holds(run: Run) -> tuple[str, Holding]:
            return hold_for(self.ledger, (ACCOUNT,), run, clock)

        self.running = Running(
            self.rulebook, "paper", ACCOUNT, self._venues, self.ledger, clock, self.said.append, holds
        )
        self.running.feeds = (self.market,)
        self.running.sources = {each.seat: each for each in self.rates}
        await self.running.open()
        work = asyncio.ensure_future(self.running.live())
        while since_warm and not self.said:
            await asyncio.sleep(0.001)
        began_ns = clock.now_ns() if since_warm else 0
        for at_ns, happens in sorted(self.script, key=lambda each: each[0]):
            if at_ns <= until_ns:
                await _until(began_ns + at_ns, clock)
                happens(self)
        await _until(began_ns + until_ns, clock)
        assert not work.done(), work.exception()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        self.running.close("done")

    def told(self, *events: MarketEvent) -> None:
        for event in events:
            self.market.emit(event)

    def minute(self, at_ns: int, premium: float, *events: MarketEvent) -> None:
        """Rates, books and bars of a minute that ends; `events` instead of the usual books."""
        for each in self.rates:
            each.emit(rate(each.seat, at_ns))
        self.told(*(events or (book(SPOT, near(premium), at_ns), book(PERPETUAL, FAR, at_ns))))
        self.told(*bars(at_ns // MINUTE * MINUTE, premium))

    async def _venues(
        self, rulebook: Rulebook, account: str, opening: Opening, ledger: Ledger, clock: WakingClock
    ) -> Venues:
        component = DepthFills(DepthFillsParams.model_validate({"order_latency": "80ms", "answer_latency": "60ms"}))
        self.venues = component.open_depth(opening.accounts(), clock, self.conditions)
        restored(self.venues, opening, account, ledger)
        return Venues({venue: self.venues.at(venue) for venue in self.venues.books}, self.venues.take)


def lived_through(
    ledger: Ledger,
    premium: Callable[[int], float],
    script: list[tuple[int, Happens]],
    span_ns: tuple[int, int],
    conditions: Callable[[str, int], Conditions] = lambda *_: USUAL,
    edits: tuple[Edit, ...] = (),
) -> House:
    """One life in virtual time, from a time to a time."""
    house = House(ledger, scripted(*edits), START, span_ns[0], premium, script, conditions)

    async def whole() -> None:
        await house.live(span_ns[1], VirtualClock())

    run(whole(), span_ns[0], span_ns[1] + MINUTE)
    return house


def scripted(*edits: Edit) -> Rulebook:
    made = check(Source.of_text(strategy_text(*BY_MINUTES, *edits), "scripted.yaml"), catalogue())
    assert made.rulebook is not None, made.findings
    return made.rulebook


async def _until(at_ns: int, clock: WakingClock) -> None:
    await asyncio.sleep(0.001)
    while clock.now_ns() < at_ns:
        await asyncio.sleep((at_ns - clock.now_ns()) / SECOND)
