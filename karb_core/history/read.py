"""Reading one series from a Parquet or CSV file; nothing in it is repaired, filled or sorted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from karb_core.history.bad_data import BadData
from karb_core.history.bars import Bars
from karb_core.history.moments import moments
from karb_core.history.numbers import numbers
from karb_core.history.points import Points
from karb_core.history.table import Table, open_table
from karb_core.history.time_column import TimeColumn
from karb_core.history.tops import Tops


@dataclass(frozen=True, slots=True)
class BarColumns:
    """What a file calls the columns of its bars; None where it has no volume."""

    open: str = "open"
    high: str = "high"
    low: str = "low"
    close: str = "close"
    volume: str | None = "volume"


@dataclass(frozen=True, slots=True)
class TopColumns:
    """What a file calls the columns of its tops."""

    bid: str = "bid"
    bid_amount: str = "bid_amount"
    ask: str = "ask"
    ask_amount: str = "ask_amount"


def read_bars(path: Path, length_ms: int, time: TimeColumn, columns: BarColumns) -> Bars:
    """The bars of one file.

    Unit: ms; prices as the file has them. Errors: BadData, one sentence naming file, column and row, for whatever
    `Bars` refuses, for an empty cell, a column that is not there, a file that cannot be read.
    """
    names = [columns.open, columns.high, columns.low, columns.close]
    table = open_table(path, [time.name, *names, *filter(None, [columns.volume])])
    times = moments(table, time)
    opened_at = times - length_ms if time.marks == "close" else times
    opens, highs, lows, closes = (numbers(table, name) for name in names)
    # no rule reckons with a volume to the last digit, and venues write sums of floats there
    volume = None if columns.volume is None else numbers(table, columns.volume, exactly=False)
    with _in_words_of(table, {"opened_at": time.name, **_names(columns)}):
        return Bars(str(path), length_ms, opened_at, opens, highs, lows, closes, volume)


def read_points(path: Path, time: TimeColumn, value: str) -> Points:
    """The single values of one file: a rate, a funding rate.

    Unit: ms; `known_after_ms` of the time column is added. Errors: as `read_bars`, for whatever `Points` refuses.
    """
    table = open_table(path, [time.name, value])
    times = moments(table, time) + time.known_after_ms
    values = numbers(table, value)
    with _in_words_of(table, {"times": time.name, "values": value}):
        return Points(str(path), times, values)


def read_tops(path: Path, every_ms: int | None, time: TimeColumn, columns: TopColumns) -> Tops:
    """The tops of one file.

    Unit: ms; prices and amounts as the file has them. Errors: as `read_bars`, for whatever `Tops` refuses.
    """
    names = {name: getattr(columns, name) for name in ("bid", "bid_amount", "ask", "ask_amount")}
    table = open_table(path, [time.name, *names.values()])
    times = moments(table, time)
    values = [numbers(table, name) for name in names.values()]
    with _in_words_of(table, {"times": time.name, **names}):
        return Tops(str(path), every_ms, times, *values)


def _names(columns: BarColumns) -> dict[str, str]:
    named = {name: getattr(columns, name) for name in ("open", "high", "low", "close")}
    return named if columns.volume is None else {**named, "volume": columns.volume}


@contextmanager
def _in_words_of(table: Table, names: Mapping[str, str]) -> Iterator[None]:
    """Turns our column names in an error into those of the file."""
    try:
        yield
    except BadData as e:
        if e.place.column not in names:
            raise
        raise table.bad(e.problem, names[e.place.column], e.place.row) from None
