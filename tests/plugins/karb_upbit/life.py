"""A stream of Upbit's that lives in virtual time, the venue it hears, and everything it told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from karb_core.connection.questions import Questions
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, MarketEvent, VenueState, VenueStatus
from karb_core.ports import Wants
from karb_core.wiring.virtual_clock import VirtualClock
from karb_upbit.params import StreamParams
from karb_upbit.questions import MANNER
from karb_upbit.running import Running
from tests.connection.living import lives
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_upbit.market_here import MINUTE, RestHere, S, book

BTC, XRP = Instrument("upbit", "BTC", "KRW"), Instrument("upbit", "XRP", "KRW")
#: 2026-11-21T05:00:00Z.
START = 1_795_237_200 * S

GARBAGE = [b"", b"{", b"\xff", b"[1]", b'{"ty":"orderbook","cd":"KRW-BTC","tms":"x"}', b'{"ty":3}', b"null"]


class Life:
    """A feed that runs, the venue it hears, and everything it told."""

    def __init__(self, bars_ns: int = MINUTE) -> None:
        self.clock = VirtualClock()
        self.venue, self.rest = MemoryVenue(), RestHere(self.clock.world_ns)
        self.told: list[MarketEvent] = []
        wants = Wants((BTC, XRP), bars_ns, "close")
        self.running = Running(
            StreamParams(),
            wants,
            self.told.append,
            self.clock,
            self.venue.opens,
            Questions(self.rest, MANNER),
            Random(3),
        )

    @property
    def now(self) -> int:
        return self.clock.world_ns()

    def says(self, *messages: str | bytes) -> None:
        for message in messages:
            self.venue.line.tell(message)

    def books(self, bid: float = 1000, ask: float = 1001) -> None:
        self.says(book("KRW-BTC", self.now, bid, ask), book("KRW-XRP", self.now, 30, 31))

    async def until(self, second: float, telling: bool = True) -> None:
        """Second by second, each with new books while the venue tells."""
        while self.now < START + int(second * S):
            if telling and self.venue.lines and not self.venue.lines[-1].ended:
                self.books()
            await asyncio.sleep(1)

    def of(self, kind: type[MarketEvent], instrument: Instrument | None = None) -> list[MarketEvent]:
        return [e for e in self.told if isinstance(e, kind) and (instrument is None or e.instrument == instrument)]

    def bars(self, instrument: Instrument = BTC) -> list[tuple[int, int]]:
        """By minute: when it opens, and its close."""
        found = [e for e in self.told if isinstance(e, Bar) and e.instrument == instrument]
        return [((b.start_ns - START) // MINUTE, int(b.close)) for b in found]

    def states(self, instrument: Instrument | None = None) -> list[VenueState]:
        return [e.state for e in self.told if isinstance(e, VenueStatus) and e.instrument == instrument]

    def notes(self) -> list[str]:
        return [e.note for e in self.told if isinstance(e, VenueStatus)]


def lived(body: Callable[[Life], Awaitable[None]], bars_ns: int = MINUTE, hours: int = 24) -> None:
    lives(lambda: Life(bars_ns), lambda life: life.running.run(), body, START, hours)
