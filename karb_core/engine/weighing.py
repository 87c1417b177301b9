"""Whether filling up what lacks costs more, at the prices of now, than trading back what leads."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from karb_core.domain.orders import Side
from karb_core.engine.legs_now import LegsNow


def completing_costs_more(now: LegsNow) -> bool:
    """Each way at the sides we would trade, as a ratio of the plan's price, by how much of its target a leg would trade.

    Ratios, so that legs in different money need no rate; fees are left out, for both ways trade once. Edge: exactly as
    much is not more. Where a leg has no price nothing can be weighed, and completing counts as dearer.
    """
    completing = _cost(now, ((i, amount, now.plan.legs[i].side) for i, amount in now.lacking().items()))
    going_back = _cost(now, ((i, amount, now.plan.legs[i].side.opposite) for i, amount in now.leading().items()))
    return completing is None or going_back is None or completing > going_back


def _cost(now: LegsNow, ways: Iterable[tuple[int, Decimal, Side]]) -> Fraction | None:
    """Above zero for what is lost against the plan's price; None where a leg has no price."""
    whole = Fraction(0)
    for leg, amount, side in ways:
        target = now.plan.legs[leg]
        top = now.tops.get(target.instrument)
        if top is None:
            return None
        planned = Fraction(target.price.value)
        part = Fraction(amount) / abs(Fraction(target.amount.value))
        whole += Fraction(side.sign) * (Fraction(top.to(side)) - planned) / planned * part
    return whole
