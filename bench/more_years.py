"""The same year again and again, one after the other: whether a backtest of many takes no worse than in proportion."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bench.trade_lists import COINS

_MINUTE_MS = 60_000


def repeated(data: Path, folder: Path, times: int) -> Path:
    """A folder with the minutes of each symbol so many times."""
    folder.mkdir()
    for coin in COINS:
        year = pl.read_parquet(data / f"{coin}.parquet")
        length_ms = len(year) * _MINUTE_MS
        parts = [year.with_columns(pl.col("ts") + n * length_ms) for n in range(times)]
        pl.concat(parts).write_parquet(folder / f"{coin}.parquet")
    return folder
