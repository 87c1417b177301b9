"""Money in proportion: parts of one amount that add up to it exactly."""

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding

#: Finer than any venue books, so that a part is off by less than anybody counts.
_STEP = Decimal(1).scaleb(-18)


def in_proportion(whole: Amount, weights: Mapping[str, Decimal]) -> tuple[tuple[str, Amount], ...]:
    """One part for each weight, in their order; each rounded to 1e-18 (half even) but the last, which takes the rest.

    Unit: weights in any one unit, above zero. Edge: no weights, no parts; a negative whole is shared like a positive
    one. Errors: decimal.DivisionByZero where all weights are zero and there are several.
    """
    total = Decimal(0)
    for weight in weights.values():
        total = exact.add(total, weight)
    parts: list[tuple[str, Amount]] = []
    left = whole
    for at, (name, weight) in enumerate(weights.items(), start=1):
        part = left if at == len(weights) else _part(whole, weight, total)
        left = left - part
        parts.append((name, part))
    return tuple(parts)


def _part(whole: Amount, weight: Decimal, total: Decimal) -> Amount:
    value = exact.divide(exact.mul(whole.value, weight), total, _STEP, Rounding.HALF_EVEN)
    return Amount(value, whole.asset)
