"""Carrying a study out: what was found out before is not asked for again, and what is found out is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from karb_core.domain import canonical
from karb_core.ports import Clock, KeptPoints, PointCarried, PointResult, Points
from karb_core.texts.text import Words
from karb_research import kept_figures
from karb_research.axes import Grid, Place
from karb_research.figures import PointFigures, point_figures
from karb_research.kept_figures import Found
from karb_research.sampling import Sampling

_PACKAGE = "karb_research"
_KEEP_NS = 1_000_000_000  # karb: constant because it says how much of a killed sweep may be found out again

_NOT_YET = Words("")

#: Heard after each point: how many are done, and how many there will be at the most.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One point. number: from 1 on, in the order in which they were asked for."""

    number: int
    place: Place
    found: Found

    @property
    def figures(self) -> PointFigures | None:
        return self.found if isinstance(self.found, PointFigures) else None


@dataclass(frozen=True, slots=True)
class Swept:
    """Every point of a study, once. carried: how many were carried out now; the others were found out before."""

    grid: Grid
    rows: tuple[Row, ...]
    out_of_sample: date | None
    carried: int


@dataclass(slots=True)
class Sweeping:
    """One study under way. Interrupted, it has kept all but the last second, and the same study goes on from there."""

    grid: Grid
    out_of_sample: date | None
    points: Points
    store: KeptPoints
    clock: Clock
    progress: Progress
    carried: int = 0

    def sweep(self, sampling: Sampling) -> Swept:
        found: dict[Place, Found] = {}
        asked = 0
        while places := sampling.ask():
            asked += len(places)
            new = [place for place in dict.fromkeys(places) if place not in found]
            self._find(new, found, sampling.most - (asked - len(new)))
            sampling.tell([(place, _figures(found[place])) for place in places])
        rows = (Row(number, place, each) for number, (place, each) in enumerate(found.items(), 1))
        return Swept(self.grid, tuple(rows), self.out_of_sample, self.carried)

    def _find(self, places: Sequence[Place], found: dict[Place, Found], most: int) -> None:
        keys = {place: self._key(place) for place in places}
        kept = self.store.found(list(keys.values()))
        for place in places:  # those to come take their places now: the order is the sampler's, not that of the cores
            found[place] = kept_figures.read(kept[keys[place]]) if keys[place] in kept else _NOT_YET
        missing = [place for place in places if found[place] is _NOT_YET]
        done = len(found) - len(missing)
        self.progress(done, most)
        waiting: dict[str, str] = {}
        kept_ns = self.clock.now_ns()
        try:
            asked = [self.grid.changes(place) for place in missing]
            for at, came in self.points.results(asked, partial(_found, out_of_sample=self.out_of_sample)):
                place = missing[at]
                found[place] = came
                waiting[keys[place]] = kept_figures.written(came)
                self.carried += 1
                done += 1
                self.progress(done, most)
                if self.clock.now_ns() - kept_ns > _KEEP_NS:
                    self.store.keep(waiting)
                    waiting, kept_ns = {}, self.clock.now_ns()
        finally:
            self.store.keep(waiting)

    def _key(self, place: Place) -> str:
        """Of the study only what a point's figures follow from: a study that is widened keeps what was found out."""
        split = None if self.out_of_sample is None else self.out_of_sample.isoformat()
        return canonical.digest(
            {"point": self.points.key(self.grid.changes(place), (_PACKAGE,)), "out_of_sample": split}
        )


def _found(result: PointResult, out_of_sample: date | None) -> Found:
    """Asked in the process that carried the point out: its figures are a part of the work."""
    return point_figures(result, out_of_sample) if isinstance(result, PointCarried) else result.why


def _figures(found: Found) -> PointFigures | None:
    return found if isinstance(found, PointFigures) else None
