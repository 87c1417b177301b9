"""Hours of virtual time of both venues' feeds through everything that breaks, and what a desk would have traded on.

    python -m tests.plugins.ten_hours --hours 10 --seeds 20

Upbit's and Binance's own adapters hear venues that are in memory: lines are cut, nobody answers, markets stand still while
their line talks on, changes are lost, both are maintained. Each second a desk would ask `gates.fresh`, `gates.spread` and
whether a venue is down; where all pass, both prices have to be ones that the venue had within the gate's own bound.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from karb_binance.futures import FUTURES
from karb_core.connection.questions import Questions
from karb_core.domain.decisions import LegTarget, Passed, Plan
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import MarketEvent, VenueState, VenueStatus
from karb_core.engine.down import down
from karb_core.ports import Wants
from karb_core.wiring.latest import Latest
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_gates.fresh import Fresh
from karb_gates.spread import Spread
from karb_upbit.params import StreamParams
from karb_upbit.questions import MANNER
from karb_upbit.running import Running
from tests.plugins import scene
from tests.plugins.karb_binance.life import MINUTE, START, Life, S, kline, mark
from tests.plugins.karb_upbit.venue_that_lives import VenueThatLives

NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")
#: What the gate allows, and the second in which a venue tells.
_BOOK_S, _TELLS_S = 2, 1
_BACK_S = 12
_QUIET_S = (20, 400)


@dataclass(slots=True)
class Hours:
    """Both venues, both feeds, and what became of each second. `traded_on`: how often everything passed; `stale`: where
    a price was none of the venue's then; `late`: where a feed took too long to come back."""

    seed: int
    clock: VirtualClock = field(default_factory=VirtualClock)
    market: Latest = field(default_factory=Latest)
    far: Life = field(init=False)
    near: VenueThatLives = field(init=False)
    draw: Random = field(init=False)
    was: dict[Instrument, deque[Decimal]] = field(init=False)
    traded_on: int = 0
    seconds: int = 0
    outages: int = 0
    stale: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    states: set[tuple[str, VenueState]] = field(default_factory=set)
    deaf: bool = False

    def __post_init__(self) -> None:
        self.draw = Random(self.seed)
        self.near = VenueThatLives(self.clock.world_ns, Random(self.seed + 1))
        self.far = Life(MINUTE, FUTURES)
        self.was = {leg: deque(maxlen=_BOOK_S + 2 * _TELLS_S) for leg in (NEAR, FAR)}

    def take(self, event: MarketEvent) -> None:
        self.market.take(event)
        if isinstance(event, VenueStatus) and event.instrument is None:
            self.states.add((event.venue, event.state))

    def hear(self) -> None:
        """What Binance's feed told since."""
        told, self.far.told[:] = list(self.far.told), []
        for event in told:
            self.take(event)

    def near_feed(self) -> Running:
        wants = Wants((NEAR,), MINUTE, "close")
        opens, asks = self.near.stream.opens, Questions(self.near.rest, MANNER)
        return Running(StreamParams(), wants, self.take, self.clock, opens, asks, Random(self.seed + 2))

    async def far_lives(self) -> None:
        """Each second its book moves, and it tells whoever hears, but what is lost on the way."""
        while True:
            lost = self.deaf or self.draw.random() < 0.002
            self.far.moves(100 + self.draw.randrange(40), lost=lost)
            lines = self.far.market.lines
            if lines and not lines[-1].ended and not self.deaf:
                lines[-1].tell(mark(self.far.now))
                minute = self.far.now - self.far.now % MINUTE
                if self.far.now - minute < S:
                    lines[-1].tell(kline(minute - MINUTE, self.far.now, closed=True))
            await asyncio.sleep(_TELLS_S)

    async def looks(self) -> None:
        """As a desk does, each second: between two moments of the venues."""
        await asyncio.sleep(0.5)
        while True:
            self.was[NEAR].append(Decimal(self.near.price - 1))
            self.was[FAR].append(Decimal(self.far.rest.bid))
            self._look()
            await asyncio.sleep(1)

    def _look(self) -> None:
        self.seconds += 1
        self.hear()
        view = self.market.view(self.clock.world_ns())
        legs = tuple(
            LegTarget(leg, leg.amount(Decimal(way)), leg.price(Decimal(1))) for leg, way in ((NEAR, -1), (FAR, 1))
        )
        plan = Plan(intent_id="i", proposals=(scene.proposal(),), legs=legs, shares=())
        passed = all(gate.check(plan, view, scene.account()) == Passed() for gate in GATES)
        if not passed or any(down("BTC", (NEAR, FAR), view)):
            return
        self.traded_on += 1
        for leg, was in self.was.items():
            if view.tops[leg].bid not in was:
                self.stale.append(f"{view.as_of_ns}: {leg.text()} at {view.tops[leg].bid}, and it was at {list(was)}")

    async def troubles(self) -> None:
        while True:
            await asyncio.sleep(self.draw.randrange(*_QUIET_S))
            kinds = (
                "near cut",
                "near gone",
                "near frozen",
                "near maintained",
                "far cut",
                "far gone",
                "far deaf",
                "far rest",
            )
            await self._trouble(self.draw.choice(kinds))

    async def _trouble(self, kind: str) -> None:
        far, near = (self.far.books, self.far.market), self.near.stream
        lasts = self.draw.randrange(5, 600)
        match kind:
            case "near cut":
                self.near.cut()
            case "near frozen":
                self.near.frozen = True
                await asyncio.sleep(lasts)
                self.near.frozen = False
            case "near gone" | "near maintained":
                near.reachable, self.near.maintained = False, kind == "near maintained"
                self.near.cut()
                await asyncio.sleep(lasts)
                near.reachable, self.near.maintained = True, False
                await self._back(NEAR, kind)
            case "far cut":
                self._cut_far()
            case "far deaf":
                self.deaf = True
                await asyncio.sleep(lasts)
                self.deaf = False
            case "far rest" | "far gone":
                self.far.rest.silent = True
                for line in far:
                    line.reachable = kind == "far rest"
                self._cut_far()
                await asyncio.sleep(lasts)
                self.far.rest.silent = False
                for line in far:
                    line.reachable = True
                if kind == "far gone":
                    await self._back(FAR, kind)

    def _cut_far(self) -> None:
        for venue in (self.far.books, self.far.market):
            if venue.lines and not venue.lines[-1].ended:
                venue.lines[-1].cut()

    async def _back(self, leg: Instrument, kind: str) -> None:
        """Its prices are young again within ten seconds and what a venue takes to tell."""
        self.outages += 1
        since = self.clock.world_ns()
        while not self._is_young(leg):
            await asyncio.sleep(0.5)
            if self.clock.world_ns() - since > _BACK_S * S:
                self.late.append(f"{since}: {leg.text()} after {kind}")
                return

    def _is_young(self, leg: Instrument) -> bool:
        self.hear()
        top = self.market.tops.get(leg)
        return top is not None and self.clock.world_ns() - top.venue_at_ns <= _BOOK_S * S


GATES = (
    Fresh(Fresh.Params.model_validate({"book": f"{_BOOK_S}s", "between_legs": f"{_BOOK_S}s"})),
    Spread(Spread.Params.model_validate({"most": "300bp"})),
)


def lived(seed: int, hours: float, made: Callable[[int], Hours] = Hours) -> Hours:
    """What came of so many hours. Errors: AssertionError where a feed broke, or left something behind."""
    found: list[Hours] = []

    async def whole() -> None:
        of = made(seed)
        found.append(of)
        work = [
            asyncio.ensure_future(each)
            for each in (
                of.near.live(),
                of.near_feed().run(),
                of.far_lives(),
                of.far.running.run(),
                of.looks(),
                of.troubles(),
            )
        ]
        while of.clock.world_ns() < START + int(hours * 3600 * S):
            await asyncio.sleep(60)
            assert not any(each.done() for each in work), work
            assert len(asyncio.all_tasks()) < 40, "tasks pile up"
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        assert len(asyncio.all_tasks()) == 1, "it left something behind"

    run(whole(), START, START + int((hours + 1) * 3600 * S))
    return found[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--seeds", type=int, default=20)
    asked, wrong, kept = parser.parse_args(), 0, 0
    for seed in range(1, asked.seeds + 1):
        of = lived(seed, asked.hours)
        wrong += len(of.stale) + len(of.late)
        told = f"{of.outages} outages, traded on {of.traded_on} of {of.seconds} s, {len(of.stale)} stale, {len(of.late)} late"
        del of
        gc.collect()
        kept = kept or len(gc.get_objects())
        sys.stdout.write(f"seed {seed}: {told}, objects {len(gc.get_objects()) / kept:.2f} x the first's\n")
        sys.stdout.flush()
    return int(wrong > 0 or len(gc.get_objects()) > 1.05 * kept)


if __name__ == "__main__":
    sys.exit(main())
