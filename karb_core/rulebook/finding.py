"""What is wrong at a place of a file, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from karb_core.texts.text import Said


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A stretch of one line: line and column count from 1, in code points; `width` is at least 1."""

    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A second place that explains the first."""

    mark: Mark
    said: Said


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `code` has a page of its own (`karb explain CODE`)."""

    code: str
    said: Said
    mark: Mark
    help: Said | None = None
    notes: tuple[Note, ...] = ()
    severity: Severity = field(default=Severity.ERROR)

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR
