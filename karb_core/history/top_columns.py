"""A pair's tops and its rate as columns of one grid, row for row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karb_core.history.columns import Floats, Ints, Mask
from karb_core.history.known import last_known
from karb_core.history.pair_columns import PairColumns
from karb_core.history.points import Points
from karb_core.history.tops import Tops


@dataclass(frozen=True, slots=True, eq=False)
class TopColumns:
    """One row a time of the grid. `columns`: the pair's, with the middles of tops for closes; standing: by leg, the row
    of its tops that stands then, 0 where none does."""

    columns: PairColumns
    standing: tuple[Ints, ...]


def top_columns(
    tops: Sequence[Tops],
    step_ms: int,
    max_age_ms: int,
    span: tuple[int, int],
    rate: Points | None,
    money: Points | None,
) -> TopColumns:
    """The legs' tops at each time of the grid in `span` (ms, whole steps; its begin is no row, its end is one).

    A row is judged by what was known at its time: the last top of each leg, where that is not older than `max_age_ms`
    (exactly so old is there), and the last rate. The middle is the float nearest to it, which never lies outside the
    top. Errors: ValueError for a span that is not of whole steps.
    """
    start, end = span
    if start % step_ms or end % step_ms or end <= start:
        raise ValueError(f"{start} to {end} is not a span of whole steps of {step_ms} ms")
    at = np.arange(start + step_ms, end + step_ms, step_ms, dtype=np.int64)
    laid = [_laid(one, at, max_age_ms) for one in tops]
    known = None if rate is None else last_known(rate, at)
    booked = known if money is rate else None if money is None else last_known(money, at)
    none = np.zeros(len(at))
    columns = PairColumns(
        closed_at_ms=at,
        closes=tuple(close for _, close, _ in laid),
        volumes=tuple(none for _ in laid),
        present=tuple(present for _, _, present in laid),
        rate=None if known is None else np.where(known.present, known.values, 0.0),
        rate_age_ms=None if known is None else known.age_ms,
        money=None if booked is None else np.where(booked.present, booked.values, 0.0),
    )
    return TopColumns(columns, tuple(standing for standing, _, _ in laid))


def _laid(tops: Tops, at: Ints, max_age_ms: int) -> tuple[Ints, Floats, Mask]:
    row = np.searchsorted(tops.times, at, side="right") - 1
    standing = np.maximum(row, 0)
    present = (row >= 0) & (at - tops.times[standing] <= max_age_ms)
    middle = (tops.bid[standing] + tops.ask[standing]) / 2
    return standing, middle if present.all() else np.where(present, middle, 0.0), present
