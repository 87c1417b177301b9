"""One leg of a plan that fills whole at one price: what moves, what it costs, and what comes to the free balances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import LegTarget
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.orders import Side
from karb_core.engine.ladder import limit_of
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


def straight_leg(target: LegTarget, price: Decimal, strategy: Strategy, before: IsolatedPosition) -> StraightLeg:
    """The leg of a plan, filled whole at that price.

    Errors: NotStraight where the price lies beyond the owner's band, or the venue would not take the order.
    """
    instrument, side = target.instrument, target.side
    facts = strategy.terms.facts[instrument]
    limit = limit_of(target, side, strategy.legs.band, facts).value
    beyond = price > limit if side is Side.BUY else price < limit
    if beyond or facts.unfit(exact.absolute(target.amount.value), limit) is not None:
        raise NotStraight
    amount = target.amount.value
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
