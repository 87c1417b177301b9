"""The files of one recorded series: whole or not there, however a recorder ended.

A file is written under another name, made durable and then named; so a kill leaves at most a file that nobody reads. Small
files are put together as they become many: `2026-11.1.000000029.parquet` has all that `2026-11.0.…` had up to that number,
and what it took the place of is removed, now or at the next opening.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from karb_core.history.bad_data import BadData
from karb_core.history.recorded import Row, Series

if TYPE_CHECKING:
    import polars as pl

_MANY = 30  # karb: constant because it says how many small files become one
_DIGITS = 9  # karb: constant because names are to be in order
_HALF_WRITTEN = ".half"


@dataclass(frozen=True, slots=True, order=True)
class _Segment:
    month: str
    level: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.month}.{self.level}.{self.number:0{_DIGITS}d}.parquet"

    @classmethod
    def read(cls, name: str) -> _Segment | None:
        parts = name.split(".")
        if len(parts) != len(("month", "level", "number", "parquet")) or not (parts[1] + parts[-2]).isdecimal():
            return None
        return cls(parts[0], int(parts[1]), int(parts[-2]))

    def had_by(self, other: _Segment) -> bool:
        return self.month == other.month and self.level < other.level and self.number <= other.number


@dataclass(slots=True)
class Segments:
    """Of one writer. last_ms: the newest time that is there, None for none."""

    folder: Path
    series: Series
    last_ms: int | None = field(init=False, default=None)
    _number: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Edge: what a writer that was killed left half done is cleared away."""
        at = self.series.under(self.folder)
        for half in at.glob(f"*{_HALF_WRITTEN}"):
            half.unlink()
        there = _there(at)
        kept = _kept(there)
        for gone in there - kept:
            (at / gone.name).unlink()
        self._number = max((each.number for each in kept), default=0)
        newest = max(kept, key=lambda each: each.month, default=None)
        if newest is not None:
            times = [_times(at / each.name, self.series) for each in kept if each.month == newest.month]
            self.last_ms = max(each.max() for each in times)  # type: ignore[type-var,assignment]

    def put(self, rows: Sequence[Row]) -> None:
        """Durable when it returns. Edge: rows that begin before what is there is at its end are sorted into it."""
        by_month = defaultdict(list)
        for row in rows:
            by_month[_month(row[0])].append(row)  # type: ignore[arg-type]
        for month, its in sorted(by_month.items()):
            back = self.last_ms is not None and min(row[0] for row in its) <= self.last_ms  # type: ignore[operator,type-var]
            self._number += 1
            self._write(_Segment(month, 0, self._number), _frame(its, self.series))
            self.last_ms = max(self.last_ms or 0, *(row[0] for row in its))  # type: ignore[type-var,assignment]
            self._put_together(month, whole=back)

    def times(self) -> set[int]:
        """All that are there. Unit: ms of UTC."""
        files = files_of_series(self.folder, self.series)
        return {one for path in files for one in _times(path, self.series).to_list()}

    def _put_together(self, month: str, *, whole: bool) -> None:
        while True:
            of_month = [each for each in _kept(_there(self.series.under(self.folder))) if each.month == month]
            levels = defaultdict(list)
            for each in of_month:
                levels[each.level].append(each)
            many = next((its for _, its in sorted(levels.items()) if len(its) >= _MANY), [])
            if whole and len(of_month) > 1:
                many = of_month
            if not many:
                return
            self._join(many)
            whole = False

    def _join(self, many: Iterable[_Segment]) -> None:
        import polars as pl

        at, parts = self.series.under(self.folder), sorted(many, key=lambda each: each.number)
        time = self.series.columns.time
        frame = pl.concat([read_segment(at / each.name) for each in parts])
        level = max(each.level for each in parts) + 1
        joined = _Segment(parts[-1].month, level, parts[-1].number)
        once = frame if self.series.flagged else frame.unique(time, keep="first", maintain_order=True)
        self._write(joined, once.sort(time, maintain_order=True))
        for each in parts:
            (at / each.name).unlink()

    def _write(self, segment: _Segment, frame: pl.DataFrame) -> None:
        at = self.series.under(self.folder)
        at.mkdir(parents=True, exist_ok=True)
        half = at / f"{segment.name}{_HALF_WRITTEN}"
        frame.write_parquet(half)
        _durable(half)
        half.replace(at / segment.name)
        _durable(at)


def files_of_series(folder: Path, series: Series) -> list[Path]:
    """Those that are read: what a larger one has is left out."""
    at = series.under(folder)
    return [at / each.name for each in sorted(_kept(_there(at)))]


def _there(at: Path) -> set[_Segment]:
    return {segment for path in at.glob("*.parquet") if (segment := _Segment.read(path.name)) is not None}


def _kept(there: set[_Segment]) -> set[_Segment]:
    return {each for each in there if not any(each.had_by(other) for other in there)}


def _frame(rows: Sequence[Row], series: Series) -> pl.DataFrame:
    import polars as pl

    columns, moment = series.columns, pl.Datetime("ms", "UTC")
    schema: dict[str, pl.DataType] = {columns.time: moment}
    schema |= dict.fromkeys(columns.numbers, pl.Float64()) | dict.fromkeys(columns.times, moment)
    if series.flagged:
        schema["why"] = pl.String()
    # a flagged series keeps every row: two of one time are both worth a look
    ordered = sorted(rows, key=lambda row: row[0])  # type: ignore[arg-type,return-value]
    frame = pl.DataFrame(ordered, schema=schema, orient="row")
    return frame if series.flagged else frame.unique(columns.time, keep="first", maintain_order=True)


def read_segment(path: Path, column: str | None = None) -> pl.DataFrame:
    """All of it, or one column. Errors: BadData for a file that cannot be read."""
    import polars as pl
    from polars.exceptions import PolarsError

    try:
        return pl.read_parquet(path, columns=None if column is None else [column], glob=False)
    except (PolarsError, OSError) as e:
        raise BadData(f"the file cannot be read: {e}", series=str(path)) from e


def _times(path: Path, series: Series) -> pl.Series:
    return read_segment(path, series.columns.time)[series.columns.time].to_physical()


def _month(at_ms: int) -> str:
    # karb: constant because a second has 1000 ms
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m")


def _durable(path: Path) -> None:
    """Edge: a folder cannot be opened on Windows, where a rename is durable by itself."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
