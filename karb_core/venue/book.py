"""One venue's books: what orders, settlements and marks do to one account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Side, TimeInForce
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.account_books import AccountBooks
from karb_core.venue.forced import Forced
from karb_core.venue.funds import uncovered, unpaid, unreserved
from karb_core.venue.liquidation import is_liquidated
from karb_core.venue.matching import ENDLESS, takes
from karb_core.venue.offers import Offers
from karb_core.venue.refusals import Refusal, is_margined, refusal
from karb_core.venue.resting import Resting, asked_aside, taken_of
from karb_core.venue.restoring import ended, ends, in_order, untold
from karb_core.venue.terms import VenueTerms


@dataclass(frozen=True, slots=True)
class Execution:
    """How an order ended, and what of it traded."""

    outcome: Filled | Rejected
    fills: tuple[Fill, ...] = ()


class VenueBook:
    """One account at one venue. What it hands out is frozen; only its methods change it.

    What it comes to is booked as `AccountBooks` does. Locked is the margin of what is open and what is set aside for
    orders that rest. No trade makes a free balance negative.
    """

    def __init__(self, terms: VenueTerms) -> None:
        self._books = AccountBooks(terms)
        self._resting: dict[str, Resting] = {}
        self._suspended: set[Instrument] = set()
        self._outcomes: dict[str, Outcome] = {}
        self._ended_ns: dict[str, int] = {}
        self._forgotten: set[str] = set()
        self._forgotten_ns = 0  # karb: constant because nothing was forgotten yet

    @property
    def terms(self) -> VenueTerms:
        return self._books.terms

    def trade(self, order: Order, price: Decimal | None, at_ns: int) -> Execution:
        """Carries an order out whole at one price, or not at all.

        `price` in quote per base, None where nobody trades at that moment. Outside its limit, or without a price, the
        order ends unfilled, as an immediate-or-cancel one does. Edge: exactly the limit trades; funds are asked for at
        the price, not at the limit; what only reduces trades no more than is open; an order told by its cost buys
        what whole steps the cost pays for. An id is taken once, whatever became of it.
        """
        if self._came(order.id):
            return _duplicate(order)
        levels = () if price is None else (Level(price, ENDLESS),)
        taken = () if (refused := self._refused(order)) else self._takes(order, levels)
        refused = refused or self._unpaid(order, taken)
        return self._ended(order, refused, [(f"{order.id}-t", level) for level in taken], at_ns)

    def match(self, order: Order, offers: Offers, at_ns: int) -> Execution:
        """Carries an order out against what is offered, and takes that away: one fill for each level it reaches.

        What is not there inside its limit is not traded, and the order ends (immediate-or-cancel). Edge: as `trade`,
        but a spot order must be paid for whole, at its limit and with its fee, whatever of it would trade.
        """
        if self._came(order.id):
            return _duplicate(order)
        refused = self._refused(order) or unreserved(order, self.terms, self._books.free_of)
        taken = () if refused else self._takes(order, offers.facing(order.side))
        refused = refused or self._unpaid(order, taken)
        if refused is None:
            offers.take(order.side, taken)
        return self._ended(order, refused, [(f"{order.id}-t{at}", level) for at, level in enumerate(taken)], at_ns)

    def rest(self, order: Order, offers: Offers, at_ns: int) -> Execution:
        """Carries an order out as `match` does, and lets what is left of it rest until it is reached or cancelled.

        What rests is set aside, whole, at its limit and with its fee, and is no more free. Edge: as `match`; an order
        told by its cost cannot rest. Its outcome is not final while it rests.
        """
        if self._came(order.id):
            return _duplicate(order)
        refused = self._refused(order, TimeInForce.GTC) or self._unrested(order)
        taken = () if refused else self._takes(order, offers.facing(order.side))
        refused = refused or self._unpaid(order, taken)
        if refused is not None:
            return self._ended(order, refused, [], at_ns)
        offers.take(order.side, taken)
        ended = self._ended(order, None, [(f"{order.id}-t{at}", level) for at, level in enumerate(taken)], at_ns)
        return self._rests(Resting(order, ended.fills, Amount.zero(order.instrument.quote)), ended, at_ns)

    def reach(self, order_id: str, offered: Decimal, at_ns: int) -> Fill | None:
        """The market came to a resting order: so much of base trades with it, at its own limit and the maker's fee.

        None where nothing of that id rests, or less than a step trades. Edge: a perpetual for which its margin is no
        more free is taken away, as a venue expires it.
        """
        resting = self._resting.get(order_id)
        if resting is None:
            return None
        order = resting.order
        step = self.terms.facts[order.instrument].amount_step
        amount = taken_of(order, resting.left, offered, step, lambda: exact.absolute(self.amount(order.instrument)))
        if amount <= 0:
            return None
        self._take_aside(resting)
        assert order.limit is not None
        level = Level(order.limit.value, amount)
        if self._unpaid(order, [level]) is not None:
            self._over(resting, at_ns)
            return None
        trade_id, fee = f"{order.id}-t{len(resting.fills)}", self.terms.fee_of_maker
        fill = self._books.fill(order.id, trade_id, order.instrument, order.side, level, fee, at_ns)
        after = replace(resting, fills=(*resting.fills, fill))
        self._rests(after, Execution(after.outcome(final=not after.left), after.fills), at_ns)
        return fill

    def cancel(self, order_id: str, at_ns: int) -> Filled | None:
        """Takes an order away that rests, and frees what was set aside for it; None where none of that id rests."""
        resting = self._resting.get(order_id)
        if resting is None:
            return None
        self._take_aside(resting)
        return self._over(resting, at_ns)

    def resting(self) -> Mapping[str, Resting]:
        """What rests now, by its id, the oldest first."""
        return dict(self._resting)

    def suspend(self, instrument: Instrument) -> None:
        """Orders for it are refused until `resume`; what is open stays, and is still marked and funded."""
        self._suspended.add(instrument)

    def resume(self, instrument: Instrument) -> None:
        self._suspended.discard(instrument)

    def restate(self, facts: InstrumentFacts) -> None:
        """From now on the venue asks this of orders for the instrument; what is open stays."""
        self._books.terms = replace(self.terms, facts={**self.terms.facts, facts.instrument: facts})

    def lever(self, instrument: Instrument, leverage: Decimal) -> None:
        """What opens from now on locks notional / leverage; what is open keeps its margin.

        Errors: ValueError for a leverage that is not above zero.
        """
        self._books.terms = replace(self.terms, leverages={**self.terms.leverages, instrument: leverage})

    def transfer(self, change: Amount) -> None:
        """A deposit (above zero) or withdrawal by the account's owner, no trade.

        Errors: ValueError for more than is free to go.
        """
        if exact.add(self._books.free_of(change.asset), change.value) < 0:
            raise ValueError(f"{self.terms.venue} has no {(-change).text()} free to go")
        self._books.post(change)

    def settle_funding(self, instrument: Instrument, rate: Decimal, mark: Decimal, at_ns: int) -> Income | None:
        """Books -position * mark * rate for what was held at that time; None where nothing was, or it is booked.

        Held is what filled before `at_ns`, so a trade at the very time of a settlement comes after it. Through the
        position's margin, or the free balance where the position has been closed since.
        """
        funding_id = f"funding-{instrument.base}-{instrument.quote}-{at_ns}"
        if at_ns < self._forgotten_ns:
            return None
        held = self.held(instrument, at_ns)
        if not held or any(income.id == funding_id for income in self.income_since(at_ns)):
            return None
        value = self.terms.booked(exact.negate(exact.mul(exact.mul(held, mark), rate)))
        received = Amount(value, instrument.quote)
        income = Income(funding_id, "funding", instrument, received, at_ns)
        self._books.receive(income)
        return income

    def mark_to(self, instrument: Instrument, mark: Decimal, at_ns: int) -> Fill | None:
        """Takes the position away if its equity at this mark is at or below its maintenance margin.

        It is closed whole at its bankruptcy price: all of its margin is lost (less than a tick of it comes back) and
        nothing else, without a fee, under an order id of the venue's own (`autoclose-...`).
        """
        position = self._books.position(instrument)
        if not is_liquidated(position, mark, self.terms.facts[instrument]):
            return None
        price = position.bankruptcy_price(self._finest_tick(instrument))
        return self._forced(Forced.LIQUIDATION, instrument, exact.absolute(position.amount), price, at_ns)

    def close_by_force(
        self, why: Forced, instrument: Instrument, amount: Decimal, price: Decimal, at_ns: int
    ) -> Fill | None:
        """The venue closes that much of what is open, without a fee, under an order id of its own.

        Unit: amount in base, above zero. Edge: no more than is open, and at no price that would cost more than the
        position's margin; None where nothing is open, or one of this kind happened at that time.
        """
        position = self._books.position(instrument)
        forced_id = why.order_id(instrument, at_ns)
        if not position.amount or any(fill.order_id == forced_id for fill in self.fills_since(at_ns)):
            return None
        worst = position.bankruptcy_price(self._finest_tick(instrument))
        at = max(price, worst) if position.amount > 0 else min(price, worst)
        return self._forced(why, instrument, min(amount, exact.absolute(position.amount)), at, at_ns)

    def restore(
        self, outcomes: Iterable[Outcome], fills: Iterable[Fill], incomes: Iterable[Income], at_ns: int
    ) -> None:
        """Books in a fresh account what was booked before, each once and in the order of its times (see `restoring`).

        What an outcome tells beyond the fills that are given is booked at `at_ns`, as it was told; of an order of which
        nothing is known to have traded, and no end, nothing ever came. Edge: a settlement that was told only after later
        trades is booked before them: less or more of the same sum is free. Errors: ValueError where anything was booked
        here already; LookupError for an instrument that is not traded here.
        """
        if self._outcomes or self.fills_since(0) or self.income_since(0):
            raise ValueError(f"{self.terms.venue} goes on from a fresh account only")
        outcomes, fills = tuple(outcomes), tuple(fills)
        rest = untold(outcomes, fills, self.terms.taken_fee_of, at_ns)
        for booked in in_order((*fills, *rest), incomes):
            if booked.instrument not in self.terms.facts:
                raise LookupError(f"{booked.instrument.text()} is not traded at {self.terms.venue}")
            if isinstance(booked, Fill):
                self._books.book(booked)
            else:
                self._books.receive(booked)
        self._outcomes = ends(outcomes, self.fills_since(0))
        self._ended_ns = dict.fromkeys(self._outcomes, at_ns)

    def forget(self, before_ns: int) -> None:
        """Lists no more what was booked before that time, nor how orders ended before it, as venues list only so much.

        What it came to stays, and an id that was taken stays so. Edge: a settlement of a time before it, told late, is
        not booked: nobody knows any more what was held then.
        """
        self._forgotten_ns = max(self._forgotten_ns, before_ns)
        self._books.forget(before_ns)
        for order_id in [order_id for order_id, at_ns in self._ended_ns.items() if at_ns < before_ns]:
            del self._outcomes[order_id], self._ended_ns[order_id]
            self._forgotten.add(order_id)

    def has_forgotten(self, order_id: str) -> bool:
        """Whether it came here so long ago that what became of it is not listed any more."""
        return order_id in self._forgotten

    def amount(self, instrument: Instrument) -> Decimal:
        """Base of a perpetual that is open, signed."""
        return self._books.position(instrument).amount

    def traded_at(self, instrument: Instrument) -> int | None:
        """The latest time at which the instrument filled; None where it never did."""
        return self._books.traded_at(instrument)

    def held(self, instrument: Instrument, at_ns: int) -> Decimal:
        """Base of a perpetual held just before a time, signed. Edge: a forced close at that time came first."""
        return self._books.held(instrument, at_ns)

    def liquidation_price(self, instrument: Instrument) -> Decimal | None:
        """As `liquidation.liquidation_price`; None for nothing open."""
        return self._books.liquidation_price(instrument)

    def unrealised(self, instrument: Instrument, mark: Decimal) -> Amount:
        """What closing at this mark would win or lose, fee apart. Unit: quote."""
        return Amount(self._books.position(instrument).unrealised(mark), instrument.quote)

    def balances(self) -> Mapping[Account, Balance]:
        """Every asset that was ever here."""
        return self._books.balances(resting.aside for resting in self._resting.values())

    def positions(self) -> Mapping[Instrument, VenuePosition]:
        """What is open, by instrument."""
        return self._books.positions()

    def fills_since(self, at_ns: int) -> Sequence[Fill]:
        """From that time on (inclusive), oldest first; of one time in the order in which they were booked."""
        return self._books.fills_since(at_ns)

    def income_since(self, at_ns: int) -> Sequence[Income]:
        """As `fills_since`."""
        return self._books.income_since(at_ns)

    def outcome_of(self, order_id: str) -> Outcome | None:
        """What became of an order; None for one that never came."""
        return self._outcomes.get(order_id)

    def _came(self, order_id: str) -> bool:
        return order_id in self._outcomes or order_id in self._forgotten

    def _refused(self, order: Order, served: TimeInForce = TimeInForce.IOC) -> Rejected | None:
        """What is wrong with an order whatever the market does."""
        facts = self.terms.facts.get(order.instrument)
        if facts is None:
            return Refusal.UNKNOWN_INSTRUMENT.of(order, f"{order.instrument.text()} is not traded here")
        if order.instrument in self._suspended:
            return Refusal.SUSPENDED.of(order, f"{order.instrument.text()} is not traded now")
        return refusal(order, facts, self._books.position(order.instrument), served)

    def _takes(self, order: Order, levels: Iterable[Level]) -> tuple[Level, ...]:
        return takes(order, self._most(order), levels, self.terms.facts[order.instrument].amount_step)

    def _most(self, order: Order) -> Decimal | None:
        """Base that may trade; None where only its cost bounds the order."""
        if order.reduce_only:
            amount = exact.absolute(self._books.position(order.instrument).amount)
            return amount if order.cost is not None else min(amount, order.amount.value)
        return None if order.cost is not None else order.amount.value

    def _unpaid(self, order: Order, taken: Sequence[Level]) -> Rejected | None:
        return (
            unpaid(order, taken, self._books.position(order.instrument), self.terms, self._books.free_of)
            if taken
            else None
        )

    def _ended(
        self, order: Order, refused: Rejected | None, taken: Sequence[tuple[str, Level]], at_ns: int
    ) -> Execution:
        """Books what was taken, by its trade id, and keeps what became of the order."""
        if refused is not None:
            execution = Execution(refused)
        else:
            fee = self.terms.taker_fee
            fills = tuple(
                self._books.fill(order.id, trade_id, order.instrument, order.side, level, fee, at_ns)
                for trade_id, level in taken
            )
            execution = Execution(ended(order, fills), fills)
        self._outcomes[order.id], self._ended_ns[order.id] = execution.outcome, at_ns
        return execution

    def _unrested(self, order: Order) -> Rejected | None:
        if not is_margined(self.terms.facts[order.instrument]):
            return unreserved(order, self.terms, self._books.free_of)
        position = self._books.position(order.instrument)
        return uncovered(order, asked_aside(order, order.amount.value, position, self.terms), self._books.free_of)

    def _rests(self, resting: Resting, now: Execution, at_ns: int) -> Execution:
        """Sets aside what the rest of it needs. Edge: an order with nothing left has ended, as one that cannot be paid."""
        order = resting.order
        if not resting.left:
            self._resting.pop(order.id, None)
            self._outcomes[order.id], self._ended_ns[order.id] = now.outcome, at_ns
            return now
        aside = asked_aside(order, resting.left, self._books.position(order.instrument), self.terms)
        if self._books.free_of(aside.asset) < aside.value:
            return Execution(self._over(resting, at_ns), resting.fills)
        self._books.post(-aside)
        self._resting[order.id] = replace(resting, aside=aside)
        self._outcomes[order.id] = resting.outcome()
        self._ended_ns.pop(order.id, None)
        return Execution(resting.outcome(), resting.fills)

    def _take_aside(self, resting: Resting) -> None:
        self._books.post(resting.aside)
        del self._resting[resting.order.id]

    def _over(self, resting: Resting, at_ns: int) -> Filled:
        outcome = resting.outcome(final=True)
        self._outcomes[resting.order.id], self._ended_ns[resting.order.id] = outcome, at_ns
        return outcome

    def _forced(self, why: Forced, instrument: Instrument, amount: Decimal, price: Decimal, at_ns: int) -> Fill:
        side = Side.of(self._books.position(instrument).amount).opposite
        forced_id = why.order_id(instrument, at_ns)
        # karb: constant because a close that nobody ordered is not charged for
        fee = Decimal(0)
        return self._books.fill(forced_id, f"{forced_id}-t", instrument, side, Level(price, amount), fee, at_ns)

    def _finest_tick(self, instrument: Instrument) -> Decimal:
        return min(band.tick for band in self.terms.facts[instrument].ticks)


def _duplicate(order: Order) -> Execution:
    return Execution(Refusal.DUPLICATE.of(order, f"{order.id} was sent before"))
