"""One series from several files: a `*` in a name stands for any part of it."""

from __future__ import annotations

from collections.abc import Callable
from glob import escape
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from karb_core.history.bad_data import BadData
from karb_core.history.bars import Bars
from karb_core.history.columns import Ints
from karb_core.history.points import Points
from karb_core.history.times import moment
from karb_core.history.tops import Tops

S = TypeVar("S", Bars, Points, Tops)


def files_of(path: Path) -> tuple[Path, ...]:
    """The file, or those whose names fit. Errors: BadData where a name with a `*` fits none."""
    if "*" not in path.name:
        return (path,)
    pattern = "*".join(escape(part) for part in path.name.split("*"))
    found = tuple(sorted(file for file in path.parent.glob(pattern) if file.is_file()))
    if not found:
        raise BadData("no file fits this name", series=str(path))
    return found


def joined_bars(path: Path, read: Callable[[Path], Bars]) -> Bars:
    """The bars of all its files. Errors: BadData for two files that overlap, and whatever `read` raises."""
    parts = _in_order([read(file) for file in files_of(path)], lambda bars: bars.opened_at)
    if len(parts) == 1:
        return parts[0]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("opened_at", "open", "high", "low", "close")
    }
    volumes = [part.volume for part in parts if part.volume is not None]
    volume = np.concatenate(volumes) if len(volumes) == len(parts) else None
    return Bars(str(path), parts[0].length_ms, **columns, volume=volume)


def joined_points(path: Path, read: Callable[[Path], Points]) -> Points:
    """The single values of all its files. Errors: as `joined_bars`."""
    parts = _in_order([read(file) for file in files_of(path)], lambda points: points.times)
    if len(parts) == 1:
        return parts[0]
    return Points(str(path), np.concatenate([p.times for p in parts]), np.concatenate([p.values for p in parts]))


def joined_tops(path: Path, read: Callable[[Path], Tops]) -> Tops:
    """The tops of all its files. Errors: as `joined_bars`."""
    parts = _in_order([read(file) for file in files_of(path)], lambda tops: tops.times)
    if len(parts) == 1:
        return parts[0]
    names = ("times", "bid", "bid_amount", "ask", "ask_amount")
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return Tops(str(path), parts[0].every_ms, *columns)


def _in_order(parts: list[S], times: Callable[[S], Ints]) -> list[S]:
    """By their first time: a file is never empty, the reading refuses that."""
    ordered = sorted(parts, key=lambda part: int(times(part)[0]))
    for before, after in pairwise(ordered):
        if times(after)[0] <= times(before)[-1]:
            ends = moment(int(times(before)[-1]))
            raise BadData(f"this file begins before {before.series} ends, at {ends}", series=after.series, row=0)
    return ordered
