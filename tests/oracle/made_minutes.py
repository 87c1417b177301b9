"""Some weeks of minutes in the shape of the reference work's year, drawn from a seed: the walks are our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEGINS_MS = 1_735_689_600_000
MINUTE_MS = 60_000
#: First far price, its deviation a minute, the steps of far and near prices.
COINS = {
    "BTC": (94_000.0, 0.0007, 0.1, 1000.0),
    "ETH": (3_350.0, 0.0009, 0.01, 1000.0),
    "XRP": (2.1, 0.0012, 0.0001, 1.0),
}


def write_minutes(folder: Path, days: int, seed: int) -> None:
    """COIN.parquet for each: ts, fx, and open, high, low, close of `krw` and `usdt`.

    The premium is drawn back to its mean within hours and thrown off it about once a day, so that weeks have trades; the
    dollar moves at full hours, so that the rate of a fill and of the judgement before it are two numbers.
    """
    draw, rows = np.random.default_rng(seed), days * 1440
    at = BEGINS_MS + MINUTE_MS * np.arange(rows, dtype=np.int64)
    fx = np.round(np.repeat(1400 + np.cumsum(draw.standard_normal(rows // 60)) * 1.5, 60), 1)
    for coin, (first, deviation, far_step, near_step) in COINS.items():
        far = first * np.exp(np.cumsum(draw.standard_normal(rows) * deviation))
        near = far * fx * (1.015 + _drawn_back(draw, rows))
        columns = _bars(draw, "krw", near, near_step) | _bars(draw, "usdt", far, far_step)
        pl.DataFrame({"ts": at, **columns, "fx": fx}).write_parquet(folder / f"{coin}.parquet")


def _drawn_back(draw: np.random.Generator, rows: int) -> Floats:
    thrown = (draw.random(rows) < 1 / 1440) * draw.normal(0, 0.035, rows)
    moved = draw.standard_normal(rows) * 0.0006 + thrown
    out = np.empty(rows)
    here = 0.0
    for row, by in enumerate(moved.tolist()):
        here = 0.996 * here + by
        out[row] = here
    return out


def _bars(draw: np.random.Generator, name: str, path: Floats, step: float) -> dict[str, Floats]:
    """Each opens a little off the close before it."""
    close = _on(path, step)
    before = np.concatenate([close[:1], close[:-1]])
    opened = _on(before * (1 + draw.standard_normal(len(path)) * 0.00005), step)
    return {
        f"{name}_open": opened,
        f"{name}_high": np.maximum(opened, close),
        f"{name}_low": np.minimum(opened, close),
        f"{name}_close": close,
    }


def _on(prices: Floats, step: float) -> Floats:
    found: Floats = np.round(np.round(prices / step) * step, 6)
    return found
