"""How a figure is spread over many draws: some of its percentiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Of a hundred.
PERCENTILES = (1, 5, 25, 50, 75, 95, 99)  # karb: constant because a table shows these; nothing follows from them
_WHOLE = 100  # karb: constant because a percent is of a hundred


@dataclass(frozen=True, slots=True)
class Spread:
    """at: by percentile, the value that so many of a hundred draws lie at or below, between two draws in proportion;
    draws: how many have the figure at all."""

    at: Mapping[int, float]
    draws: int


def spread_of(values: Sequence[float | None]) -> Spread | None:
    """None where no draw has the figure. Source: R. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages (1996),
    definition 7."""
    having: Any = np.array([value for value in values if value is not None], dtype=np.float64)
    if not len(having):
        return None
    found = np.quantile(having, [each / _WHOLE for each in PERCENTILES])
    return Spread({each: float(value) for each, value in zip(PERCENTILES, found, strict=True)}, len(having))
