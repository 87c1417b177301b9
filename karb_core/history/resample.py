"""Bars of a finer length put together to a coarser one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karb_core.history.bars import Bars
from karb_core.history.columns import Floats, Ints, frozen


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Coarser bars, and for each the row of the first finer bar that opens at or after its close.

    Edge: `next_row` is the number of finer rows where none follows. Where the venue wrote no bar at the close, the
    row is that of a later one: compare its `opened_at` before filling at its open.
    """

    bars: Bars
    next_row: Ints


def resample(bars: Bars, length_ms: int, known_from: int | None = None, known_until: int | None = None) -> Resampled:
    """Bars of `length_ms`: the first open, highest high, lowest low, last close and summed volume of their finer bars.

    Unit: ms. `known_from` and `known_until` bound what the finer series covers; without them it covers what lies from
    its first opening to its last close. Edge: a bar that is not wholly covered is left out, as its close is not known
    yet or its open is lost; a covered bar of which only some finer bars exist is made of those; one without any is
    missing. Errors: ValueError if `length_ms` is no multiple of the finer length.
    """
    if length_ms < bars.length_ms or length_ms % bars.length_ms:
        raise ValueError(f"bars of {length_ms} ms cannot be made of bars of {bars.length_ms} ms")
    covered = _covered(bars, length_ms, known_from, known_until)
    opened = bars.opened_at[covered] // length_ms * length_ms
    starts = np.flatnonzero(np.diff(opened, prepend=-1))
    ends = np.append(starts[1:], len(opened)) - 1 if len(starts) else starts
    coarse = Bars(
        series=bars.series,
        length_ms=length_ms,
        opened_at=opened[starts],
        open=bars.open[covered][starts],
        high=_each(np.maximum, bars.high[covered], starts),
        low=_each(np.minimum, bars.low[covered], starts),
        close=bars.close[covered][ends],
        volume=None if bars.volume is None else _each(np.add, bars.volume[covered], starts),
    )
    return Resampled(coarse, frozen(covered.start + ends + 1, np.int64))


def _covered(bars: Bars, length_ms: int, known_from: int | None, known_until: int | None) -> slice:
    """The finer rows of the coarser bars that open and close within what is known."""
    if not len(bars):
        return slice(0, 0)
    since = int(bars.opened_at[0]) if known_from is None else known_from
    until = int(bars.opened_at[-1]) + bars.length_ms if known_until is None else known_until
    first, stop = -(-since // length_ms) * length_ms, until // length_ms * length_ms
    low, high = np.searchsorted(bars.opened_at, [first, max(first, stop)]).tolist()
    return slice(low, high)


def _each(join: np.ufunc, column: Floats, starts: Ints) -> Floats:
    """One value for each run of rows; NumPy refuses to reduce nothing."""
    joined: Floats = join.reduceat(column, starts) if len(starts) else column[:0]
    return joined
