"""`--goal 'sharpe > 1.0'`: what a point has to reach, in sample and out of sample."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, get_args

from karb_core.errors import UsageMistake
from karb_core.texts.text import Words
from karb_research.figures import Figures, Measure
from karb_research.sweep_table import SweepTable, TableRow

_WAYS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_ONE = re.compile(r"\s*([a-z_]+)\s*(>=|<=|>|<)\s*(-?[0-9][0-9_,]*(?:\.[0-9]+)?)\s*(%?)\s*")
_PERCENT = Decimal("0.01")  # karb: constant because a hundredth is a percent
_MEASURES: tuple[Measure, ...] = get_args(Measure)


@dataclass(frozen=True, slots=True)
class Bound:
    measure: Measure
    way: str
    value: Decimal

    def reached(self, figures: Figures) -> bool:
        """Edge: a figure that has no meaning reaches nothing."""
        found = figures.measure(self.measure)
        return found is not None and _WAYS[self.way](found, self.value)


@dataclass(frozen=True, slots=True)
class Goal:
    """`written`: as it was asked for; all bounds have to be reached."""

    written: str
    bounds: tuple[Bound, ...]

    def reached(self, figures: Figures) -> bool:
        return all(bound.reached(figures) for bound in self.bounds)


@dataclass(frozen=True, slots=True)
class Reached:
    """The points that reach a goal in sample, and of those the ones that reach it out of sample too, as in the table."""

    goal: Goal
    inside: tuple[TableRow, ...]
    both: tuple[TableRow, ...]


def goal_of(written: str) -> Goal:
    """Shape: `sharpe > 1.0`, `max_drawdown > -5% and trades >= 30`. Errors: UsageMistake for anything else."""
    return Goal(written, tuple(_bound(part) for part in written.split(" and ")))


def reached(goal: Goal, table: SweepTable) -> Reached:
    """Errors: none. The study has to state its days out of sample."""
    inside = [row for row in table.rows if row.figures is not None and goal.reached(row.figures.judged)]
    both = [row for row in inside if row.figures and row.figures.outside and goal.reached(row.figures.outside)]
    return Reached(goal, tuple(inside), tuple(both))


def _bound(part: str) -> Bound:
    found = _ONE.fullmatch(part)
    if found is None:
        said = Words(f"`{part.strip()}` is no goal", f"`{part.strip()}`: 목표로 읽을 수 없습니다")
        raise UsageMistake(said, Words("write for example: --goal 'sharpe > 1.0'", "예: --goal 'sharpe > 1.0'"))
    measure = next((each for each in _MEASURES if each == found[1]), None)
    if measure is None:
        near = get_close_matches(found[1], _MEASURES, 1, 0.6)
        said = Words(f"there is no figure `{found[1]}`", f"`{found[1]}`: 그런 지표는 없습니다")
        told = near[0] if near else ", ".join(_MEASURES)
        raise UsageMistake(said, Words(f"there is: {told}", f"있는 것: {told}"))
    # karb: constant because the value is the third group of the pattern
    value = Decimal(found[3].replace("_", "").replace(",", ""))
    # karb: constant because the percent sign is the fourth group of the pattern
    return Bound(measure, found[2], value * _PERCENT if found[4] else value)
