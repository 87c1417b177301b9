"""The one error of this room."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.errors import DataUnusable
from karb_core.texts.text import Words


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the data: a file or series, a column, a row counted from 0; what is not known stays empty."""

    series: str = ""
    column: str = ""
    row: int | None = None

    def __str__(self) -> str:
        row = "" if self.row is None else f"row {self.row}"
        column = f"column `{self.column}`" if self.column else ""
        return ", ".join(part for part in (self.series, column, row) if part)


class BadData(DataUnusable):
    """Data that karb refuses to judge by; nothing of them was repaired.

    Shape: `btc.csv, column `close`, row 17: nan is not a price`. `problem` and `place` are the parts of the sentence.
    """

    def __init__(self, problem: str, *, series: str = "", column: str = "", row: int | None = None) -> None:
        self.problem = problem
        self.place = Place(series, column, row)
        where = str(self.place)
        super().__init__(Words(f"{where}: {problem}" if where else problem))
