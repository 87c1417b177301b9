"""Makes one-second tops of both legs of three pairs, from a seed: the same seconds, the same bytes.

    python bench/tops_work/make_tops.py FOLDER SECONDS

The world price is a random walk, the premium reverts to 1 % with a half life of twenty minutes; a top lies around the price
on the venue's ticks, one or two of them wide, and is written somewhere in the first part of its second.
"""

from __future__ import annotations

import sys
from itertools import accumulate
from pathlib import Path

import numpy as np
import polars as pl

SEED, START_MS, RATE = 7, 1_735_689_600_000, 1450.0
KEPT, SHOCK, MOVE, LEVEL = 1 - 1 / 1800, 6e-5, 1e-5, 1.01
#: By coin: the first price abroad, the tick near, the tick far.
COINS = {"BTC": (95_000.0, 1_000.0, 0.1), "ETH": (3_300.0, 1_000.0, 0.01), "XRP": (2.3, 1.0, 0.0001)}
MINUTE, EIGHT_HOURS = 60, 8 * 3600


def main() -> None:
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    for coin, (first, near_tick, far_tick) in COINS.items():
        far = first * np.exp(np.cumsum(random.normal(0, MOVE, seconds)))
        shocks = random.normal(0, SHOCK, seconds)
        premium = np.fromiter(accumulate(shocks, lambda before, shock: before * KEPT + shock), float, seconds)
        near = far * RATE * (LEVEL + premium)
        for leg, middle, tick, late_ms in (("near", near, near_tick, 120), ("far", far, far_tick, 40)):
            _tops(random, middle, tick, late_ms, first).write_parquet(folder / f"{coin}_{leg}.parquet")
        _marks(far).write_parquet(folder / f"{coin}_marks.parquet")
        times = np.arange(0, seconds, EIGHT_HOURS, dtype=np.int64) * 1000 + START_MS
        pl.DataFrame({"ts": times, "rate": np.full(len(times), 0.0001)}).write_parquet(
            folder / f"{coin}_funding.parquet"
        )
    pl.DataFrame({"ts": [START_MS - 1000], "rate": [RATE]}).write_parquet(folder / "fx.parquet")


def _tops(random: np.random.Generator, middle: np.ndarray, tick: float, late_ms: int, first: float) -> pl.DataFrame:
    seconds = len(middle)
    bid = np.round(np.floor(middle / tick) * tick, 8)
    amounts = (np.round(random.uniform(0.5, 5, seconds) * 1e5 / first, 3) for _ in range(2))
    return pl.DataFrame(
        {
            "ts": START_MS + np.arange(seconds, dtype=np.int64) * 1000 + random.integers(0, late_ms, seconds),
            "bid": bid,
            "bid_amount": next(amounts),
            "ask": np.round(bid + tick * random.integers(1, 3, seconds), 8),
            "ask_amount": next(amounts),
        }
    )


def _marks(price: np.ndarray) -> pl.DataFrame:
    """Minutes of the far price."""
    whole = np.round(price[: len(price) // MINUTE * MINUTE].reshape(-1, MINUTE), 8)
    return pl.DataFrame(
        {
            "ts": START_MS + np.arange(len(whole), dtype=np.int64) * MINUTE * 1000,
            "open": whole[:, 0],
            "high": whole.max(axis=1),
            "low": whole.min(axis=1),
            "close": whole[:, -1],
        }
    )


if __name__ == "__main__":
    main()
