"""What the wiring asks of simulated venues that trade against books, beside the executor port."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, runtime_checkable

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import MarketEvent
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.domain.statement import Income
from karb_core.ports.clock import Clock
from karb_core.ports.executor import Executor
from karb_core.venue.book import VenueBook
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_core.venue.terms import VenueTerms

#: What one venue is like at a time.
ConditionsAt = Callable[[str, int], Conditions]


class DepthVenues(Executor, Protocol):
    """Every venue of a run, each with a book of its own, over the books of a live or recorded market.

    take: what happened in the market: a new depth (or, where only a top is told, the top) is what is offered from now
    on; a mark values positions and may liquidate them; a settled funding rate is paid by what was held then.
    go_on: an account as the ledger has it, before anything is placed: orders that had come to an end, and everything
    that was booked. An order that is not among them never arrived.
    force: the venue closes that part (a ratio) of what is open at its last mark; nothing where nothing is open.
    Errors: LookupError where no mark of it was told.
    """

    @property
    def books(self) -> Mapping[str, VenueBook]: ...
    def take(self, event: MarketEvent) -> None: ...
    def go_on(self, outcomes: Iterable[Outcome], fills: Iterable[Fill], incomes: Iterable[Income]) -> None: ...
    def force(self, why: Forced, instrument: Instrument, part: Decimal) -> Fill | None: ...
    async def open_orders(self) -> Sequence[Order]: ...


@runtime_checkable
class OpensOverDepth(Protocol):
    """A component of the executor port that can be furnished with live books.

    conditions: the component's own, as the file states them, where None. Errors: ValueError for two accounts at one
    venue.
    """

    def open_depth(
        self, accounts: Sequence[VenueTerms], clock: Clock, conditions: ConditionsAt | None = None
    ) -> DepthVenues: ...
