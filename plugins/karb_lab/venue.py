"""A local venue behind its wires: accounts over one market. Whatever is booked is booked by `VenueBook`."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from itertools import count

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Depth, FundingRate, Mark
from karb_core.domain.orders import Fill, Filled, Order, Rejected, Side, TimeInForce
from karb_core.ports import Clock
from karb_core.venue.book import Execution, VenueBook
from karb_core.venue.matching import takes
from karb_core.venue.offers import Offers
from karb_lab.account import Account, Ticket, Trade
from karb_lab.arrived import Arrived
from karb_lab.average import averaged, realised
from karb_lab.faults import Faults
from karb_lab.happened import AccountChanged, BookChanged, Happened, Listener, Marked, OrderChanged, Printed, Step
from karb_lab.market import Market
from karb_lab.wanted import How, Wanted

_MOST_ARRIVED = 10_000  # karb: constant because it bounds memory: the oldest are let go of
#: What nobody sent was sent with.
FORCED: Mapping[str, str | None] = {"type": "LIMIT", "timeInForce": "IOC"}


class Venue:
    """One venue. Everything happens at the time its clock shows; what happened is told to listeners in order.

    Edge: what an order takes of the book is gone for every account, and seen on the tape. Orders that rest are not
    shown in the book. Errors: ValueError for accounts of another venue or two with one key.
    """

    def __init__(self, accounts: Sequence[Account], clock: Clock) -> None:
        (self.name,) = {account.book.terms.venue for account in accounts}
        self.accounts: Mapping[str, Account] = {account.key: account for account in accounts}
        if len(self.accounts) != len(accounts):
            raise ValueError(f"{self.name}: two accounts with one key")
        self.clock = clock
        self.market = Market(accounts[0].book.terms.facts)
        self.faults = Faults()
        self.arrived: deque[Arrived] = deque(maxlen=_MOST_ARRIVED)
        self._listeners: list[Listener] = []
        # karb: constant because it only makes order numbers look like a venue's: of several digits
        self._numbers = count(1_000_001)

    @property
    def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return next(iter(self.accounts.values())).book.terms.facts

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def ignore(self, listener: Listener) -> None:
        """Edge: nobody who does not listen."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def place(self, account: Account, wanted: Wanted) -> Ticket | Rejected:
        """Carries an order out as far as it goes now. Refused, nothing of it is kept but its client's id."""
        at_ns, order = self.clock.now_ns(), wanted.order
        quoted = self.market[order.instrument]
        part = self.faults.take("partial")
        if part is not None:
            step = account.book.terms.facts[order.instrument].amount_step
            quoted.offers.leave(order.side, exact.floor_to(exact.mul(order.amount.value, part.ratio), step))
        execution = self._carried_out(account.book, wanted, quoted.offers, at_ns)
        if isinstance(execution.outcome, Rejected):
            return execution.outcome
        ticket = Ticket.unplaced(order, wanted.client_id, wanted.said, at_ns, next(self._numbers))
        account.keep(ticket)
        self._accepted(account, ticket, execution)
        return ticket

    def try_out(self, account: Account, wanted: Wanted) -> Rejected | None:
        """What `place` would refuse it with; nothing changes."""
        offers = deepcopy(self.market[wanted.order.instrument].offers)
        outcome = self._carried_out(deepcopy(account.book), wanted, offers, self.clock.now_ns()).outcome
        return outcome if isinstance(outcome, Rejected) else None

    def takes_now(self, account: Account, order: Order) -> Decimal:
        """Base that would trade at once. Edge: what is offered inside its limit, however much of it the order wants."""
        step = account.book.terms.facts[order.instrument].amount_step
        levels = takes(order, None, self.market[order.instrument].offers.facing(order.side), step)
        return exact.total(level.amount for level in levels)

    def cancel(self, account: Account, ticket: Ticket, why: str) -> bool:
        """Takes an order away; False where it had ended before."""
        at_ns = self.clock.now_ns()
        outcome = account.book.cancel(ticket.id, at_ns)
        if outcome is None:
            return False
        self._told(account, ticket, outcome, at_ns, why)
        self._balances(account, ticket.order.instrument)
        return True

    def quote(self, depth: Depth, *, told: bool = True) -> None:
        """The book is this one now; it comes to every order that rests inside it."""
        quoted = self.market[depth.instrument]
        quoted.offers = Offers(depth)
        self._book_changed(depth.instrument, told=told and self.faults.take("gap") is None)
        for account in self.accounts.values():
            for order_id, resting in account.book.resting().items():
                if resting.order.instrument == depth.instrument:
                    self._come_to(account, order_id, resting.order, resting.left)

    def print(self, instrument: Instrument, price: Decimal, amount: Decimal, taker: Side) -> int:
        """Others traded. Returns the number of the trade."""
        done = self.market[instrument].tape.add(price, amount, taker, self.clock.now_ns())
        self._tell(Printed(instrument, done))
        return done.id

    def mark(self, mark: Mark) -> None:
        """What is open is valued at this, and taken away where its margin cannot hold it."""
        self.market[mark.instrument].mark = mark
        at_ns = self.clock.now_ns()
        for account in self.accounts.values():
            fill = account.book.mark_to(mark.instrument, mark.price, at_ns)
            if fill is not None:
                self._forced(account, fill)
        self._tell(Marked(mark.instrument))

    def announce(self, funding: FundingRate) -> None:
        """The rate of the next settlement. Edge: settles at the last mark once its time has passed (`settle`)."""
        self.market[funding.instrument].funding = funding

    def settle(self, instrument: Instrument, rate: Decimal) -> None:
        """Funding is booked now, at the last mark. Errors: ValueError where no mark was told."""
        quoted, at_ns = self.market[instrument], self.clock.now_ns()
        if quoted.mark is None:
            raise ValueError(f"no mark of {instrument.text()} was told yet")
        settled = FundingRate(instrument, rate, at_ns, True, None, at_ns, at_ns)
        quoted.settled.append((settled, quoted.mark.price))
        for account in self.accounts.values():
            income = account.book.settle_funding(instrument, rate, quoted.mark.price, at_ns)
            if income is not None:
                self._tell(AccountChanged(account, frozenset({instrument.quote}), instrument, income))

    def _carried_out(self, book: VenueBook, wanted: Wanted, offers: Offers, at_ns: int) -> Execution:
        order = replace(wanted.order, time_in_force=wanted.how.time_in_force)
        facing = takes(order, None, offers.facing(order.side), book.terms.facts[order.instrument].amount_step)
        match wanted.how:
            case How.REST:
                return book.rest(order, offers, at_ns)
            case How.WHOLE if exact.total(level.amount for level in facing) < order.amount.value:
                return book.match(order, _nothing(order.instrument), at_ns)
            case How.MAKER if facing:
                return book.match(order, _nothing(order.instrument), at_ns)
            case How.MAKER:
                return book.rest(replace(order, time_in_force=TimeInForce.GTC), offers, at_ns)
        return book.match(order, offers, at_ns)

    def _accepted(self, account: Account, ticket: Ticket, execution: Execution) -> None:
        outcome = execution.outcome
        assert isinstance(outcome, Filled)
        if not outcome.final or not execution.fills:
            self._tell(OrderChanged(account, ticket, Step.ACCEPTED))
        for fill in execution.fills:
            self._traded(account, ticket, fill, maker=False)
        if execution.fills:
            self._book_changed(ticket.order.instrument, told=True)
        if outcome.final:
            self._told(account, ticket, outcome, ticket.created_ns, "rest")
        self._balances(account, ticket.order.instrument)

    def _come_to(self, account: Account, order_id: str, order: Order, left: Decimal) -> None:
        offers, step = self.market[order.instrument].offers, account.book.terms.facts[order.instrument].amount_step
        levels = takes(order, left, offers.facing(order.side), step)
        if not levels:
            return
        ticket, at_ns = account.ticket(order_id), self.clock.now_ns()
        assert ticket is not None
        fill = account.book.reach(order_id, exact.total(level.amount for level in levels), at_ns)
        outcome = account.book.outcome_of(order_id)
        assert isinstance(outcome, Filled)
        if fill is not None:
            offers.take(order.side, levels)
            self._traded(account, ticket, fill, maker=True)
        if outcome.final:
            self._told(account, ticket, outcome, at_ns, "margin")
        self._balances(account, order.instrument)

    def _forced(self, account: Account, fill: Fill) -> None:
        """A position that its margin could not hold is gone, by an order of the venue's own."""
        order = Order(
            id=fill.order_id,
            intent_id=fill.order_id,
            leg=0,
            instrument=fill.instrument,
            side=fill.side,
            amount=fill.amount,
            limit=fill.price,
            cost=None,
            time_in_force=TimeInForce.IOC,
            reduce_only=True,
        )
        ticket = Ticket.unplaced(order, fill.order_id, FORCED, fill.venue_at_ns, next(self._numbers))
        account.keep(ticket)
        self._traded(account, ticket, fill, maker=False)
        self._told(account, ticket, replace(ticket.outcome, final=True), fill.venue_at_ns, "forced")
        self._balances(account, fill.instrument)

    def _traded(self, account: Account, ticket: Ticket, fill: Fill, *, maker: bool) -> None:
        done = ticket.outcome
        ticket.outcome = Filled(ticket.order, done.filled + fill.amount, done.cost + abs(fill.cost), final=False)
        ticket.changed_ns = fill.venue_at_ns
        averaged(account, fill)
        taker = fill.side.opposite if maker else fill.side
        number = self.print(fill.instrument, fill.price.value, fill.amount.value, taker)
        trade = Trade(fill, maker, number, realised(account, fill))
        ticket.trades.append(trade)
        self._tell(OrderChanged(account, ticket, Step.TRADED, trade))

    def _told(self, account: Account, ticket: Ticket, outcome: Filled, at_ns: int, why: str) -> None:
        ticket.outcome, ticket.changed_ns, ticket.why = outcome, at_ns, why
        self._tell(OrderChanged(account, ticket, Step.ENDED))

    def _balances(self, account: Account, instrument: Instrument) -> None:
        self._tell(AccountChanged(account, frozenset({instrument.base, instrument.quote}), instrument))

    def _book_changed(self, instrument: Instrument, *, told: bool) -> None:
        quoted = self.market[instrument]
        quoted.version += 1
        quoted.changed_ns = self.clock.now_ns()
        self._tell(BookChanged(instrument, told))

    def _tell(self, happened: Happened) -> None:
        for listener in tuple(self._listeners):
            listener(happened)


def _nothing(instrument: Instrument) -> Offers:
    return Offers(Depth(instrument, (), (), 0, 0))
