"""A row of the table of rules and effects, and the table as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from karb_core.ports import Change, Changes

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "rules-and-effects.csv"
_BETWEEN, _IS = " ; ", " = "
_GONE = "(left out)"


@dataclass(frozen=True, slots=True)
class Row:
    """file: below `strategies/`; rule: its pointer; written: as the file says it; changed: what is written otherwise;
    beside: what both files say besides; replay: where it shows; differs: in what first."""

    file: str
    rule: str
    written: str
    changed: str
    beside: str
    replay: str
    differs: str

    @property
    def changes(self) -> Changes:
        return changes_of(self.changed)

    @property
    def besides(self) -> Changes:
        return changes_of(self.beside)


def text_of(changes: Changes) -> str:
    return _BETWEEN.join(
        f"{change.pointer}{_IS}{_GONE if change.written is None else change.written}" for change in changes
    )


def changes_of(text: str) -> Changes:
    pairs = (each.split(_IS, 1) for each in text.split(_BETWEEN) if each)
    return tuple(Change(pointer, None if written == _GONE else written) for pointer, written in pairs)


def table() -> tuple[Row, ...]:
    with TABLE.open(encoding="utf-8", newline="") as told:
        lines = csv.reader(told)
        assert next(lines) == [field.name for field in fields(Row)]
        return tuple(Row(*line) for line in lines)


def write_table(rows: Iterable[Row]) -> None:
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow([field.name for field in fields(Row)])
        lines.writerows(astuple(row) for row in rows)
