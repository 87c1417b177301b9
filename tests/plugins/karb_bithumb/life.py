"""A stream of Bithumb's that lives in virtual time, the venue it hears, and everything it told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from karb_bithumb.params import StreamParams
from karb_bithumb.questions import MANNER
from karb_bithumb.running import Running
from karb_core.connection.questions import Questions
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, MarketEvent, VenueState, VenueStatus
from karb_core.ports import Wants
from karb_core.wiring.virtual_clock import VirtualClock
from tests.connection.living import lives
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_bithumb.market_here import MINUTE, RestHere, S, book

BTC, XRP = Instrument("bithumb", "BTC", "KRW"), Instrument("bithumb", "XRP", "KRW")
#: 2026-11-21T05:00:00Z.
START = 1_795_237_200 * S


class Life:
    """A feed that runs, the venue it hears, and everything it told. Every minute trades at its number, and a thousand."""

    def __init__(self, bars_ns: int = MINUTE) -> None:
        self.clock = VirtualClock()
        self.venue, self.rest = MemoryVenue(), RestHere(self.clock.world_ns)
        for code in ("KRW-BTC", "KRW-XRP"):
            self.rest.closes[code] = {START + n * MINUTE: 1000 + n for n in range(300)}
        self.told: list[MarketEvent] = []
        asks = Questions(self.rest, MANNER)
        wants = Wants((BTC, XRP), bars_ns, "close")
        self.running = Running(StreamParams(), wants, self.told.append, self.clock, self.venue.opens, asks, Random(3))

    @property
    def now(self) -> int:
        return self.clock.world_ns()

    def says(self, *messages: str | bytes) -> None:
        for message in messages:
            self.venue.line.tell(message)

    async def until(self, second: float, *, telling: bool = True) -> None:
        """Second by second, each with new books while the venue tells."""
        while self.now < START + int(second * S):
            if telling and self.venue.lines and not self.venue.lines[-1].ended:
                self.says(book("KRW-BTC", self.now, 1000, 1001), book("KRW-XRP", self.now, 30, 31))
            await asyncio.sleep(1)

    def depths(self, instrument: Instrument = BTC) -> list[Depth]:
        return [e for e in self.told if isinstance(e, Depth) and e.instrument == instrument]

    def bars(self, instrument: Instrument = BTC) -> list[tuple[int, int]]:
        """By minute: when it opens, and its close."""
        found = [e for e in self.told if isinstance(e, Bar) and e.instrument == instrument]
        return [((b.start_ns - START) // MINUTE, int(b.close)) for b in found]

    def states(self, instrument: Instrument | None = None) -> list[VenueState]:
        return [e.state for e in self.told if isinstance(e, VenueStatus) and e.instrument == instrument]


def lived(body: Callable[[Life], Awaitable[None]], bars_ns: int = MINUTE, hours: int = 24) -> None:
    lives(lambda: Life(bars_ns), lambda life: life.running.run(), body, START, hours)
