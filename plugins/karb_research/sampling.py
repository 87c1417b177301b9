"""Which points of a grid are carried out, in which order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol

from karb_research.axes import Grid, Place
from karb_research.figures import PointFigures
from karb_research.sweep_file import Sampler

Told = Sequence[tuple[Place, PointFigures | None]]


class Sampling(Protocol):
    """ask: the next points, none where that is all of them. tell: what came of all that were asked for last, in their
    order, None of a point that could not be carried out. most: how many there will be in all, at the most."""

    @property
    def most(self) -> int: ...
    def ask(self) -> list[Place]: ...
    def tell(self, told: Told) -> None: ...


def sampling_of(sampler: Sampler, grid: Grid) -> Sampling:
    """Errors: PluginUnusable where Optuna is asked for and not installed."""
    if sampler.optuna is not None:
        from karb_research.sampling_optuna import OptunaSampling

        return OptunaSampling(sampler.optuna, grid)
    if sampler.random is not None:
        most = min(sampler.random.points, grid.size)
        drawn = random.Random(sampler.random.seed).sample(range(grid.size), most)  # the same on every machine
        return Listed([grid.place(number) for number in drawn])
    return Listed([grid.place(number) for number in range(grid.size)])


class Listed:
    """Points that are known before any is carried out."""

    def __init__(self, places: list[Place]) -> None:
        self._places = places
        self.most = len(places)

    def ask(self) -> list[Place]:
        places, self._places = self._places, []
        return places

    def tell(self, told: Told) -> None: ...
