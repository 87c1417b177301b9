"""What a plan's legs pay with: money, coins, margin. What is free for it an account's view says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import LegTarget
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Side
from karb_core.ports.view import Terms

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely a need is rounded up


def needs(legs: tuple[LegTarget, ...], terms: Terms) -> Mapping[Account, Decimal]:
    """What each account must have free for these legs, fees included.

    A perpetual needs its notional over the leverage the file states, rounded up to 1e-8 of the margin asset.
    """
    wanted: dict[Account, Decimal] = {}
    for leg in legs:
        for account, amount in _of_leg(leg, terms):
            wanted[account] = exact.add(wanted.get(account, Decimal(0)), amount)
    return wanted


def _of_leg(leg: LegTarget, terms: Terms) -> Iterator[tuple[Account, Decimal]]:
    venue, facts = leg.instrument.venue, terms.facts[leg.instrument]
    size = exact.absolute(leg.amount.value)
    notional = exact.mul(size, leg.price.value)
    fee = exact.mul(notional, terms.costs[venue])
    if facts.kind is InstrumentKind.PERPETUAL:
        leverage = terms.leverage[venue]
        margin = exact.divide(notional, leverage, _STEP, Rounding.CEIL)
        yield Account(venue, str(facts.margin_asset)), exact.add(margin, fee)
    elif leg.side is Side.BUY:
        yield Account(venue, leg.instrument.quote), exact.add(notional, fee)
    else:
        yield Account(venue, leg.instrument.base), size
