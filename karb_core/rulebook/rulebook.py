"""A strategy file that was read whole: its typed sections, its components, and a line for every value."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.rulebook.digests import Digests, digests_of
from karb_core.rulebook.dispatch import Seat, every
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rule_lines import RuleLine, rule_lines
from karb_core.rulebook.source import Source
from karb_core.rulebook.strategy_file import StrategyFile


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Valid as far as its own words go; what only a look at the whole can find is in the findings beside it."""

    source: Source
    file: StrategyFile
    seats: tuple[Seat, ...]
    lines: tuple[RuleLine, ...]
    digests: Digests

    @classmethod
    def of(cls, document: Document, file: StrategyFile, seats: tuple[Seat, ...]) -> Rulebook:
        lines = rule_lines(document, file, seats)
        return cls(document.source, file, seats, lines, digests_of(lines))

    def seats_of(self, section: str) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.path[0] == section)

    def all_seats(self) -> tuple[Seat, ...]:
        return tuple(every(self.seats))

    def line(self, pointer: str) -> RuleLine | None:
        return next((line for line in self.lines if line.pointer == pointer), None)
