"""The sample deviation of floats, exact until it is rounded once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import stdev

# karb: constant because floats have so many bits, and so much room above them
_BITS, _ROOM = 53, 900
_MORE = 64  # karb: constant because a root of so many bits is rounded to a float's as the whole root is


def deviation(values: Sequence[float]) -> float:
    """The nearest float, as `statistics.stdev` tells it, and sooner: every value is a whole number of one power of two.

    Errors: StatisticsError for fewer than two.
    """
    sizes = list(map(abs, filter(None, values)))
    least, most = (math.frexp(end(sizes, default=1.0))[1] for end in (min, max))
    step = _BITS - least
    if len(values) < 2 or step < 0 or step + max(most, 0) > _ROOM:
        return stdev(values)
    scale = math.ldexp(1.0, step)
    counts = [int(value * scale) for value in values]
    over = len(counts) * sum([count * count for count in counts]) - sum(counts) ** 2
    return _root(over, len(counts) * (len(counts) - 1) << 2 * step)


def _root(over: int, under: int) -> float:
    """Of a ratio. What is left of it beyond the bits that are kept is told by the last one."""
    more = max(0, _MORE - (over.bit_length() - under.bit_length()) // 2)
    shifted = over << 2 * more
    root = math.isqrt(shifted // under)
    return (root | (root * root * under != shifted)) / (1 << more)
