"""Money in proportion: parts of one amount that add up to it exactly."""

from collections.abc import Mapping
from decimal import Decimal, Inexact

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding

#: Finer than any venue books, so that a part is off by less than anybody counts.
_STEP = Decimal(1).scaleb(-18)


def in_proportion(whole: Amount, weights: Mapping[str, Decimal]) -> tuple[tuple[str, Amount], ...]:
    """One part for each weight, in their order; each exact where a decimal holds it, else rounded to 1e-18 (half
    even), but for the last, which takes the rest.

    Unit: weights in any one unit; one of the other sign has its part with the other sign. Edge: no weights, no parts;
    weights that cancel out to nothing have none either; a negative whole is shared like a positive one.
    """
    total = Decimal(0)
    for weight in weights.values():
        total = exact.add(total, weight)
    if not total:
        return ()
    parts: list[tuple[str, Amount]] = []
    left = whole
    for at, (name, weight) in enumerate(weights.items(), start=1):
        part = left if at == len(weights) else _part(whole, weight, total)
        left = left - part
        parts.append((name, part))
    return tuple(parts)


def _part(whole: Amount, weight: Decimal, total: Decimal) -> Amount:
    product = exact.mul(whole.value, weight)
    try:
        return Amount(exact.EXACT.divide(product, total), whole.asset)
    except (Inexact, ValueError):
        return Amount(exact.divide(product, total, _STEP, Rounding.HALF_EVEN), whole.asset)
