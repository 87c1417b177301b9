"""Where two columns of one feature are not the same, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Differing:
    """A feature that is not the same. row: the first that is not; one, other: its values there, None where there is none;
    rows: how many lie from there to the end of what was compared; every: nothing that had a value lies before it.
    """

    name: str
    row: int
    one: float | int | None
    other: float | int | None
    rows: int
    every: bool

    @property
    def apart(self) -> str | None:
        """How much the one is above the other, for reading; None where one of them is none, or no number."""
        if self.one is None or self.other is None or isinstance(self.one, bool):
            return None
        return f"{self.one - self.other:+.6g}"


def differing(one: Mapping[str, Any], other: Mapping[str, Any], rows: int, first: int = 0) -> Iterator[Differing]:
    """Of the first `rows` rows, from row `first` on, each column that differs. Two undefined values are the same.

    Edge: a column that only one side has differs at the first row.
    """
    for name in dict.fromkeys((*one, *other)):
        mine, theirs = one.get(name), other.get(name)
        if mine is None or theirs is None:
            if rows > first:
                yield Differing(name, first, _value(mine, first), _value(theirs, first), rows - first, every=True)
            continue
        apart = np.flatnonzero(_apart(mine[first:rows], theirs[first:rows]))
        if len(apart):
            row = int(apart[0]) + first
            every = not bool(_defined(mine[first:row]).any())
            yield Differing(name, row, _value(mine, row), _value(theirs, row), rows - row, every)


def _apart(one: Any, other: Any) -> Any:
    if len(one) != len(other):
        return np.arange(max(len(one), len(other))) >= min(len(one), len(other))
    return (one != other) & (_defined(one) | _defined(other))


def _defined(column: Any) -> Any:
    return ~np.isnan(column) if column.dtype.kind == "f" else np.ones(len(column), dtype=np.bool_)


def _value(column: Any, row: int) -> float | int | None:
    """A row as a plain value; None where it is undefined or not there."""
    if column is None or row >= len(column):
        return None
    value: float | int = column[row].item()
    return None if value != value else value
