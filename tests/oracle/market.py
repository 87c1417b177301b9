"""The recorded hours of one pair: prices, marks, funding, the rate known, the premium and its exact z.

Index i is an hour of the grid; its bar opens at grid.start + i hours and is judged one hour later.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl

from tests.oracle.rules import Rules

HOUR_MS = 3_600_000
QUANTUM = 10**8
Price = Fraction | None


@dataclass(frozen=True)
class Grid:
    start: int  # hours since 1970, the open of the first bar
    length: int

    def at(self, hour: int) -> int:
        return hour - self.start


@dataclass(frozen=True)
class Bars:
    """Columns over the grid, NaN where there is no bar."""

    open: np.ndarray
    high: np.ndarray
    low: np.ndarray
    close: np.ndarray


@dataclass(frozen=True)
class Rates:
    known_ms: list[int]
    values: list[Fraction]

    def at(self, hour: int) -> tuple[Fraction, int] | None:
        """The rate known at an hour, and the milliseconds since it was published."""
        i = bisect_right(self.known_ms, hour * HOUR_MS) - 1
        return (self.values[i], hour * HOUR_MS - self.known_ms[i]) if i >= 0 else None


@dataclass(frozen=True)
class Z:
    """One row's z as integers: z = dev / sqrt(var), where var already holds the floor. Compared without rounding."""

    dev: int
    var: int

    def reaches(self, bound: Fraction) -> bool:
        return (self.dev * bound.denominator) ** 2 >= bound.numerator**2 * self.var

    def __float__(self) -> float:
        return float(self.dev / self.var**0.5)


@dataclass(frozen=True)
class Market:
    name: str
    near: Bars
    far: Bars
    mark: Bars
    funding: dict[int, Fraction]  # settlement hour -> rate
    premium: list[int | None]  # in 1e-8
    z: list[Z | None]


def exact(value: float) -> Fraction:
    return Fraction(Decimal(repr(float(value))))


def read_rates(data: Path) -> Rates:
    frame = pl.read_parquet(data / "fx/ecb_usdkrw_1d.parquet").sort("published_ts")
    return Rates(frame["published_ts"].dt.epoch("ms").to_list(), [exact(v) for v in frame["usdkrw"].to_list()])


def read_markets(
    data: Path, rules: Rules, rates: Rates, since: int | None, until: int | None
) -> tuple[Grid, list[Market]]:
    """since, until (hours, half open): as if the files held no other bar; rates and funding are not cut."""
    names = {p.name: (f"upbit_KRW-{p.name}", f"binance_usdm_{p.name}USDT") for p in rules.pairs}
    frames = {file: _cut(data / f"candles_1h/{file}.parquet", since, until) for two in names.values() for file in two}
    start = max(hours[0] for hours, _ in frames.values())
    grid = Grid(start, min(hours[-1] for hours, _ in frames.values()) + 1 - start)
    markets = []
    for name, (near_file, far_file) in names.items():
        near, far = _bars(grid, *frames[near_file]), _bars(grid, *frames[far_file])
        mark = _bars(grid, *_cut(data / f"candles_1h/binance_usdm_mark_{name}USDT.parquet", since, until))
        settled = pl.read_parquet(data / f"funding_8h/{far_file}.parquet")
        stamps = (int(ms) for ms in settled["ts"].dt.epoch("ms").to_list())
        funding = {_whole(ms): exact(v) for ms, v in zip(stamps, settled["funding_rate"].to_list(), strict=True)}
        premium = _premium(grid, near.close, far.close, rates)
        markets.append(Market(name, near, far, mark, funding, premium, _z_column(premium, rules)))
    return grid, markets


def price(column: np.ndarray, i: int) -> Price:
    return exact(column[i]) if 0 <= i < len(column) and not np.isnan(column[i]) else None


def _whole(ms: int) -> int:
    hour, rest = divmod(ms, HOUR_MS)
    if rest:
        raise ValueError(f"{ms} is not a full hour")
    return hour


def _cut(file: Path, since: int | None, until: int | None) -> tuple[list[int], pl.DataFrame]:
    frame = pl.read_parquet(file).with_columns(hour=pl.col("ts").dt.epoch("ms") // HOUR_MS)
    if since is not None:
        frame = frame.filter(pl.col("hour") >= since)
    if until is not None:
        frame = frame.filter(pl.col("hour") < until)
    return frame["hour"].to_list(), frame


def _bars(grid: Grid, hours: list[int], frame: pl.DataFrame) -> Bars:
    at = np.array(hours, dtype=np.int64) - grid.start
    inside = (at >= 0) & (at < grid.length)
    columns = []
    for name in ("open", "high", "low", "close"):
        column = np.full(grid.length, np.nan)
        column[at[inside]] = frame[name].to_numpy()[inside]
        columns.append(column)
    return Bars(*columns)


def _premium(grid: Grid, near: np.ndarray, far: np.ndarray, rates: Rates) -> list[int | None]:
    column: list[int | None] = []
    for i in range(grid.length):
        n, f, rate = price(near, i), price(far, i), rates.at(grid.start + i + 1)
        column.append(None if n is None or f is None or rate is None else round((n / (f * rate[0]) - 1) * QUANTUM))
    return column


def _z_column(premium: list[int | None], rules: Rules) -> list[Z | None]:
    """Sums of integers carried over the window; the floor enters as floor^2 * n^2, so nothing is ever divided."""
    window, floor = rules.window, rules.sigma_floor * QUANTUM
    least = -(-rules.min_present * window // 1)
    n = first = second = 0
    column: list[Z | None] = []
    for i, x in enumerate(premium):
        for value, sign in ((x, 1), (premium[i - window] if i >= window else None, -1)):
            if value is not None:
                n, first, second = n + sign, first + sign * value, second + sign * value * value
        ready = x is not None and i >= window - 1 and n >= least
        column.append(
            Z(n * x - first, max(n * second - first**2, int((floor * n) ** 2))) if ready and x is not None else None
        )
    return column
