"""What was known when: the last value at each row, and the events between two moments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.columns import Floats, Ints, Mask, frozen
from karb_core.history.points import Points

#: The age of a value that was never known: older than any limit, so that whoever forgets the mask refuses.
NEVER = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The last value known at each row.

    Shape: `values` NaN, `age_ms` the greatest int64, `present` false before the first value was known.
    Unit: `age_ms` counts from the time the value became known.
    """

    values: Floats
    age_ms: Ints
    present: Mask


def last_known(points: Points, at: Ints) -> Known:
    """For each time the last value known at or before it, however old: the age is the caller's to judge.

    Unit: ms since 1970 UTC. Edge: a value known at exactly that time counts; `at` may be in any order.
    """
    row = np.searchsorted(points.times, frozen(at, np.int64), side="right") - 1
    present = row >= 0
    if present.all():
        values, age_ms = points.values[row], at - points.times[row]
    else:
        values = np.full(len(at), np.nan)
        age_ms = np.full(len(at), NEVER, dtype=np.int64)
        values[present] = points.values[row[present]]
        age_ms[present] = at[present] - points.times[row[present]]
    return Known(frozen(values, np.float64), frozen(age_ms, np.int64), frozen(present, np.bool_))


def events_between(points: Points, after: int, until: int) -> slice:
    """The rows whose time lies in (after, until]: so joined spans share no event and miss none.

    Unit: ms since 1970 UTC. Edge: empty for after == until. Errors: ValueError if until comes before after.
    """
    if until < after:
        raise ValueError(f"the span ends at {until}, before it begins at {after}")
    first, stop = np.searchsorted(points.times, [after, until], side="right").tolist()
    return slice(first, stop)
