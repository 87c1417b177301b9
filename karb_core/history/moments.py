"""A column of times from a file, in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from karb_core.history.columns import Ints, first_row
from karb_core.history.table import Table
from karb_core.history.time_column import TimeColumn

if TYPE_CHECKING:
    import polars as pl

_PER_MS = {"ms": 1, "us": 1_000, "ns": 1_000_000}
# Beyond this a count of seconds would no longer fit an int64 of milliseconds; whether a time makes sense, its series
# asks.
_FARTHEST = 9 * 10**15


def moments(table: Table, time: TimeColumn) -> Ints:
    """The column in ms since 1970 UTC; a part of a millisecond is rounded up, so that nothing is known early.

    Errors: BadData naming file, column and row for an empty cell, for text that is no moment or no integer, and for
    moments without a zone where the owner of the data named none.
    """
    column = table.complete(time.name)
    if time.unit != "datetime":
        counted = _counted(table, time.name, column)
        return _seconds(table, time.name, counted) if time.unit == "s" else _up(counted, _PER_MS[time.unit])
    dated = _in_zone(table, time, _dated(table, time.name, column))
    counts: Ints = dated.to_physical().to_numpy()
    return _up(counts, _PER_MS[dated.dtype.time_unit or "us"])  # type: ignore[attr-defined]


def _up(counts: Ints, per_ms: int) -> Ints:
    return counts if per_ms == 1 else -(-counts // per_ms)


def _counted(table: Table, name: str, column: pl.Series) -> Ints:
    import polars as pl

    if column.dtype != pl.String and not column.dtype.is_integer():
        raise table.bad(f"the column holds {column.dtype}, not whole numbers of a unit", name)
    cast = column.cast(pl.Int64, strict=False)
    row = table.first(cast.is_null())
    if row is not None:
        raise table.bad(f"`{column[row]}` is not a whole number", name, row)
    counts: Ints = cast.to_numpy()
    return counts


def _seconds(table: Table, name: str, seconds: Ints) -> Ints:
    row = first_row((seconds > _FARTHEST) | (seconds < -_FARTHEST))
    if row is not None:
        raise table.bad(f"{seconds[row]} is no count of seconds", name, row)
    return seconds * 1000


def _dated(table: Table, name: str, column: pl.Series) -> pl.Series:
    import polars as pl
    from polars.exceptions import ComputeError

    if isinstance(column.dtype, pl.Datetime):
        return column
    if column.dtype != pl.String:
        raise table.bad(f"the column holds {column.dtype}, not moments", name)
    try:
        dated = column.str.to_datetime(time_unit="us", strict=False)
    except ComputeError:
        # raised where not even the first text looks like a moment
        dated = pl.Series(name, [None] * len(column), dtype=pl.Datetime("us"))
    row = table.first(dated.is_null())
    if row is not None:
        raise table.bad(f"`{column[row]}` is not a moment such as 2025-01-01T00:00:00Z", name, row)
    return dated


def _in_zone(table: Table, time: TimeColumn, dated: pl.Series) -> pl.Series:
    import polars as pl
    from polars.exceptions import ComputeError

    assert isinstance(dated.dtype, pl.Datetime)
    if dated.dtype.time_zone is not None:
        return dated
    if time.zone is None:
        raise table.bad("the moments carry no zone: name the zone they are meant in", time.name)
    try:
        zoned = dated.dt.replace_time_zone(time.zone, ambiguous="null", non_existent="null")
    except ComputeError:
        raise table.bad(f"`{time.zone}` is not a zone such as UTC or Asia/Seoul", time.name) from None
    row = table.first(zoned.is_null())
    if row is not None:
        raise table.bad(f"{dated[row]} is not one moment in {time.zone}: its clocks were changed", time.name, row)
    return zoned
