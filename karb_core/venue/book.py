"""One venue's books: what orders, settlements and marks do to one account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Side
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.liquidation import is_liquidated, liquidation_price
from karb_core.venue.records import Records
from karb_core.venue.refusals import Refusal, is_margined, refusal, signed
from karb_core.venue.terms import VenueTerms

FORCED = "autoclose-"


@dataclass(frozen=True, slots=True)
class Execution:
    """How an order ended, and what of it traded."""

    outcome: Filled | Rejected
    fills: tuple[Fill, ...] = ()


class VenueBook:
    """One account at one venue. What it hands out is frozen; only its methods change it.

    Fees, funding and costs are booked as exact products, never rounded. free + locked of an asset is its wallet:
    opening + everything that was booked; unrealised results are beside it. No trade makes a free balance negative.
    """

    def __init__(self, terms: VenueTerms) -> None:
        self._terms = terms
        self._free: dict[str, Decimal] = dict(terms.opening)
        self._positions: dict[Instrument, IsolatedPosition] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._records = Records()

    @property
    def terms(self) -> VenueTerms:
        return self._terms

    def trade(self, order: Order, price: Decimal | None, at_ns: int) -> Execution:
        """Carries an order out whole at one price, or not at all.

        `price` in quote per base, None where nobody trades at that moment. Outside its limit, or without a price, the
        order ends unfilled, as an immediate-or-cancel one does. Edge: exactly the limit trades; funds are asked for at
        the price, not at the limit; what only reduces trades no more than is open; an order told by its cost buys
        what whole steps the cost pays for. An id is taken once, whatever became of it.
        """
        if order.id in self._outcomes:
            return Execution(Refusal.DUPLICATE.of(order, f"{order.id} was sent before"))
        execution = self._execute(order, price, at_ns)
        self._outcomes[order.id] = execution.outcome
        return execution

    def settle_funding(self, instrument: Instrument, rate: Decimal, mark: Decimal, at_ns: int) -> Income | None:
        """Books -position * mark * rate for what was held at that time; None where nothing was, or it is booked.

        Held is what filled before `at_ns`, so a trade at the very time of a settlement comes after it. Through the
        position's margin, or the free balance where the position has been closed since.
        """
        funding_id = f"funding-{instrument.base}-{instrument.quote}-{at_ns}"
        held = self.held(instrument, at_ns)
        if not held or any(income.id == funding_id for income in self.income_since(at_ns)):
            return None
        received = Amount(exact.negate(exact.mul(exact.mul(held, mark), rate)), instrument.quote)
        position = self._position(instrument)
        if position.amount:
            self._positions[instrument] = position.with_funding(received.value)
        else:
            self._post(received)
        income = Income(funding_id, "funding", instrument, received, at_ns)
        self._records.add_income(income)
        return income

    def mark_to(self, instrument: Instrument, mark: Decimal, at_ns: int) -> Fill | None:
        """Takes the position away if its equity at this mark is at or below its maintenance margin.

        It is closed whole at its bankruptcy price: all of its margin is lost (less than a tick of it comes back) and
        nothing else, without a fee, under an order id of the venue's own (`autoclose-...`).
        """
        position = self._position(instrument)
        facts = self._terms.facts[instrument]
        if not is_liquidated(position, mark, facts):
            return None
        side = Side.of(exact.negate(position.amount))
        price = position.bankruptcy_price(min(band.tick for band in facts.ticks))
        forced_id = f"{FORCED}{instrument.base}-{instrument.quote}-{at_ns}"
        return self._fill(forced_id, instrument, side, exact.absolute(position.amount), price, Decimal(0), at_ns)

    def amount(self, instrument: Instrument) -> Decimal:
        """Base of a perpetual that is open, signed."""
        return self._position(instrument).amount

    def traded_at(self, instrument: Instrument) -> int | None:
        """The latest time at which the instrument filled; None where it never did."""
        return self._records.traded_at(instrument)

    def held(self, instrument: Instrument, at_ns: int) -> Decimal:
        """Base of a perpetual held just before a time, signed. Edge: a forced close at that time came first."""
        later = [fill for fill in self.fills_since(at_ns) if fill.instrument == instrument]
        amount = self._position(instrument).amount
        for fill in later:
            if not fill.order_id.startswith(FORCED) or fill.venue_at_ns > at_ns:
                amount = exact.sub(amount, fill.moved.value)
        return amount

    def liquidation_price(self, instrument: Instrument) -> Decimal | None:
        """As `liquidation.liquidation_price`; None for nothing open."""
        return liquidation_price(self._position(instrument), self._terms.facts[instrument])

    def unrealised(self, instrument: Instrument, mark: Decimal) -> Amount:
        """What closing at this mark would win or lose, fee apart. Unit: quote."""
        return Amount(self._position(instrument).unrealised(mark), instrument.quote)

    def balances(self) -> Mapping[Account, Balance]:
        """Every asset that was ever here."""
        locked: defaultdict[str, Decimal] = defaultdict(Decimal)
        for instrument, position in self._positions.items():
            locked[instrument.quote] = exact.add(locked[instrument.quote], position.margin)
        return {Account(self._terms.venue, asset): Balance(free, locked[asset]) for asset, free in self._free.items()}

    def positions(self) -> Mapping[Instrument, VenuePosition]:
        """What is open, by instrument."""
        return {
            instrument: VenuePosition(
                position.amount, position.margin, position.entry_price(), self.liquidation_price(instrument)
            )
            for instrument, position in self._positions.items()
        }

    def fills_since(self, at_ns: int) -> Sequence[Fill]:
        """From that time on (inclusive), oldest first; of one time in the order in which they were booked."""
        return self._records.fills_since(at_ns)

    def income_since(self, at_ns: int) -> Sequence[Income]:
        """As `fills_since`."""
        return self._records.income_since(at_ns)

    def outcome_of(self, order_id: str) -> Outcome | None:
        """What became of an order; None for one that never came."""
        return self._outcomes.get(order_id)

    def _execute(self, order: Order, price: Decimal | None, at_ns: int) -> Execution:
        facts = self._terms.facts.get(order.instrument)
        if facts is None:
            return Execution(Refusal.UNKNOWN_INSTRUMENT.of(order, f"{order.instrument.text()} is not traded here"))
        refused = refusal(order, facts, self._position(order.instrument))
        if refused is not None:
            return Execution(refused)
        size = self._size(order, price, facts)
        if price is None or not size:
            return Execution(_unfilled(order))
        poor = self._poor(order, size, price, facts)
        if poor is not None:
            return Execution(poor)
        fill = self._fill(order.id, order.instrument, order.side, size, price, self._terms.taker_fee, at_ns)
        return Execution(Filled(order, fill.amount, abs(fill.cost), final=True), (fill,))

    def _size(self, order: Order, price: Decimal | None, facts: InstrumentFacts) -> Decimal:
        """Base that trades; 0 outside the limit."""
        if price is None or not _inside(order, price):
            return Decimal(0)
        if order.cost is not None:
            return exact.divide(order.cost.value, price, facts.amount_step, Rounding.FLOOR)
        if order.reduce_only:
            return exact.absolute(self._position(order.instrument).closed_by(signed(order)))
        return order.amount.value

    def _poor(self, order: Order, size: Decimal, price: Decimal, facts: InstrumentFacts) -> Rejected | None:
        """A refusal for what the account cannot pay, with the amount that is missing."""
        cost = exact.mul(size, price)
        fee = exact.mul(cost, self._terms.taker_fee)
        if is_margined(facts):
            moved = self._position(order.instrument).with_trade(
                exact.mul(order.side.sign, size), price, self._terms.leverage
            )
            return self._short(order, Refusal.NO_MARGIN, order.instrument.quote, exact.sub(fee, moved.freed))
        if order.side is Side.BUY:
            return self._short(order, Refusal.NO_QUOTE, order.instrument.quote, exact.add(cost, fee))
        return self._short(order, Refusal.NO_BASE, order.instrument.base, size)

    def _short(self, order: Order, code: Refusal, asset: str, needed: Decimal) -> Rejected | None:
        missing = exact.sub(needed, self._free_of(asset))
        if missing <= 0:
            return None
        return code.of(order, f"{exact.text(missing)} {asset} is missing of {exact.text(needed)} {asset}")

    def _fill(
        self, order_id: str, instrument: Instrument, side: Side, size: Decimal, price: Decimal, fee: Decimal, at_ns: int
    ) -> Fill:
        cost = exact.mul(size, price)
        fill = Fill(
            order_id=order_id,
            venue_trade_id=f"{order_id}-t",
            instrument=instrument,
            side=side,
            amount=instrument.amount(size),
            price=instrument.price(price),
            fee=Amount(exact.mul(cost, fee), instrument.quote),
            venue_at_ns=at_ns,
            received_at_ns=at_ns,
        )
        self._book(fill)
        self._records.add_fill(fill)
        return fill

    def _book(self, fill: Fill) -> None:
        self._post(-fill.fee)
        instrument = fill.instrument
        if not is_margined(self._terms.facts[instrument]):
            self._post(fill.moved)
            self._post(-fill.cost)
            return
        after, freed = self._position(instrument).with_trade(fill.moved.value, fill.price.value, self._terms.leverage)
        self._post(Amount(freed, instrument.quote))
        self._positions.pop(instrument, None)
        if after.amount:
            self._positions[instrument] = after

    def _free_of(self, asset: str) -> Decimal:
        # karb: constant because what never came is not there
        return self._free.get(asset, Decimal(0))

    def _post(self, change: Amount) -> None:
        self._free[change.asset] = exact.add(self._free_of(change.asset), change.value)

    def _position(self, instrument: Instrument) -> IsolatedPosition:
        return self._positions.get(instrument, IsolatedPosition())


def _inside(order: Order, price: Decimal) -> bool:
    if order.limit is None:
        return True
    return price <= order.limit.value if order.side is Side.BUY else price >= order.limit.value


def _unfilled(order: Order) -> Filled:
    return Filled(order, Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote), final=True)
