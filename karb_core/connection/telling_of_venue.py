"""What a venue says of itself beside its market, asked for again and again: its clock, and what it warns of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from karb_core.connection.clock_offset import ClockOffset
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Cautions, MarketEvent, VenueClock
from karb_core.domain.statement import VenueSilent

_EVERY_S = 60.0  # karb: constant because it says how often is asked, and what was told says when


@dataclass(frozen=True, slots=True)
class VenueSaid:
    """at_ns: the venue's clock when it answered, cut down to its resolution; None where it told none. cautions: of each
    market that it speaks of, its own words."""

    at_ns: int | None
    resolution_ns: int
    cautions: Mapping[Instrument, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class TellingOfVenue:
    """now_ns: our clock. `ask`: one question to the venue, which raises `VenueSilent`. While it is silent nothing is told, and what was told
    last grows old."""

    venue: str
    ask: Callable[[], Awaitable[VenueSaid]]
    emit: Callable[[MarketEvent], None]
    now_ns: Callable[[], int]
    _offset: ClockOffset = field(init=False, default_factory=ClockOffset)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(_EVERY_S)

    async def once(self) -> None:
        sent_ns = self.now_ns()
        try:
            said = await self.ask()
        except VenueSilent:
            return
        now_ns = self.now_ns()
        venue_ns = now_ns if said.at_ns is None else said.at_ns
        if said.at_ns is not None:
            self._offset.learn(said.at_ns, said.resolution_ns, sent_ns, now_ns)
            assert self._offset.least_ns is not None
            assert self._offset.most_ns is not None
            self.emit(VenueClock(self.venue, self._offset.least_ns, self._offset.most_ns, venue_ns, now_ns))
        for instrument, flags in said.cautions.items():
            self.emit(Cautions(instrument, flags, venue_ns, now_ns))
