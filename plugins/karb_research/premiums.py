"""A pair's premium at each close, on both bases: the rate that judges, and the rate that money is booked at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.premium import of_units
from karb_core.history.columns import Floats, Ints, Mask
from karb_core.history.premium_column import premium_column
from karb_core.ports import PairSeries

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(frozen=True, slots=True, eq=False)
class Premiums:
    """Columns of one row a bar. Unit: ms of UTC; premiums in units of 1e-8, 0 where not present.

    judged: at the `premium` rate; booked: at the `money` rate, None where that is the same column, or nobody gives one;
    each with its mask: rows in which both legs have a bar and that rate is known.
    """

    closed_at_ms: Ints
    judged: Ints
    judged_present: Mask
    booked: Ints | None
    booked_present: Mask | None

    @classmethod
    def of(cls, series: PairSeries) -> Premiums:
        """Of a pair of two legs, near first. Edge: legs in one quote need no rate. Errors: ValueError for more legs."""
        near, far = series.closes
        judged, judged_present = _column(series, near, far, series.rate)
        booked = None if series.money is None else _column(series, near, far, series.money)
        if booked is not None and bool((booked[0] == judged).all()) and bool((booked[1] == judged_present).all()):
            booked = None
        return cls(series.closed_at_ms, judged, judged_present, *(booked or (None, None)))

    def best(self, sign: Decimal, from_ns: int, until_ns: int) -> Decimal | None:
        """The highest (sign above zero) or lowest premium of the closes after a time, up to another; None for none."""
        first = int(self.closed_at_ms.searchsorted(from_ns // _NS, side="right"))
        stop = int(self.closed_at_ms.searchsorted(until_ns // _NS, side="right"))
        seen = self.judged[first:stop][self.judged_present[first:stop]]
        if not len(seen):
            return None
        return of_units(int(seen.max() if sign > 0 else seen.min()))


def _column(series: PairSeries, near: Floats, far: Floats, rate: Floats | None) -> tuple[Ints, Mask]:
    present = series.present[0] & series.present[1]
    if rate is not None:
        present = present & (rate > 0)
    return premium_column(near, far, rate, present), present
