"""Simulated venues over tops: the executor that `sim.tops` opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Depth, Level, Top
from karb_core.domain.orders import Fill, Order, Outcome, Side
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.bar_market import BarMarket
from karb_core.venue.book import VenueBook
from karb_core.venue.offers import Offers
from karb_core.venue.refusals import Refusal
from karb_core.venue.top_market import TopMarket
from karb_sim.over_marks import OverMarks

if TYPE_CHECKING:
    from karb_core.history.columns import Floats

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class TopModel:
    """What the file states."""

    latency_ns: int
    max_age_ns: int
    only_offered: bool


class VenuesOverTops:
    """Every venue of a run, each with a book of its own, over one market of tops.

    An order is carried out when it arrives, `latency_ns` after the time at which it is placed: at the side of the top
    that stands then, and nowhere if that is older than `max_age_ns`. Where only what is offered fills, two orders never
    take the same coins of one top. Fills are stamped with the arrival; answers are there at once. Nothing rests. No method
    suspends.
    """

    def __init__(self, model: TopModel, market: TopMarket, margin: BarMarket, books: Mapping[str, VenueBook]) -> None:
        self._model = model
        self._market = market
        self._books = {venue: books[venue] for venue in sorted(books)}
        self._facts = {i: f for book in self._books.values() for i, f in sorted(book.terms.facts.items())}
        self._marks = OverMarks(margin, self._books)
        self._offers: dict[Instrument, tuple[int, Offers]] = {}
        self._now_ns = 0

    @property
    def books(self) -> Mapping[str, VenueBook]:
        """By venue: what a check of the ledger is held against."""
        return self._books

    def at(self, now_ns: int) -> None:
        """Sets the time at which orders are placed."""
        self._now_ns = now_ns

    def top(self, instrument: Instrument, close: Decimal, at_ns: int) -> Top:
        """The top that stands then; before the first, one of `close` without amounts, which is no sound top."""
        standing = self._market.top_at(instrument, at_ns)
        return Top(instrument, close, _ZERO, close, _ZERO, at_ns, at_ns) if standing is None else standing

    def sides(self, closes: Floats, side: Side) -> Floats:  # noqa: ARG002
        """Sides of tops are what we would trade at: nothing is moved."""
        return closes

    def next_wake(self, after_ns: int, until_ns: int | None = None) -> int | None:
        return self._marks.next_wake(after_ns, until_ns)

    def wake(self, at_ns: int) -> None:
        self._marks.wake(at_ns)

    async def place(self, order: Approved[Order]) -> Outcome:
        item, arrives_ns = order.item, self._now_ns + self._model.latency_ns
        book = self._books[item.instrument.venue]
        top = self._market.top_at(item.instrument, arrives_ns)
        if top is not None and arrives_ns - top.venue_at_ns > self._model.max_age_ns:
            top = None
        if top is None or not self._model.only_offered:
            return book.trade(item, None if top is None else top.to(item.side), arrives_ns).outcome
        return book.match(item, self._offered(top), arrives_ns).outcome

    async def cancel(self, order: Order) -> None:
        """Nothing rests here."""

    async def find(self, order: Order) -> Outcome:
        known = self._books[order.instrument.venue].outcome_of(order.id)
        return Refusal.NOT_FOUND.of(order, f"{order.id} never came") if known is None else known

    async def open_orders(self) -> Sequence[Order]:
        return ()

    async def balances(self) -> Mapping[Account, Balance]:
        return {account: balance for book in self._books.values() for account, balance in book.balances().items()}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {what: position for book in self._books.values() for what, position in book.positions().items()}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        fills = [fill for book in self._books.values() for fill in book.fills_since(venue_at_ns)]
        return sorted(fills, key=lambda fill: fill.venue_at_ns)

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        income = [each for book in self._books.values() for each in book.income_since(venue_at_ns)]
        return sorted(income, key=lambda each: each.venue_at_ns)

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return self._facts

    def _offered(self, top: Top) -> Offers:
        """What is left of a top, while it stands."""
        # karb: constant because no top was told before time began
        told_ns, offers = self._offers.get(top.instrument, (-1, None))
        if offers is None or told_ns != top.venue_at_ns:
            bids, asks = (Level(top.bid, top.bid_amount),), (Level(top.ask, top.ask_amount),)
            offers = Offers(Depth(top.instrument, bids, asks, top.venue_at_ns, top.received_at_ns))
            self._offers[top.instrument] = top.venue_at_ns, offers
        return offers
