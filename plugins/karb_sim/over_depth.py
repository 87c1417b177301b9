"""Simulated venues over live books: what `sim.depth` opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Cautions, FxRate, MarketEvent, VenueClock, VenueStatus
from karb_core.domain.orders import Fill, Outcome
from karb_core.domain.statement import Income
from karb_core.ports import Clock
from karb_core.ports.simulated import ConditionsAt
from karb_core.venue.book import VenueBook
from karb_core.venue.forced import Forced
from karb_core.venue.terms import VenueTerms
from karb_sim.venue_over_depth import VenueOverDepth
from karb_sim.way import Way

T = TypeVar("T", Outcome, Fill, Income)


class VenuesOverDepth:
    """Every venue of a run, each with a book of its own and a way of its own to it (`DepthVenues`).

    Errors: ValueError for two accounts at one venue.
    """

    def __init__(self, accounts: Sequence[VenueTerms], clock: Clock, conditions: ConditionsAt) -> None:
        self._clock = clock
        self._venues = {t.venue: VenueOverDepth(VenueBook(t)) for t in sorted(accounts, key=lambda t: t.venue)}
        if len(self._venues) != len(accounts):
            raise ValueError("two accounts at one venue")
        self._ways = {name: Way(venue, clock, conditions) for name, venue in self._venues.items()}

    @property
    def books(self) -> Mapping[str, VenueBook]:
        """By venue: what a check of the ledger is held against."""
        return {name: venue.book for name, venue in self._venues.items()}

    def at(self, venue: str) -> Way:
        """The executor of one venue. Errors: LookupError for one without an account."""
        return self._ways[venue]

    def take(self, event: MarketEvent) -> None:
        if isinstance(event, (Bar, FxRate, VenueClock, Cautions)):
            return
        venue = self._venues.get(event.venue if isinstance(event, VenueStatus) else event.instrument.venue)
        if venue is not None:
            venue.take(event, self._clock.now_ns())

    def go_on(self, outcomes: Iterable[Outcome], fills: Iterable[Fill], incomes: Iterable[Income]) -> None:
        ended, filled, received = self._by_venue(outcomes), self._by_venue(fills), self._by_venue(incomes)
        for name, venue in self._venues.items():
            venue.book.restore(ended[name], filled[name], received[name], self._clock.now_ns())
            self._ways[name].remember(ended[name])

    def forget(self, before_ns: int) -> None:
        for name, venue in self._venues.items():
            venue.book.forget(before_ns)
            self._ways[name].forget()

    def force(self, why: Forced, instrument: Instrument, part: Decimal) -> Fill | None:
        return self._venues[instrument.venue].force(why, instrument, part, self._clock.now_ns())

    def _by_venue(self, booked: Iterable[T]) -> dict[str, list[T]]:
        found: dict[str, list[T]] = {name: [] for name in self._venues}
        for one in booked:
            instrument = one.instrument if isinstance(one, Fill | Income) else one.order.instrument
            if instrument.venue not in found:
                raise LookupError(f"{instrument.text()} was traded at a venue that has no account here")
            found[instrument.venue].append(one)
        return found
