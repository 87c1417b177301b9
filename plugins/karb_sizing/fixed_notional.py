"""The near notional of a fixed amount: of money as it is counted, of coins at the price we would trade at."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied, Proposal
from karb_core.domain.premium import Direction
from karb_core.ports import Moment, Terms
from karb_sizing.near_notional import counted_near
from karb_sizing.params import FixedParams


def fixed_notional(params: FixedParams, proposal: Proposal, moment: Moment, terms: Terms) -> Decimal | Denied:
    """The smallest of what the amounts that speak of the pair come to. Unit: near's quote."""
    pair = terms.pairs[proposal.pair]
    near = pair.legs[0]
    price = moment.tops[0].to(Direction(proposal.side).near_side)
    found = []
    for amount in params.amounts:
        if amount.asset == near.quote:
            found.append(counted_near(amount.value, params.counts, pair, terms))
        elif amount.asset == near.base:
            found.append(_worth(amount, price))
    if not found:
        return Denied("amounts", f"none is in {near.quote} or {near.base}", "an amount for each pair")
    return min(found)


def _worth(coins: Amount, price: Decimal) -> Decimal:
    return exact.mul(coins.value, price)
