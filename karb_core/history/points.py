"""A series of single values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.bad_data import BadData
from karb_core.history.columns import Floats, Ints, first_row, frozen, same_length
from karb_core.history.times import need_times


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Values, each known from its time on: FX rates, funding rates.

    Shape: `times` int64, `values` float64 by the convention of `prices`, but of any sign. Unit: ms since 1970 UTC.
    Errors: BadData naming series, column and row for times that do not rise and for a value that is not finite.
    """

    series: str
    times: Ints
    values: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", frozen(self.times, np.int64))
        object.__setattr__(self, "values", frozen(self.values, np.float64))
        same_length(self.times, self.values)
        need_times(self.times, series=self.series, column="times")
        row = first_row(~np.isfinite(self.values))
        if row is not None:
            problem = f"{float(self.values[row])!r} is not a number to reckon with"
            raise BadData(problem, series=self.series, column="values", row=row)

    def __len__(self) -> int:
        return len(self.times)
