"""A house on paper in virtual time, in a market by script, recorded as every house is: what replays are held against."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import sin
from pathlib import Path

from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import (
    Bar,
    Depth,
    FundingRate,
    FxKind,
    FxRate,
    Level,
    Mark,
    MarketEvent,
)
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, lived
from karb_core.ledger.decisions import Written
from karb_core.ledger.telling import tell
from karb_core.ports import Clock, DepthVenues, Wants
from karb_core.rulebook.check import check
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_core.wiring.house import WakingClock
from karb_core.wiring.opening import Opening
from karb_core.wiring.paper import restored
from karb_core.wiring.running import Running, Venues
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
HOURS = 60 * MINUTE
#: Bars of a minute, one pair, and the last hour to judge by.
BY_MINUTES: tuple[Edit, ...] = (
    ("bar: 5m", "bar: 1m"),
    ("window: 1d", "window: 1h"),
    ("  XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 25%}\n", ""),
    ("inventory:\n  upbit:\n    - 0.25 BTC\n    - 10,500 XRP\n", "inventory:\n  upbit:\n    - 0.25 BTC\n"),
    ("tell: [entry, exit, refusal, halt]", "tell: [halt]"),
    ("{use: replay.dataset, with: {file: market.yaml}}", "{use: scripted.quiet}"),
)
FACTS = {SPOT: facts(SPOT), PERPETUAL: facts(PERPETUAL)}


def at(minutes: float, *, seconds: float = 0) -> int:
    return START + round(minutes * MINUTE) + round(seconds * SECOND)


@dataclass
class Market:
    """Who feeds the house: what is put to it goes out as a venue's stream would tell it."""

    emit: Callable[[MarketEvent], None] | None = None
    rate: dict[str, Callable[[FxRate], None]] = field(default_factory=dict)

    async def run(self, wants: Wants, emit: Callable[[MarketEvent], None], clock: Clock) -> None:
        self.emit = emit
        await asyncio.Event().wait()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        return [bar for minute in range(-70, 1) for bar in bars(minute, usual(minute))]

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        return {instrument: FACTS[instrument] for instrument in instruments}


@dataclass
class Rates:
    market: Market
    seat: str

    async def run(self, emit: Callable[[FxRate], None], clock: Clock) -> None:
        self.market.rate[self.seat] = emit
        await asyncio.Event().wait()

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [rate(self.seat, START - 2 * HOURS)]


def usual(minute: int) -> float:
    return 0.010 + 0.0008 * sin(1.7 * minute)


def rate(seat: str, at_ns: int, value: str = "1380") -> FxRate:
    base, kind = ("USD", FxKind.BASE) if seat == "premium" else ("USDT", FxKind.TETHER)
    return FxRate(base, "KRW", Decimal(value), "a source", kind, at_ns, at_ns)


def near(premium: float) -> Decimal:
    return Decimal(round(95_000 * 1380 * (1 + premium) / 1000) * 1000)


FAR = Decimal(95_000)


def bars(minute: int, premium: float) -> tuple[Bar, Bar]:
    """Of the minute that ends then."""
    end = START + minute * MINUTE
    return tuple(
        Bar(i, end - MINUTE, end, price, price, price, price, Decimal(3), end)
        for i, price in ((SPOT, near(premium)), (PERPETUAL, FAR))
    )  # type: ignore[return-value]


def book(instrument: Instrument, mid: Decimal, at_ns: int, amount: str = "5") -> Depth:
    apart = Decimal(1000) if instrument == SPOT else Decimal("0.1")
    levels = [(Level(mid - n * apart, Decimal(amount)), Level(mid + n * apart, Decimal(amount))) for n in (1, 2)]
    return Depth(instrument, tuple(b for b, _ in levels), tuple(a for _, a in levels), at_ns, at_ns)


@dataclass
class Day:
    """What happens, by when. `conditions`: of the ways to the venues at a time."""

    happens: list[tuple[int, Callable[[House], object]]]
    conditions: Callable[[str, int], Conditions]


@dataclass
class House:
    """One life of a house."""

    ledger: Ledger
    rulebook: Rulebook
    day: Day
    market: Market = field(default_factory=Market)
    said: list[object] = field(default_factory=list)
    venues: DepthVenues | None = None

    async def live(self, until_ns: int, clock: WakingClock, *, kill: bool = False) -> None:
        running = Running(self.rulebook, "paper", ACCOUNT, self._venues, self.ledger, clock, self.said.append)
        running.feeds = (self.market,)
        running.sources = {seat: Rates(self.market, seat) for seat in ("premium", "money")}
        await running.open()
        self.running = running
        work = asyncio.ensure_future(running.live())
        await asyncio.sleep(0.001)
        for at_ns, happens in sorted(self.day.happens, key=lambda each: each[0]):
            if at_ns > until_ns:
                break
            while clock.now_ns() < at_ns:
                await asyncio.sleep((at_ns - clock.now_ns()) / SECOND)
            happens(self)
        while clock.now_ns() < until_ns:
            await asyncio.sleep((until_ns - clock.now_ns()) / SECOND)
        assert not work.done(), work.exception()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        running.close("done")

    def rates(self, at_ns: int, value: str = "1380") -> None:
        for seat, emit in self.market.rate.items():
            emit(rate(seat, at_ns, value))

    def told(self, *events: MarketEvent) -> None:
        assert self.market.emit is not None
        for event in events:
            self.market.emit(event)

    def _venues(
        self, rulebook: Rulebook, account: str, opening: Opening, ledger: Ledger, clock: WakingClock
    ) -> Venues:
        component = DepthFills(DepthFillsParams.model_validate({"order_latency": "80ms", "answer_latency": "60ms"}))
        self.venues = component.open_depth(opening.accounts(), clock, self.day.conditions)
        restored(self.venues, rulebook, account, ledger)
        return Venues({venue: self.venues.at(venue) for venue in self.venues.books}, self.venues.take)


def scripted(*edits: Edit) -> Rulebook:
    made = check(Source.of_text(strategy_text(*BY_MINUTES, *edits), "scripted.yaml"), catalogue())
    assert made.rulebook is not None, made.findings
    return made.rulebook


def lived_through(ledger: Ledger, day: Day, start_ns: int, until_ns: int, *edits: Edit) -> House:
    """One life in virtual time."""
    house = House(ledger, scripted(*edits), day)

    async def whole() -> None:
        await house.live(until_ns, VirtualClock())

    run(whole(), start_ns, until_ns + MINUTE)
    return house


def written(ledger: Ledger, run_number: int = -1) -> list[Written]:
    """What one run decided."""
    one = [each.run for each in lived(ledger)][run_number]
    return list(decisions(ledger, Whose(one.account, one.strategy, one.id)))
