"""How much near notional an entry is, what is open already, and the legs that make it.

Sizes count the near leg, in the asset of the capital, at entry prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, LegTarget, Proposal
from karb_core.domain.exact import Rounding
from karb_core.domain.lots import Lot
from karb_core.domain.premium import Direction
from karb_core.ports import Moment, PairTerms, Terms
from karb_sizing.params import Base, Counts

#: What a notional and an amount are floored to before the venues' own steps are.
_STEP = Decimal((0, (1,), -8))  # karb: constant because it is finer than any venue's step


def near_notional(params: Base, size: Decimal, pair: PairTerms, terms: Terms) -> Decimal:
    """The near leg of an entry of this size. Rounded down to 1e-8 where both legs are counted, else exact.

    Counted over both legs at leverage L the far margin is 1 / L of the near notional, so near is L / (L + 1) of it.
    """
    base = exact.mul(terms.capital.value, pair.share if params.of == "pair_share" else Decimal(1))
    whole = exact.mul(base, size)
    return counted_near(whole, params.counts, pair, terms)


def counted_near(whole: Decimal, counts: Counts, pair: PairTerms, terms: Terms) -> Decimal:
    """The near leg of a size that counts one leg, or both."""
    if counts == "near_leg":
        return whole
    # karb: constant because a venue without margin states no leverage and is paid in full
    leverage = terms.leverage.get(pair.legs[1].venue, Decimal(1))
    return exact.divide(exact.mul(whole, leverage), exact.add(leverage, Decimal(1)), _STEP, Rounding.FLOOR)


def open_near(lots: Iterable[Lot], book: str) -> Decimal | None:
    """What the near legs of the open lots cost at entry; None where one is not in the book's asset.

    Edge: a lot counts whole until nothing of it is open.
    """
    total = Decimal(0)
    for lot in lots:
        cost = lot.legs[0].entered_cost
        if cost.asset != book:
            return None
        if not lot.flat:
            total = exact.add(total, exact.absolute(cost.value))
    return total


def legs_of(proposal: Proposal, moment: Moment, notional: Decimal, rule: str) -> tuple[LegTarget, ...] | Denied:
    """Equal base on both legs, floored to 1e-8, each at the price we would trade at; `rule` says whose size it is."""
    side = Direction(proposal.side).near_side
    near, far = moment.legs
    prices = moment.tops[0].to(side), moment.tops[1].to(side.opposite)
    if not (prices[0] > 0 and prices[1] > 0):
        return Denied(rule, "a leg has no price", "a price on both legs")
    amount = exact.divide(notional, prices[0], _STEP, Rounding.FLOOR)
    if not amount:
        return Denied(rule, f"{exact.text(notional)} {near.quote} buys nothing", f"{exact.text(_STEP)} {near.base}")
    signed = exact.mul(amount, side.sign)
    return (
        LegTarget(near, near.amount(signed), near.price(prices[0])),
        LegTarget(far, far.amount(exact.negate(signed)), far.price(prices[1])),
    )
