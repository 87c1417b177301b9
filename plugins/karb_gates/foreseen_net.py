"""What a lot would bring in money at many moments, as floats: to see from afar on which side of zero it is."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.lots import Lot
from karb_core.ports import LeavingColumns, Terms

if TYPE_CHECKING:
    from karb_core.ports.foreseen import Floats


def foreseen_net(lot: Lot, at: LeavingColumns, terms: Terms) -> Floats:
    """As `Leaving.money` with fees and funding, over the near notional at entry; NaN where it cannot be told."""
    near, far = lot.legs
    unknown: Floats = np.full(len(at.money), np.nan)
    quotes = near.instrument.quote, far.instrument.quote
    venues = [leg.instrument.venue for leg in lot.legs]
    notional = exact.absolute(near.entered_cost.value)
    foreign = any(amount.value and amount.asset not in quotes for amount in (*lot.charged, *lot.funding))
    if not notional or not far.entered.value or foreign or not terms.costs.keys() >= set(venues):
        return unknown
    rates = (np.ones(len(at.money)), np.where(at.money > 0, at.money, np.nan))
    worth = np.zeros(len(at.money))
    for leg, price, venue, rate in zip(lot.legs, at.prices, venues, rates, strict=True):
        left = float(leg.open.value) * price
        fee = abs(float(leg.open.value)) * price * float(terms.costs[venue])
        worth = worth + (float(leg.result.value) + left - fee) * rate
    for amounts, sign in ((lot.funding, 1.0), (lot.charged, -1.0)):
        own, abroad = _sum(amounts, quotes[0]), _sum(amounts, quotes[1]) if quotes[0] != quotes[1] else 0.0
        worth = worth + sign * (own + abroad * rates[1])
    found: Floats = worth / float(notional)
    return found


def _sum(amounts: Iterable[Amount], asset: str) -> float:
    return float(sum((amount.value for amount in amounts if amount.asset == asset), Decimal(0)))
