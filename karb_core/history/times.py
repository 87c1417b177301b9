"""Times in columns: int64, milliseconds since 1970-01-01 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from karb_core.history.bad_data import BadData
from karb_core.history.columns import Ints, first_row

# No market data is older, and no unit read for another (seconds for milliseconds) lands between the two.
_EARLIEST = 315_532_800_000
_LATEST = 4_102_444_800_000


def moment(ms: int) -> str:
    """Shape: `2025-01-01 00:00:00 UTC`; thousandths only where there are any."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    return f"{at.replace(tzinfo=None).isoformat(' ', 'milliseconds' if ms % 1000 else 'seconds')} UTC"


def need_times(times: Ints, *, series: str, column: str) -> None:
    """Passes if the times rise strictly and lie between 1980 and 2100.

    Errors: BadData naming the first row that repeats the one before it, comes too early, or was read in a wrong unit.
    """
    if not len(times):
        return
    strange = first_row((times < _EARLIEST) | (times >= _LATEST))
    if strange is not None:
        problem = f"{int(times[strange])} ms is no time between 1980 and 2100: is the unit right?"
        raise BadData(problem, series=series, column=column, row=strange)
    back = first_row(np.diff(times) <= 0)
    if back is not None:
        before, after = int(times[back]), int(times[back + 1])
        problem = f"{moment(after)} is there twice" if before == after else f"{moment(after)} after {moment(before)}"
        raise BadData(f"{problem}: times must rise", series=series, column=column, row=back + 1)
