"""A column of numbers from a file, as float64."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from karb_core.history.columns import Floats, Ints, first_row
from karb_core.history.table import Table

if TYPE_CHECKING:
    import polars as pl

# Above this not every integer is a float64.
_WHOLE = 2**53
# A text this short holds at most 15 significant digits beside its point, which a float64 brings back as written.
_SURE = 16


def numbers(table: Table, name: str, *, exactly: bool = True) -> Floats:
    """The column as float64, by the convention of `prices`; `exactly=False` lets a written number be rounded.

    Edge: text is read as decimals, and `nan` and `inf` in it are left to whoever knows what the column means.
    Errors: BadData naming file, column and row for an empty cell, for what is no number, for one a float64 would hold
    as another; for a column of 32-bit floats, which are no longer the prices that were written.
    """
    import polars as pl

    column = table.complete(name)
    if column.dtype == pl.String or column.dtype.is_decimal():
        return _parsed(table, name, column.cast(pl.String), exactly)
    if column.dtype.is_integer():
        return _whole(table, name, column)
    if column.dtype != pl.Float64:
        raise table.bad(f"the column holds {column.dtype}, not numbers of 64 bits", name)
    values: Floats = column.to_numpy()
    return values


def _parsed(table: Table, name: str, text: pl.Series, exactly: bool) -> Floats:
    import polars as pl

    parsed = text.cast(pl.Float64, strict=False)
    row = table.first(parsed.is_null())
    if row is not None:
        raise table.bad(f"`{text[row]}` is not a number", name, row)
    values: Floats = parsed.to_numpy()
    if exactly:
        for row in (text.str.len_bytes() > _SURE).arg_true().to_list():
            if np.isfinite(values[row]) and Decimal(text[row]) != Decimal(repr(float(values[row]))):
                raise table.bad(f"{text[row]} has too many digits: 15 are sure to be kept", name, row)
    return values


def _whole(table: Table, name: str, column: pl.Series) -> Floats:
    import polars as pl

    values: Ints = column.cast(pl.Int64, strict=False).fill_null(_WHOLE + 1).to_numpy()
    row = first_row((values > _WHOLE) | (values < -_WHOLE))
    if row is not None:
        raise table.bad(f"{column[row]} is too large to be kept exactly", name, row)
    return values.astype(np.float64)
