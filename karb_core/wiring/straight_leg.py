"""One leg of a plan that fills whole at one price: what moves, what it costs, and what comes to the free balances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.orders import Side
from karb_core.engine.ladder import limit_at
from karb_core.engine.strategy import Strategy
from karb_core.venue.isolated import IsolatedPosition


class NotStraight(Exception):
    """Something could come otherwise than the short way takes it."""


@dataclass(frozen=True, slots=True)
class StraightLeg:
    """amount in base and cost in quote, signed (+ came, + was paid); fee in quote, above zero.

    free: by account, what came to the free balance, fee included; position: what is open of a perpetual afterwards.
    """

    instrument: Instrument
    amount: Decimal
    cost: Decimal
    fee: Decimal
    free: Mapping[Account, Decimal]
    position: IsolatedPosition


@dataclass(frozen=True, slots=True)
class Deal:
    """At what an order of one side is carried out at one row, whatever its size. planned, limit: on the venue's ticks, of
    the plan and at the end of the owner's band around it; price: the open, inside that."""

    instrument: Instrument
    planned: Decimal
    limit: Decimal
    price: Decimal


def deal(instrument: Instrument, side: Side, planned: Decimal, price: Decimal, strategy: Strategy) -> Deal:
    """Errors: NotStraight where the open lies beyond the band."""
    facts = strategy.terms.facts[instrument]
    limit = limit_at(planned, side, strategy.legs.band, facts)
    if price > limit if side is Side.BUY else price < limit:
        raise NotStraight
    return Deal(instrument, facts.floor_price(planned), limit, price)


def straight_leg(at: Deal, amount: Decimal, strategy: Strategy, before: IsolatedPosition) -> StraightLeg:
    """So much, signed and in whole steps of the venue, traded whole.

    Errors: NotStraight where it is more or less than the venue takes.
    """
    instrument, price = at.instrument, at.price
    facts, size = strategy.terms.facts[instrument], exact.absolute(amount)
    reduces = bool(before.amount)
    if facts.beyond_sizes(size, at.planned, reduces=reduces) or facts.beyond_sizes(size, at.limit):
        raise NotStraight
    cost = exact.mul(amount, price)
    fee = exact.mul(exact.absolute(cost), strategy.terms.costs[instrument.venue])
    if facts.kind is InstrumentKind.PERPETUAL:
        after, freed = before.with_trade(amount, price, strategy.terms.leverage[instrument.venue])
        free = {Account(instrument.venue, instrument.quote): exact.sub(freed, fee)}
        return StraightLeg(instrument, amount, cost, fee, free, after)
    free = {
        Account(instrument.venue, instrument.base): amount,
        Account(instrument.venue, instrument.quote): exact.negate(exact.add(cost, fee)),
    }
    return StraightLeg(instrument, amount, cost, fee, free, before)
