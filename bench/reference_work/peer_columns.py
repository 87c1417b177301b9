"""What peers of the reference work are fed: five-minute bars of the spread S, and the rules that are no engine's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

COINS = ("BTC", "ETH", "XRP")
WINDOW, BAR, FEES, CAPITAL = 5760, 5, 0.001, 100_000_000
#: Highest first: |z| from which on, the share of the capital, the target.
TIERS = ((4.0, 0.40, 0.020), (3.0, 0.20, 0.015), (2.0, 0.15, 0.008))
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Bars:
    """at: when each opens, ms of UTC; z: nan where it is not defined."""

    at: Any
    opens: Any
    closes: Any

    @property
    def z(self) -> Any:
        premium = pd.Series(self.closes / 100 - 1)
        rolling = premium.rolling(WINDOW)
        return ((premium - rolling.mean()) / rolling.std(ddof=0)).to_numpy()


def read(folder: str) -> dict[str, pl.DataFrame]:
    return {coin: pl.read_parquet(Path(folder) / f"{coin}.parquet") for coin in COINS}


def bars_of(frame: pl.DataFrame) -> Bars:
    fx = frame["fx"].to_numpy()
    opens, closes = (
        np.round(100 * frame[f"krw_{of}"].to_numpy() / (frame[f"usdt_{of}"].to_numpy() * fx), 6)
        for of in ("open", "close")
    )
    return Bars(frame["ts"].to_numpy()[::BAR], opens[::BAR], closes[BAR - 1 :: BAR])
