"""When a venue takes an isolated position away: equity at the mark at or below the maintenance margin.

A short of q base that brought P, with margin M, is taken where M + P - n <= n r - d at a notional n, in the tier
(from, r, d) that n lies in; a long that cost C where M - C + n <= n r - d. Source: the venues' own definition.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import zip_longest

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts, MaintenanceTier
from karb_core.venue.isolated import IsolatedPosition
from karb_core.venue.rounding import TOLD_STEP

_ONE = Decimal(1)


def is_liquidated(position: IsolatedPosition, mark: Decimal, facts: InstrumentFacts) -> bool:
    """Edge: equity of exactly the maintenance margin is too little. Errors: LookupError for an unknown tier."""
    if not position.amount:
        return False
    return position.equity(mark) <= facts.maintenance_of(position.notional(mark))


def liquidation_price(position: IsolatedPosition, facts: InstrumentFacts) -> Decimal | None:
    """The first mark, coming from the entry, at which the position is taken; None where there is none above zero.

    Rounded towards the entry, so that a search for it never comes too late; whether the position is taken at a mark
    `is_liquidated` says exactly.
    """
    if not position.amount:
        return None
    return _of_long(position, facts.maintenance) if position.amount > 0 else _of_short(position, facts.maintenance)


def _of_short(position: IsolatedPosition, tiers: tuple[MaintenanceTier, ...]) -> Decimal | None:
    size = exact.absolute(position.amount)
    ends = [tier.from_notional for tier in tiers[1:]]
    for tier, end in zip_longest(tiers, ends):
        over = exact.add(exact.sub(position.margin, position.cost), tier.deduction)
        under = exact.add(_ONE, tier.rate)
        if end is not None and over >= exact.mul(end, under):
            continue
        if over <= exact.mul(tier.from_notional, under):
            return _told(tier.from_notional, size, Rounding.FLOOR)
        return _told(over, exact.mul(under, size), Rounding.FLOOR)
    return None


def _of_long(position: IsolatedPosition, tiers: tuple[MaintenanceTier, ...]) -> Decimal | None:
    for tier in reversed(tiers):
        over = exact.sub(exact.sub(position.cost, position.margin), tier.deduction)
        under = exact.sub(_ONE, tier.rate)
        if over < exact.mul(tier.from_notional, under):
            continue
        return _told(over, exact.mul(under, position.amount), Rounding.CEIL)
    return None


def _told(over: Decimal, under: Decimal, rounding: Rounding) -> Decimal | None:
    price = exact.divide(over, under, TOLD_STEP, rounding)
    return price if price > 0 else None
