"""Equity by day as returns. Money until a ratio is made; a ratio is a float."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.ports import Backtested


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """What the strategy is worth when it begins, and at the end of each day of Korea that it touched.

    Shape: `values` has one amount more than there are days, all of one asset.
    Source: capital plus all that the books earned since, open lots at the last prices (docs/reference/metrics.md).
    """

    values: tuple[Amount, ...]

    @classmethod
    def of(cls, came: Backtested) -> EquityCurve:
        return cls((came.capital, *(came.capital + day.parts.net for day in came.days)))

    @property
    def days(self) -> int:
        return len(self.values) - 1

    @property
    def wiped_out(self) -> bool:
        """Whether nothing was left at the end of some day: from there on a return says nothing."""
        return any(value.value <= 0 for value in self.values)

    def returns(self) -> tuple[float, ...]:
        """One for each day, as a ratio of the equity before it. Edge: none where it was ever wiped out."""
        if self.wiped_out:
            return ()
        whole = self.in_steps()
        return tuple((after - before) / before for before, after in pairwise(whole))

    def in_steps(self) -> list[int]:
        """The values as whole numbers of one step of their asset, so small that all are whole. What is divided of these is
        the nearest float, as by `ratio`, and sooner."""
        plain = [value.value for value in self.values]
        places = max([0, *(-int(value.as_tuple().exponent) for value in plain)])
        return [int(value.scaleb(places, exact.EXACT)) for value in plain]


def ratio(part: Amount, whole: Amount) -> float:
    """The nearest float. Errors: ZeroDivisionError for a whole of nothing; `MixedAssets` for two assets."""
    same = part if part.asset == whole.asset else part + Amount.zero(whole.asset)
    over, under = same.value.as_integer_ratio(), whole.value.as_integer_ratio()
    return (over[0] * under[1]) / (over[1] * under[0])
