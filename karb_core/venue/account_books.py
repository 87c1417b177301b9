"""What one account at a venue has: balances, positions, and everything that was ever booked there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Fill, Side
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.forced import Forced
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.liquidation import liquidation_price
from karb_core.venue.records import Records
from karb_core.venue.refusals import is_margined
from karb_core.venue.terms import VenueTerms

_NOTHING = IsolatedPosition()


class AccountBooks:
    """Fees, funding and costs are booked as exact products, never rounded. free + locked of an asset is its wallet:
    opening + everything that was booked; unrealised results are beside it.

    `terms` are those in force: whoever has the venue's changes them here.
    """

    def __init__(self, terms: VenueTerms) -> None:
        self.terms = terms
        self._free: dict[str, Decimal] = dict(terms.opening)
        self._positions: dict[Instrument, IsolatedPosition] = {}
        self._records = Records()
        self._liquidations: dict[Instrument, tuple[IsolatedPosition, InstrumentFacts, Decimal | None]] = {}

    def free_of(self, asset: str) -> Decimal:
        # karb: constant because what never came is not there
        return self._free.get(asset, Decimal(0))

    def post(self, change: Amount) -> None:
        """To the free balance; below zero for what goes."""
        self._free[change.asset] = exact.add(self.free_of(change.asset), change.value)

    def position(self, instrument: Instrument) -> IsolatedPosition:
        return self._positions.get(instrument, _NOTHING)

    def fill(
        self, order_id: str, trade_id: str, instrument: Instrument, side: Side, taken: Level, fee: Decimal, at_ns: int
    ) -> Fill:
        """Books so much at that price. `fee`: a ratio of its cost."""
        fill = Fill(
            order_id=order_id,
            venue_trade_id=trade_id,
            instrument=instrument,
            side=side,
            amount=instrument.amount(taken.amount),
            price=instrument.price(taken.price),
            fee=self.terms.fee_of(instrument, side, taken, fee),
            venue_at_ns=at_ns,
            received_at_ns=at_ns,
        )
        self.book(fill)
        return fill

    def book(self, fill: Fill) -> None:
        self._records.add_fill(fill)
        self.post(-fill.fee)
        instrument = fill.instrument
        if not is_margined(self._facts(instrument)):
            self.post(fill.moved)
            self.post(-fill.cost)
            return
        after, freed = self.position(instrument).with_trade(
            fill.moved.value, fill.price.value, self.terms.leverage_of(instrument)
        )
        self.post(Amount(freed, instrument.quote))
        self._positions.pop(instrument, None)
        if after.amount:
            self._positions[instrument] = after

    def receive(self, income: Income) -> None:
        """Through the position's margin, or the free balance where nothing is open."""
        self._records.add_income(income)
        position = self.position(income.instrument)
        if position.amount:
            self._positions[income.instrument] = position.with_funding(income.received.value)
        else:
            self.post(income.received)

    def held(self, instrument: Instrument, at_ns: int) -> Decimal:
        """Base of a perpetual held just before a time, signed. Edge: a forced close at that time came first."""
        later = [fill for fill in self.fills_since(at_ns) if fill.instrument == instrument]
        amount = self.position(instrument).amount
        for fill in later:
            if Forced.read(fill.order_id) is None or fill.venue_at_ns > at_ns:
                amount = exact.sub(amount, fill.moved.value)
        return amount

    def balances(self, aside: Iterable[Amount]) -> Mapping[Account, Balance]:
        """Every asset that was ever here. Locked is the margin of what is open and what is set `aside`."""
        locked: defaultdict[str, Decimal] = defaultdict(Decimal)
        for instrument, position in self._positions.items():
            locked[instrument.quote] = exact.add(locked[instrument.quote], position.margin)
        for amount in aside:
            locked[amount.asset] = exact.add(locked[amount.asset], amount.value)
        return {Account(self.terms.venue, asset): Balance(free, locked[asset]) for asset, free in self._free.items()}

    def positions(self) -> Mapping[Instrument, VenuePosition]:
        """What is open, by instrument."""
        return {
            instrument: VenuePosition(
                position.amount, position.margin, position.entry_price(), self.liquidation_price(instrument)
            )
            for instrument, position in self._positions.items()
        }

    def liquidation_price(self, instrument: Instrument) -> Decimal | None:
        """Asked far more often than anything of it changes."""
        position, facts = self.position(instrument), self._facts(instrument)
        known = self._liquidations.get(instrument)
        if known is None or known[0] is not position or known[1] is not facts:
            known = self._liquidations[instrument] = position, facts, liquidation_price(position, facts)
        return known[2]

    def fills_since(self, at_ns: int) -> Sequence[Fill]:
        return self._records.fills_since(at_ns)

    def income_since(self, at_ns: int) -> Sequence[Income]:
        return self._records.income_since(at_ns)

    def traded_at(self, instrument: Instrument) -> int | None:
        return self._records.traded_at(instrument)

    def forget(self, before_ns: int) -> None:
        """Lists no more what was booked before that time; what it came to stays."""
        self._records.forget(before_ns)

    def _facts(self, instrument: Instrument) -> InstrumentFacts:
        return self.terms.facts[instrument]
