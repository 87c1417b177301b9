"""Carrying a walk forward out: in each window every point, then the one that is taken, over the days after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from karb_core.ports import Clock, KeptPoints, PointCarried, PointRefused, PointResult, Points
from karb_research.axes import Grid
from karb_research.sampling import sampling_of
from karb_research.sweep_file import Sampler, Take
from karb_research.sweeping import Row, Sweeping
from karb_research.windows import Window

#: Heard after each point: which window it is, of how many; how many of its points are done, and of how many.
Progress = Callable[[int, int, int, int], None]


@dataclass(frozen=True, slots=True)
class Walk:
    """One window, carried out. rows: its points in sample, in the study's order; taken: one of them, None where none has
    the figure; came: what that one came to out of sample, None without one."""

    window: Window
    rows: tuple[Row, ...]
    taken: Row | None
    came: PointResult | None

    @property
    def carried(self) -> PointCarried | None:
        return None if isinstance(self.came, PointRefused) else self.came


@dataclass(frozen=True, slots=True)
class Walking:
    """Each stretch is a run of its own: it begins with the strategy's capital and nothing open, warmed up by what lies
    before it, and ends where the next begins. In sample nothing of a later day is there."""

    grid: Grid
    sampler: Sampler
    take: Take
    points: Points
    store: KeptPoints
    clock: Clock
    progress: Progress

    def walk(self, windows: Sequence[Window]) -> tuple[Walk, ...]:
        return tuple(self._walk(window, len(windows)) for window in windows)

    def _walk(self, window: Window, count: int) -> Walk:
        inside = self.points.within(window.from_ns, window.split_ns)

        def told(done: int, most: int) -> None:
            self.progress(window.number, count, done, most)

        sweeping = Sweeping(self.grid, None, inside, self.store, self.clock, told)
        rows = sweeping.sweep(sampling_of(self.sampler, self.grid)).rows
        taken = taken_of(rows, self.take)
        if taken is None:
            return Walk(window, rows, None, None)
        outside = self.points.within(window.split_ns, window.until_ns)
        ((_, came),) = outside.results([self.grid.changes(taken.place)], as_it_is)
        return Walk(window, rows, taken, came)


def taken_of(rows: Sequence[Row], take: Take) -> Row | None:
    """The row whose figure is the highest or the lowest; of equal ones the first. None where none has the figure."""
    having = [(value, row) for row in rows if (value := _value(row, take)) is not None]
    if not having:
        return None
    end = (max if take.towards == "highest" else min)(value for value, _ in having)
    return next(row for value, row in having if value == end)


def as_it_is(result: PointResult) -> PointResult:
    return result


def _value(row: Row, take: Take) -> Decimal | float | None:
    return None if row.figures is None else row.figures.judged.measure(take.measure)
