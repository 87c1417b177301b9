"""The named columns of one file; Polars is loaded when a file is opened, never before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from karb_core.history.bad_data import BadData

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Some columns of a file, as the file types them; all text in CSV, so that nothing is inferred."""

    path: Path
    frame: pl.DataFrame

    def complete(self, name: str) -> pl.Series:
        """The column. Errors: BadData for the first row without a value."""
        column = self.frame[name]
        missing = self.first(column.is_null())
        if missing is not None:
            raise self.bad("there is no value", name, missing)
        return column

    def bad(self, problem: str, column: str, row: int | None = None) -> BadData:
        """The error that names this file; in CSV also the line an editor shows."""
        if row is not None and self.path.suffix.lower() == ".csv":
            problem = f"{problem} (line {row + 2})"
        return BadData(problem, series=str(self.path), column=column, row=row)

    @staticmethod
    def first(wrong: pl.Series) -> int | None:
        """The first row that is true, None if there is none."""
        return wrong.arg_max() if wrong.any() else None


def open_table(path: Path, names: Sequence[str]) -> Table:
    """Reads the named columns of a Parquet or CSV file, and no others.

    Errors: BadData for a file that is missing, a folder, of another kind, unreadable or empty, and for a column that
    is not there.
    """
    if path.is_dir():
        raise BadData("this is a folder, not a file", series=str(path))
    if not path.is_file():
        raise BadData("there is no such file", series=str(path))
    from polars.exceptions import PolarsError

    try:
        frame = _read(path, list(dict.fromkeys(names)))
    except (PolarsError, OSError, UnicodeError) as e:
        raise BadData(f"the file cannot be read: {e}", series=str(path)) from e
    if not frame.height:
        raise BadData("the file holds no rows", series=str(path))
    return Table(path, frame)


def _read(path: Path, names: list[str]) -> pl.DataFrame:
    import polars as pl

    kind = path.suffix.lower()
    if kind == ".parquet":
        lazy = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        _need_columns(path, names, lazy.collect_schema().names())
        return lazy.select(names).collect()
    if kind == ".csv":
        _need_columns(path, names, pl.read_csv(path, n_rows=0, infer_schema=False, glob=False).columns)
        return pl.read_csv(path, columns=names, infer_schema=False, glob=False)
    raise BadData("karb reads .parquet and .csv", series=str(path))


def _need_columns(path: Path, names: list[str], there: list[str]) -> None:
    for name in names:
        if name not in there:
            if any("\ufffd" in known for known in there):
                raise BadData("the names of the columns are not UTF-8: save the file as UTF-8", series=str(path))
            raise BadData(f"there is no such column; there are {', '.join(there)}", series=str(path), column=name)
