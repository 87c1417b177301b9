"""Equity by day as returns. Money until a ratio is made; a ratio is a float."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from karb_core.domain.amount import Amount
from karb_core.domain.in_steps import InSteps
from karb_core.ports import Backtested


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """What the strategy is worth when it begins, and at the end of each day of Korea that it touched.

    Shape: `worth` has one amount more than there are days. What is divided of its whole numbers is the nearest float, as
    by `ratio`, and sooner.
    Source: capital plus all that the books earned since, open lots at the last prices (docs/reference/metrics.md).
    """

    worth: InSteps

    @classmethod
    def of(cls, came: Backtested) -> EquityCurve:
        values = (came.capital, *(came.capital + day.parts.net for day in came.days))
        return cls(InSteps.of(values, came.capital.asset))

    @property
    def values(self) -> tuple[Amount, ...]:
        return self.worth.amounts()

    @property
    def first(self) -> Amount:
        return self.worth.amount(0)

    @property
    def last(self) -> Amount:
        return self.worth.amount(-1)

    @property
    def days(self) -> int:
        return len(self.worth) - 1

    @property
    def wiped_out(self) -> bool:
        """Whether nothing was left at the end of some day: from there on a return says nothing."""
        return min(self.worth.counts) <= 0

    def returns(self) -> tuple[float, ...]:
        """One for each day, as a ratio of the equity before it. Edge: none where it was ever wiped out."""
        if self.wiped_out:
            return ()
        return tuple([(after - before) / before for before, after in pairwise(self.worth.counts)])


def ratio(part: Amount, whole: Amount) -> float:
    """The nearest float. Errors: ZeroDivisionError for a whole of nothing; `MixedAssets` for two assets."""
    same = part if part.asset == whole.asset else part + Amount.zero(whole.asset)
    over, under = same.value.as_integer_ratio(), whole.value.as_integer_ratio()
    return (over[0] * under[1]) / (over[1] * under[0])
