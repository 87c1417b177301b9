"""The feed port: market data as it comes, and as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import MarketEvent
from karb_core.ports.clock import Clock

Emit = Callable[[MarketEvent], None]


@dataclass(frozen=True, slots=True)
class Wants:
    """What a run must be given of one feed: tops and depth of each instrument, marks and funding of perpetuals, and
    closed bars of this length, made of last trades (`close`) or of the middles of books (`mid`). clocks, cautions: whether
    also how far the venue's clock is from ours, and what the venue warns of, each again and again.
    """

    instruments: tuple[Instrument, ...]
    bars_ns: int
    of: Literal["close", "mid"]
    clocks: bool = False
    cautions: bool = False


class Feed(Protocol):
    """Where market data come from.

    run: until it is cancelled, and then it is over within a second. Each event carries the venue's time and, by the
    clock it is handed, ours; a reconnect is the feed's own affair. `emit` never blocks.
    past: closed bars, marks and settled funding from a time (inclusive) to a time (exclusive), oldest first, as far as
    the venue has them; empty where it has none.
    facts: what the venue states about the instruments now. Errors: `VenueSilent` from `past` and `facts`.
    """

    async def run(self, wants: Wants, emit: Emit, clock: Clock) -> None: ...
    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]: ...
    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]: ...
