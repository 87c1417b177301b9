"""What is wrong with a recording, by its rows and by its book of holes: gaps, duplicates, outliers, clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from karb_core.history.bad_data import BadData
from karb_core.history.holes import Hole
from karb_core.history.recorded import Series
from karb_core.history.store import Store, open_store

if TYPE_CHECKING:
    import polars as pl

Problem = Literal["gap", "unreported gap", "duplicate", "outlier", "clock", "unreadable"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing. Unit: ms of UTC; until_ms is None for a gap that is still open."""

    of: str
    problem: Problem
    from_ms: int
    until_ms: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """quiet_ms: how long tops and marks may go without a row; quiet_bars: how many bars in a row may not be there;
    ahead_ms: how far a source's time may be after ours."""

    quiet_ms: int
    quiet_bars: int
    ahead_ms: int


def wrong_in(folder: Path, bounds: Bounds) -> list[Wrong]:
    """By series and time."""
    store = open_store(folder)
    holes = store.holes()
    found = [Wrong(h.of, "gap", h.from_ms, h.until_ms, h.why) for h in holes if h.fate != "filled"]
    for series in store.series():
        found += _wrong_of(store, series, [h for h in holes if h.of == series.text()], bounds)
    return sorted(found, key=lambda each: (each.of, each.from_ms))


def _wrong_of(store: Store, series: Series, holes: list[Hole], bounds: Bounds) -> Iterator[Wrong]:
    try:
        frame = store.rows(series)
    except BadData as e:
        yield Wrong(series.text(), "unreadable", 0, None, str(e))
        return
    if not frame.height:
        return
    if series.flagged:
        yield from _outliers(series, frame)
        return
    yield from _duplicates(series, frame)
    yield from _gaps(series, frame, holes, bounds)
    yield from _clocks(series, frame, bounds)


def _outliers(series: Series, frame: pl.DataFrame) -> Iterator[Wrong]:
    import polars as pl

    time = series.columns.time
    for (why,), rows in sorted(frame.group_by("why")):
        times = rows[time].cast(pl.Int64)
        yield Wrong(series.text(), "outlier", times.min(), times.max(), f"{why}: {rows.height}")  # type: ignore[arg-type]


def _duplicates(series: Series, frame: pl.DataFrame) -> Iterator[Wrong]:
    times = frame[series.columns.time]
    twice = times.filter(times.is_duplicated()).unique().sort().to_physical()
    if len(twice):
        yield Wrong(series.text(), "duplicate", twice[0], twice[-1], str(len(twice)))


def _gaps(series: Series, frame: pl.DataFrame, holes: list[Hole], bounds: Bounds) -> Iterator[Wrong]:
    """Longer than the bound, and not all of it in the book of holes. Funding and rates come when they come."""
    length_ms = series.bars_ms * (bounds.quiet_bars + 1) if series.kind == "bars" else bounds.quiet_ms
    if series.kind in ("funding", "rates"):
        return
    times = frame[series.columns.time].to_physical()
    for row in (times.diff() > length_ms).arg_true().to_list():
        since, until = times[row - 1] + series.bars_ms, times[row]
        if not _written_down(since, until, holes):
            yield Wrong(series.text(), "unreported gap", since, until, "")


def _written_down(since_ms: int, until_ms: int, holes: list[Hole]) -> bool:
    """Whether holes, one after the other, reach from one end to the other."""
    at = since_ms
    for hole in sorted(holes, key=lambda each: each.from_ms):
        if hole.from_ms <= at:
            at = until_ms if hole.until_ms is None else max(at, hole.until_ms)
    return at >= until_ms


def _clocks(series: Series, frame: pl.DataFrame, bounds: Bounds) -> Iterator[Wrong]:
    """A source's time that lies after ours: one of the two clocks is wrong."""
    if series.kind not in ("tops", "marks", "rates"):
        return
    ours, theirs = frame[series.columns.time].to_physical(), frame["venue_at"].to_physical()
    ahead = theirs - ours
    rows = (ahead > bounds.ahead_ms).arg_true().to_list()
    if rows:
        most = max(ahead[row] for row in rows)
        said = f"the source's clock is up to {most} ms ahead of ours: {len(rows)}"
        yield Wrong(series.text(), "clock", ours[rows[0]], ours[rows[-1]], said)
