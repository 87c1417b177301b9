"""A strategy with all its data: what every piece of them is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.decisions import Cited
from karb_core.ports import Course, PairSeen, Piecewise


@dataclass(frozen=True, slots=True)
class Whole:
    """lines: the owner's, by pointer; seen: by pair, what was judged by; course: what was decided."""

    over: Piecewise
    lines: Mapping[str, Cited]
    seen: Mapping[str, PairSeen]
    course: Course

    def use(self, pointer: str) -> str:
        """The component that is seated there."""
        return self.lines[f"{pointer}/use"].written

    def lines_of(self, pointer: str) -> tuple[Cited, ...]:
        """Of a component: the line that names it, and those that state its parameters."""
        named = self.lines[f"{pointer}/use"]
        return named, *(line for at, line in self.lines.items() if at.startswith(f"{pointer}/with"))
