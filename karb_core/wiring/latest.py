"""The latest of everything that was told, by whatever feed: what a decision may look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import (
    Cautions,
    Depth,
    FundingRate,
    FxRate,
    Mark,
    MarketEvent,
    Top,
    VenueClock,
    VenueStatus,
)
from karb_core.ports import MarketView

_Told = Top | Mark | FundingRate


@dataclass(slots=True)
class Latest:
    """What is older by the venue's clock than what is known never takes its place: messages come out of order."""

    tops: dict[Instrument, Top] = field(default_factory=dict)
    rates: dict[str, FxRate] = field(default_factory=dict)
    marks: dict[Instrument, Mark] = field(default_factory=dict)
    funding: dict[Instrument, FundingRate] = field(default_factory=dict)
    status: dict[tuple[str, Instrument | None], VenueStatus] = field(default_factory=dict)
    depths: dict[Instrument, Depth] = field(default_factory=dict)
    clocks: dict[str, VenueClock] = field(default_factory=dict)
    cautions: dict[Instrument, Cautions] = field(default_factory=dict)

    def take(self, event: MarketEvent) -> None:
        """Bars are not kept here. Edge: a book with an empty side takes the top away: there is no price to trade at."""
        match event:
            case Top():
                if _newer(event, self.tops.get(event.instrument)):
                    self.tops[event.instrument] = event
            case Depth():
                self._depth(event)
            case Mark():
                if _newer(event, self.marks.get(event.instrument)):
                    self.marks[event.instrument] = event
            case FundingRate():
                if _newer(event, self.funding.get(event.instrument)):
                    self.funding[event.instrument] = event
            case VenueStatus():
                self.status[event.venue, event.instrument] = event
            case VenueClock():
                self.clocks[event.venue] = event
            case Cautions():
                self.cautions[event.instrument] = event
            case _:
                pass

    def rate(self, seat: str, rate: FxRate) -> None:
        known = self.rates.get(seat)
        if known is None or rate.venue_at_ns >= known.venue_at_ns:
            self.rates[seat] = rate

    def view(self, now_ns: int, *, depths: bool = False) -> MarketView:
        """`depths`: whether books are shown too."""
        return MarketView(
            now_ns, dict(self.tops), dict(self.rates), dict(self.marks), dict(self.funding), dict(self.status),
            depths=dict(self.depths) if depths else {}, clocks=dict(self.clocks), cautions=dict(self.cautions),
        )  # fmt: skip

    def _depth(self, depth: Depth) -> None:
        before = self.depths.get(depth.instrument)
        if before is None or depth.venue_at_ns >= before.venue_at_ns:
            self.depths[depth.instrument] = depth
        known, top = self.tops.get(depth.instrument), depth.top()
        if known is not None and depth.venue_at_ns < known.venue_at_ns:
            return
        if top is None:
            self.tops.pop(depth.instrument, None)
        else:
            self.tops[depth.instrument] = top


def _newer(event: _Told, known: _Told | None) -> bool:
    return known is None or event.venue_at_ns >= known.venue_at_ns
