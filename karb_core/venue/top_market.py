"""What a simulated venue asks of recorded tops, and what the wiring of a run over tops asks of its component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.venue.bar_market import BarMarket, BarVenues
from karb_core.venue.terms import VenueTerms


class TopMarket(Protocol):
    """Tops by instrument, each question answered for one time. Unit: nanoseconds of UTC since 1970.

    top_at: the top that stands then, told with its own time; None before the first, and for an instrument of which
    there is none. Edge: a top of exactly that time stands.
    """

    def top_at(self, instrument: Instrument, at_ns: int) -> Top | None: ...


@runtime_checkable
class OpensOverTops(Protocol):
    """A component of the executor port that can be furnished with tops. `margin` has marks and funding of each perpetual,
    and nothing else."""

    def open_tops(self, market: TopMarket, margin: BarMarket, accounts: Sequence[VenueTerms]) -> BarVenues: ...
