"""What is true at the venues: the accounts, what is offered, and every request that ever arrived.

Invariants are held against this and never against karb's own books. Time comes in with every call, and is the
venues'.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill, Filled, Order, Outcome
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.book import VenueBook
from karb_core.venue.forced import Forced
from karb_core.venue.offers import Offers
from karb_core.venue.refusals import is_margined
from karb_core.venue.request_window import RequestWindow
from karb_core.venue.terms import VenueTerms
from tests.chaos.market import Market


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request that reached a venue. `what`: order, cancel or find; `outcome`: of an order, what the venue made of it.

    `by`: "karb" for what came over a wire, whatever else for a stranger's.
    """

    at_ns: int
    order_id: str
    what: str
    order: Order
    outcome: Outcome | None = None
    by: str = "karb"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request of karb's that left it, whether or not it arrived. `at_ns` by karb's clock."""

    at_ns: int
    order: Order


@dataclass(frozen=True, slots=True)
class Stated:
    """An account as it was from a time on."""

    at_ns: int
    balances: Mapping[Account, Balance]
    positions: Mapping[Instrument, VenuePosition]


class Truth:
    """All venues of an episode over one market. It outlives karb: a process that is killed finds it as it left it."""

    def __init__(self, market: Market, accounts: Iterable[VenueTerms], window: RequestWindow, start_ns: int) -> None:
        self.market = market
        self.window = window
        self.books = {terms.venue: VenueBook(terms) for terms in accounts}
        self.arrived: list[Arrived] = []
        self.sent: list[Sent] = []
        self._offers: dict[Instrument, Offers] = {}
        self._marked_ns = start_ns
        self._stated = {venue: [_stated(book, start_ns)] for venue, book in self.books.items()}

    def arrive(self, order: Order, stamped_ns: int, at_ns: int) -> Outcome:
        """One of karb's orders reaches its venue: refused outside the request window, or matched.

        Edge: outside the window its id stays free; everywhere else it is taken, whatever became of it.
        """
        late = self.window.refusal(order, stamped_ns, at_ns)
        return (
            self.execute(order, at_ns) if late is None else self._note(Arrived(at_ns, order.id, "order", order, late))
        )

    def execute(self, order: Order, at_ns: int, by: str = "karb") -> Outcome:
        """Matches an order against what is offered now."""
        self.pass_time(at_ns)
        venue = order.instrument.venue
        outcome = self.books[venue].match(order, self.offers(order.instrument, at_ns), at_ns).outcome
        self._changed(venue, at_ns)
        return self._note(Arrived(at_ns, order.id, "order", order, outcome, by))

    def ask(self, what: str, order: Order, at_ns: int) -> None:
        """A cancel or a find of karb's reaches its venue: nothing rests here, so nothing changes."""
        self.arrived.append(Arrived(at_ns, order.id, what, order))

    def outcome_of(self, order: Order) -> Filled | None:
        """What a venue tells of an order by its id; of one that it refused it knows no more than of one unseen."""
        outcome = self.books[order.instrument.venue].outcome_of(order.id)
        return outcome if isinstance(outcome, Filled) else None

    def offers(self, instrument: Instrument, at_ns: int) -> Offers:
        """What is left of the book that stands at this time."""
        kept = self._offers.get(instrument)
        if kept is None or kept.depth.venue_at_ns != self.market.step_at(at_ns):
            kept = self._offers[instrument] = Offers(self.market.depth(instrument, at_ns))
        return kept

    def pass_time(self, until_ns: int) -> None:
        """Marks what is open at every change of the market up to then, and takes away what its margin cannot hold."""
        while self._open_perpetuals() and (at_ns := self.market.next_change(self._marked_ns)) <= until_ns:
            for instrument in self._open_perpetuals():
                self.books[instrument.venue].mark_to(instrument, self.market.mark(instrument, at_ns), at_ns)
                self._changed(instrument.venue, at_ns)
            self._marked_ns = at_ns
        self._marked_ns = max(self._marked_ns, until_ns)

    def force(self, why: Forced, instrument: Instrument, amount: Decimal, price: Decimal, at_ns: int) -> Fill | None:
        """As `VenueBook.close_by_force`."""
        self.pass_time(at_ns)
        fill = self.books[instrument.venue].close_by_force(why, instrument, amount, price, at_ns)
        self._changed(instrument.venue, at_ns)
        return fill

    def fund(self, instrument: Instrument, rate: Decimal, at_ns: int) -> Income | None:
        """A settlement of the perpetual at its mark."""
        self.pass_time(at_ns)
        mark = self.market.mark(instrument, at_ns)
        income = self.books[instrument.venue].settle_funding(instrument, rate, mark, at_ns)
        self._changed(instrument.venue, at_ns)
        return income

    def transfer(self, venue: str, change: Amount, at_ns: int) -> None:
        """As `VenueBook.transfer`."""
        self.pass_time(at_ns)
        self.books[venue].transfer(change)
        self._changed(venue, at_ns)

    def stated(self, venue: str, at_ns: int) -> Stated:
        """The account as it was at a time. Edge: before the start, as it opened."""
        kept = self._stated[venue]
        return kept[max(0, bisect_right(kept, at_ns, key=lambda stated: stated.at_ns) - 1)]

    def balances(self, venue: str) -> Mapping[Account, Balance]:
        return self.books[venue].balances()

    def positions(self, venue: str) -> Mapping[Instrument, VenuePosition]:
        return self.books[venue].positions()

    def fills(self, venue: str, since_ns: int = 0) -> Sequence[Fill]:
        return self.books[venue].fills_since(since_ns)

    def _open_perpetuals(self) -> list[Instrument]:
        facts = [(book, i, f) for book in self.books.values() for i, f in book.terms.facts.items()]
        return [i for book, i, f in facts if is_margined(f) and book.amount(i)]

    def _changed(self, venue: str, at_ns: int) -> None:
        now = _stated(self.books[venue], at_ns)
        if (now.balances, now.positions) != (self._stated[venue][-1].balances, self._stated[venue][-1].positions):
            self._stated[venue].append(now)

    def _note(self, arrived: Arrived) -> Outcome:
        self.arrived.append(arrived)
        assert arrived.outcome is not None
        return arrived.outcome


def _stated(book: VenueBook, at_ns: int) -> Stated:
    return Stated(at_ns, book.balances(), book.positions())
