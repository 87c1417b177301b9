"""What a column is: a one-dimensional array of one type, never changed once it was handed on."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_Scalar = TypeVar("_Scalar", bound=np.generic)


def frozen(column: NDArray[_Scalar], kind: type[_Scalar]) -> NDArray[_Scalar]:
    """A read-only view of the column, not a copy: whoever hands an array over keeps no use of it.

    Errors: TypeError for another type (a float32 would be another price), ValueError for more than one dimension.
    """
    if column.dtype != np.dtype(kind):
        raise TypeError(f"a column of {column.dtype} was given where {np.dtype(kind)} is needed")
    if column.ndim != 1:
        raise ValueError(f"a column has one dimension, not {column.ndim}")
    view = column.view()
    view.flags.writeable = False
    return view


def same_length(*columns: NDArray[_Scalar] | None) -> int:
    """The number of rows all given columns have. Errors: ValueError if they differ."""
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) != 1:
        raise ValueError(f"columns of different lengths: {sorted(lengths)}")
    return lengths.pop()


def first_row(wrong: Mask) -> int | None:
    """The first row where the mask is true, None if there is none."""
    row = int(wrong.argmax()) if len(wrong) else 0
    return row if len(wrong) and wrong[row] else None


def rows_of(found: Mask) -> NDArray[np.intp]:
    """The rows where the mask is true, in order."""
    return np.flatnonzero(found)


def floats(length: int, value: float) -> Floats:
    """A column of one value."""
    return np.full(length, value, dtype=np.float64)


def ints(length: int, value: int) -> Ints:
    """A column of one value."""
    return np.full(length, value, dtype=np.int64)


def mask(length: int, *, value: bool) -> Mask:
    """A mask of one value."""
    return np.full(length, value, dtype=np.bool_)
