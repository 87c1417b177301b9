"""What the wiring asks of simulated venues that trade against books."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, runtime_checkable

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import MarketEvent
from karb_core.domain.orders import Fill, Outcome
from karb_core.domain.statement import Income
from karb_core.ports.clock import Clock
from karb_core.ports.executor import Executor
from karb_core.venue.book import VenueBook
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_core.venue.terms import VenueTerms

#: What one venue is like at a time.
ConditionsAt = Callable[[str, int], Conditions]


class DepthVenues(Protocol):
    """Every venue of a run, each with a book of its own, over the books of a live or recorded market.

    at: the executor of one venue, always the same one: where that venue cannot be reached, no other is silent.
    Errors: LookupError for a venue without an account.
    take: what happened in the market: a new depth (or, where only a top is told, the top) is what is offered from now
    on; a mark values positions and may liquidate them; a settled funding rate is paid by what was held then, once a
    mark is known; what a venue says is down refuses orders until it says otherwise. What is not traded here is passed
    over.
    go_on: an account as the ledger has it, before anything is placed: how orders ended or what was last known of them,
    and everything that was booked. An order that is not among them, or of which no end and no trade is known, never
    arrived. What an answer told and no fill says is booked now. Errors: ValueError where something was booked already;
    LookupError for what was booked at a venue, or in an instrument, that no account of the run has.
    forget: what was booked and how orders ended before that time is not listed any more; what it came to stays.
    force: the venue closes that part (a ratio, up to 1) of what is open at its last mark, in whole steps, rounded up;
    nothing where nothing is open. Errors: LookupError where no mark of it was told; ValueError for no such part.
    """

    @property
    def books(self) -> Mapping[str, VenueBook]: ...
    def at(self, venue: str) -> Executor: ...
    def take(self, event: MarketEvent) -> None: ...
    def go_on(self, outcomes: Iterable[Outcome], fills: Iterable[Fill], incomes: Iterable[Income]) -> None: ...
    def forget(self, before_ns: int) -> None: ...
    def force(self, why: Forced, instrument: Instrument, part: Decimal) -> Fill | None: ...


@runtime_checkable
class OpensOverDepth(Protocol):
    """A component of the executor port that can be furnished with live books.

    conditions: the component's own, as the file states them, where None. Errors: ValueError for two accounts at one
    venue.
    """

    def open_depth(
        self, accounts: Sequence[VenueTerms], clock: Clock, conditions: ConditionsAt | None = None
    ) -> DepthVenues: ...


@runtime_checkable
class OpensUnder(Protocol):
    """A component class of the executor port whose venues open under conditions of somebody else's: none of its own
    parameters is asked. Errors: as `OpensOverDepth`.
    """

    def under(self, accounts: Sequence[VenueTerms], clock: Clock, conditions: ConditionsAt) -> DepthVenues: ...
