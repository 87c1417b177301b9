"""One whole among several lots, to the last step."""

from collections.abc import Sequence
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding


def share_out(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> tuple[Decimal, ...]:
    """total in proportion to the weights, each part in steps, by the largest remainder; the parts sum to total.

    Unit: total and step alike, weights in any one unit. Edge: equal remainders go to the earlier weight; what total
    has beyond whole steps goes to the largest weight, so nothing is lost; a negative total is shared like a positive
    one. Errors: ValueError for weights below zero or all zero, or a step that is not above zero.
    Source: Hamilton's method of apportionment.
    """
    whole = exact.total(weights)
    if not whole or min(weights) < 0:
        raise ValueError(f"nothing can be shared by the weights {list(weights)}")
    size = exact.absolute(total)
    steps = exact.steps_in(size, Decimal(1), step, Rounding.FLOOR)
    quotas = [exact.mul(Decimal(steps), weight) for weight in weights]
    counts = [exact.steps_in(quota, whole, Decimal(1), Rounding.FLOOR) for quota in quotas]
    rests = [exact.sub(quota, exact.mul(Decimal(count), whole)) for quota, count in zip(quotas, counts, strict=True)]
    by_rest = sorted(range(len(counts)), key=lambda at: (exact.negate(rests[at]), at))
    for at in by_rest[: steps - sum(counts)]:
        counts[at] += 1
    parts = [exact.mul(Decimal(count), step) for count in counts]
    largest = max(range(len(parts)), key=lambda at: (weights[at], -at))
    parts[largest] = exact.add(parts[largest], exact.sub(size, exact.total(parts)))
    return tuple(parts if total >= 0 else map(exact.negate, parts))
