"""The market of an episode: books of a few levels that stand still for a moment and then jump, drawn from a seed.

Far is a random walk in ticks; near is far at a rate with a premium that wanders, so both legs tell of one coin.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from random import Random
from typing import NamedTuple

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Depth, Level

_MS = 1_000_000
_STANDS_MS = (150, 900)
_WALK_PPM = 600
_LEVELS = 4


class Weather(Enum):
    """calm. crash: the price falls by a third and comes back. wide: ten times the spread. thin: a tenth of the
    depth. stale: the market goes on, but what is told of it stands still."""

    CALM = "calm"
    CRASH = "crash"
    WIDE = "wide"
    THIN = "thin"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Scene:
    """Weather over one instrument, or over all, from a time (inclusive) to a time (exclusive).

    A book takes it on, and off, at its own next change."""

    weather: Weather
    from_ns: int
    until_ns: int
    instrument: Instrument | None = None

    def covers(self, instrument: Instrument, at_ns: int) -> bool:
        return self.from_ns <= at_ns < self.until_ns and self.instrument in (None, instrument)

    def fallen_ppm(self, at_ns: int) -> int:
        """How far a crash has brought the price down: there and back in straight lines, a third at the worst."""
        passed, length = at_ns - self.from_ns, self.until_ns - self.from_ns
        return 333_333 * min(passed, length - passed) * 2 // length


@dataclass(frozen=True, slots=True)
class Listing:
    """One instrument, what it costs when the episode begins, and what usually stands at a level.

    Unit: price in quote; amount in base; `spread_ticks` between bid and ask. Every price is on the tick of the first.
    """

    facts: InstrumentFacts
    price: Decimal
    amount: Decimal
    spread_ticks: int

    @property
    def tick(self) -> Decimal:
        return self.facts.tick_at(self.price)

    @property
    def first_ticks(self) -> int:
        return exact.steps_in(self.price, Decimal(1), self.tick, Rounding.FLOOR)

    @property
    def usual_steps(self) -> int:
        return exact.steps_in(self.amount, Decimal(1), self.facts.amount_step, Rounding.FLOOR)


class _Step(NamedTuple):
    """From a time on: the price of each listing against its first one, in millionths, and what draws its levels."""

    at_ns: int
    ppm: tuple[int, ...]
    draw: int


class Market:
    """Books by instrument and time: the same seed gives the same books, in whatever order they are asked for.

    Errors: KeyError for an instrument that is not listed, ValueError for a time before the start.
    """

    def __init__(self, seed: int, start_ns: int, listings: Iterable[Listing], scenes: Iterable[Scene] = ()) -> None:
        self._random = Random(seed)
        self._listings = {listing.facts.instrument: listing for listing in listings}
        self._places = {instrument: i for i, instrument in enumerate(self._listings)}
        self._scenes = tuple(scenes)
        self._steps = [_Step(start_ns, (1_000_000,) * len(self._listings), self._random.getrandbits(32))]
        self._begins = [start_ns]
        self._built = lru_cache(maxsize=256)(self._build)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(self._listings)

    @property
    def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return {instrument: listing.facts for instrument, listing in self._listings.items()}

    def step_at(self, at_ns: int) -> int:
        """The time since which the books have stood as they stand at this time."""
        return self._steps[self._index(at_ns)].at_ns

    def next_change(self, after_ns: int) -> int:
        """When the books change next."""
        return self._steps[self._index(after_ns) + 1].at_ns

    def depth(self, instrument: Instrument, at_ns: int) -> Depth:
        """The book as it is at the venue."""
        return self._built(instrument, self._index(at_ns))

    def told(self, instrument: Instrument, at_ns: int) -> Depth:
        """The book as a feed tells it: while it is stale, the last one before that."""
        stale = [s for s in self._scenes if s.weather is Weather.STALE and s.covers(instrument, at_ns)]
        since = min((scene.from_ns for scene in stale), default=at_ns)
        return self.depth(instrument, max(since, self._begins[0]))

    def mark(self, instrument: Instrument, at_ns: int) -> Decimal:
        """What the venue values a position at: the price in the middle, on a tick."""
        top = self.depth(instrument, at_ns).top()
        assert top is not None
        return exact.floor_to(top.mid, self._listings[instrument].tick)

    def _index(self, at_ns: int) -> int:
        if at_ns < self._begins[0]:
            raise ValueError(f"there is no market at {at_ns}, before it began")
        while self._begins[-1] <= at_ns:
            self._steps.append(self._after(self._steps[-1]))
            self._begins.append(self._steps[-1].at_ns)
        return bisect_right(self._begins, at_ns) - 1

    def _after(self, step: _Step) -> _Step:
        """All listings move together, and each a little by itself."""
        together = self._random.randint(-_WALK_PPM, _WALK_PPM)
        apart = [self._random.randint(-_WALK_PPM, _WALK_PPM) // 2 for _ in step.ppm]
        ppm = tuple(now + now * (together + own) // 1_000_000 for now, own in zip(step.ppm, apart, strict=True))
        at_ns = step.at_ns + self._random.randint(*_STANDS_MS) * _MS
        return _Step(at_ns, ppm, self._random.getrandbits(32))

    def _build(self, instrument: Instrument, index: int) -> Depth:
        step, listing = self._steps[index], self._listings[instrument]
        weather = {s.weather: s for s in self._scenes if s.covers(instrument, step.at_ns)}
        ppm = step.ppm[self._places[instrument]]
        if Weather.CRASH in weather:
            ppm = ppm * (1_000_000 - weather[Weather.CRASH].fallen_ppm(step.at_ns)) // 1_000_000
        spread = listing.spread_ticks * (10 if Weather.WIDE in weather else 1)
        thin = 10 if Weather.THIN in weather else 1
        bid = listing.first_ticks * ppm // 1_000_000
        return _depth(listing, (bid, bid + spread), thin, Random(step.draw + self._places[instrument]), step.at_ns)


def _depth(listing: Listing, best: tuple[int, int], thin: int, random: Random, at_ns: int) -> Depth:
    """Levels one to three ticks apart, each of half to one and a half of the usual amount, in whole steps."""
    sides = []
    for ticks, away in zip(best, (-1, 1), strict=True):
        levels, at = [], max(1, ticks)
        for _ in range(_LEVELS):
            steps = max(1, listing.usual_steps * random.randint(50, 150) // 100 // thin)
            amount = exact.mul(Decimal(steps), listing.facts.amount_step)
            levels.append(Level(exact.mul(Decimal(at), listing.tick), amount))
            at = max(1, at + away * random.randint(1, 3))
        sides.append(tuple(levels))
    return Depth(listing.facts.instrument, sides[0], sides[1], at_ns, at_ns)
