"""One leg of a plan that fills whole at one price: what moves, what it costs, and what comes to the free balances.

Values of which a sweep makes tens of thousands are named tuples: they are made several times as fast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind
from karb_core.domain.orders import Side
from karb_core.engine.ladder import limit_at
from karb_core.engine.strategy import Strategy
from karb_core.venue.isolated import IsolatedPosition

#: What came to free balances, by the numbers that accounts have here.
Came = tuple[tuple[int, Decimal], ...]


class NotStraight(Exception):
    """Something could come otherwise than the short way takes it."""


@dataclass(frozen=True, slots=True, eq=False)
class LegTerms:
    """What every order of one leg goes by. leverage: None where no margin stands for it; base, quote: the numbers of its
    accounts."""

    instrument: Instrument
    facts: InstrumentFacts
    band: Decimal
    taker: Decimal
    leverage: Decimal | None
    base: int
    quote: int

    @classmethod
    def of(cls, instrument: Instrument, strategy: Strategy, number: Callable[[Account], int]) -> LegTerms:
        terms, venue = strategy.terms, instrument.venue
        facts = terms.facts[instrument]
        base, quote = (number(Account(venue, asset)) for asset in (instrument.base, instrument.quote))
        leverage = terms.leverage[venue] if facts.kind is InstrumentKind.PERPETUAL else None
        return cls(instrument, facts, strategy.legs.band, terms.costs[venue], leverage, base, quote)


class StraightLeg(NamedTuple):
    """amount in base and cost in quote, signed (+ came, + was paid); fee in quote, above zero.

    free: what came to the free balances, fee included; position: what is open of a perpetual afterwards.
    """

    instrument: Instrument
    amount: Decimal
    cost: Decimal
    fee: Decimal
    free: Came
    position: IsolatedPosition


class Deal(NamedTuple):
    """At what an order of one side is carried out at one row, whatever its size. planned, limit: on the venue's ticks, of
    the plan and at the end of the owner's band around it; price: the open, inside that."""

    terms: LegTerms
    planned: Decimal
    limit: Decimal
    price: Decimal

    @classmethod
    def of(cls, terms: LegTerms, side: Side, planned: Decimal, price: Decimal) -> Deal:
        """Errors: NotStraight where the open lies beyond the band."""
        limit = limit_at(planned, side, terms.band, terms.facts)
        if price > limit if side is Side.BUY else price < limit:
            raise NotStraight
        return cls(terms, terms.facts.floor_price(planned), limit, price)

    def leg(self, amount: Decimal, before: IsolatedPosition) -> StraightLeg:
        """So much, signed and in whole steps of the venue, traded whole.

        Errors: NotStraight where it is more or less than the venue takes.
        """
        terms, price = self.terms, self.price
        self._need_a_size(exact.absolute(amount), before)
        cost = exact.mul(amount, price)
        fee = exact.mul(exact.absolute(cost), terms.taker)
        if terms.leverage is not None:
            after, freed = before.with_trade(amount, price, terms.leverage)
            return StraightLeg(terms.instrument, amount, cost, fee, ((terms.quote, exact.sub(freed, fee)),), after)
        free = (terms.base, amount), (terms.quote, exact.negate(exact.add(cost, fee)))
        return StraightLeg(terms.instrument, amount, cost, fee, free, before)

    def _need_a_size(self, size: Decimal, before: IsolatedPosition) -> None:
        """What is enough at the lower of both prices is enough at the other."""
        facts, planned, limit = self.terms.facts, self.planned, self.limit
        if facts.beyond_sizes(size, min(planned, limit)) is None:
            return
        if facts.beyond_sizes(size, planned, reduces=bool(before.amount)) or facts.beyond_sizes(size, limit):
            raise NotStraight
