"""One venue over live books: what stands at it, what it is told to be, and what arrives at it. Time comes in."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import (
    Bar,
    Cautions,
    Depth,
    FundingRate,
    FxRate,
    Mark,
    MarketEvent,
    Top,
    VenueClock,
    VenueState,
    VenueStatus,
)
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.venue.book import VenueBook
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_sim.drawn import falls_on, part_of
from karb_sim.standing import Standing


class VenueOverDepth:
    """Its book, against what the market offers; what the venue does is stamped with the time it is done.

    Only what it trades counts, everything else is passed over. A position is liquidated by marks and by settlements,
    never by a price that traded: where no mark is told, nothing is.
    """

    def __init__(self, book: VenueBook) -> None:
        self.book = book
        self._standing = Standing()
        self._marks: dict[Instrument, Mark] = {}
        self._unsettled: dict[Instrument, dict[int, Decimal]] = {}
        self._down: set[Instrument | None] = set()

    def take(self, event: MarketEvent, at_ns: int) -> None:
        """What happened in the market. Edge: a mark that is older than the last one changes nothing."""
        if isinstance(event, VenueStatus):
            self._take_status(event)
        elif not isinstance(event, (Bar, FxRate, VenueClock, Cautions)) and event.instrument in self.book.terms.facts:
            self._take_traded(event, at_ns)

    def arrives(self, order: Order, conditions: Conditions, at_ns: int) -> Outcome:
        """An order reaches the venue and is carried out against what is left of the newest book.

        Edge: where no book was told yet there is nothing to take, and the order ends unfilled, as an
        immediate-or-cancel one does in an empty book.
        """
        instrument = order.instrument
        if self._is_suspended(instrument, conditions):
            self.book.suspend(instrument)
        else:
            self.book.resume(instrument)
        offers = self._standing.offers(instrument, at_ns)
        facts = self.book.terms.facts.get(instrument)
        if facts is not None and falls_on("partial", order.id, conditions.partial):
            step = facts.amount_step
            steps = exact.steps_in(order.amount.value, Decimal(1), step, Rounding.FLOOR)
            offers.leave(order.side, exact.mul(Decimal(part_of("part", order.id, steps)), step))
        return self.book.match(order, offers, at_ns).outcome

    def force(self, why: Forced, instrument: Instrument, part: Decimal, at_ns: int) -> Fill | None:
        """See `DepthVenues.force`."""
        if not 0 < part <= 1:
            raise ValueError(f"{part} is no part of what is open")
        amount = exact.absolute(self.book.amount(instrument))
        if not amount:
            return None
        if instrument not in self._marks:
            raise LookupError(f"no mark of {instrument.text()} was told yet")
        closed = exact.ceil_to(exact.mul(amount, part), self.book.terms.facts[instrument].amount_step)
        return self.book.close_by_force(why, instrument, closed, self._marks[instrument].price, at_ns)

    def _take_traded(self, event: Top | Depth | Mark | FundingRate, at_ns: int) -> None:
        match event:
            case Top():
                self._standing.take_top(event)
            case Depth():
                self._standing.take_depth(event)
            case Mark():
                self._take_mark(event, at_ns)
            case FundingRate():
                self._take_funding(event, at_ns)

    def _take_mark(self, mark: Mark, at_ns: int) -> None:
        last = self._marks.get(mark.instrument)
        if last is not None and mark.venue_at_ns < last.venue_at_ns:
            return
        self._marks[mark.instrument] = mark
        for settles_at_ns, rate in sorted(self._unsettled.pop(mark.instrument, {}).items()):
            self.book.settle_funding(mark.instrument, rate, mark.price, settles_at_ns)
        self.book.mark_to(mark.instrument, mark.price, at_ns)

    def _take_funding(self, funding: FundingRate, at_ns: int) -> None:
        """Books what was settled at the last mark. Edge: without a mark it waits for the first one."""
        if not funding.settled:
            return
        mark = self._marks.get(funding.instrument)
        if mark is None:
            self._unsettled.setdefault(funding.instrument, {})[funding.settles_at_ns] = funding.rate
            return
        self.book.settle_funding(funding.instrument, funding.rate, mark.price, funding.settles_at_ns)
        self.book.mark_to(funding.instrument, mark.price, at_ns)

    def _take_status(self, status: VenueStatus) -> None:
        """Edge: the venue and each of its instruments are up or down apart; whatever is not down is traded."""
        if status.venue != self.book.terms.venue:
            return
        if status.state is VenueState.DOWN:
            self._down.add(status.instrument)
        else:
            self._down.discard(status.instrument)

    def _is_suspended(self, instrument: Instrument, conditions: Conditions) -> bool:
        return None in self._down or instrument in self._down or instrument in conditions.suspended
