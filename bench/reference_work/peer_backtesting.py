"""The reference work on backtesting.py, fed five-minute bars: the fastest whole process among other engines.

    python bench/reference_work/peer_backtesting.py FOLDER

Prints one line a trade: symbol, entered and left (ms of UTC), direction, entry and exit price. Needs `pip install backtesting`.
"""

from __future__ import annotations

import sys
import warnings
from math import floor
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from backtesting import Backtest, Strategy

WINDOW, BAR, FEES, CAPITAL = 5760, 5, 0.001, 100_000_000
TIERS = ((4.0, 0.40, 0.020), (3.0, 0.20, 0.015), (2.0, 0.15, 0.008))


class ReferenceWork(Strategy):
    z = np.empty(0)

    def init(self) -> None:
        self.target = 0.0

    def next(self) -> None:
        price = self.data.Close[-1]
        if not self.position:
            z = self.z[len(self.data) - 1]
            reached = next((tier for tier in TIERS if abs(z) >= tier[0]), None)
            if reached is not None:
                self.target = reached[2]
                (self.sell if z > 0 else self.buy)(size=floor(reached[1] * CAPITAL / price))
            return
        entered = self.trades[0].entry_price
        d = 1 if self.position.is_long else -1
        if d * (price - entered) / entered - FEES - FEES * price / entered >= self.target:
            self.position.close()


def bars_of(file: Path) -> pd.DataFrame:
    frame = pl.read_parquet(file)
    near, far, fx = ("krw_open", "krw_close"), ("usdt_open", "usdt_close"), frame["fx"].to_numpy()
    opens, closes = (
        np.round(100 * frame[n].to_numpy() / (frame[f].to_numpy() * fx), 6) for n, f in zip(near, far, strict=True)
    )
    columns = {"Open": opens[::BAR], "Close": closes[BAR - 1 :: BAR]}
    high, low = np.maximum(*columns.values()), np.minimum(*columns.values())
    index = pd.to_datetime(frame["ts"].to_numpy()[::BAR], unit="ms")
    return pd.DataFrame({"Open": columns["Open"], "High": high, "Low": low, "Close": columns["Close"]}, index=index)


def main() -> None:
    warnings.simplefilter("ignore")
    for coin in ("BTC", "ETH", "XRP"):
        bars = bars_of(Path(sys.argv[1]) / f"{coin}.parquet")
        premium = bars["Close"] / 100 - 1
        rolling = premium.rolling(WINDOW)
        ReferenceWork.z = ((premium - rolling.mean()) / rolling.std(ddof=0)).to_numpy()
        engine = Backtest(bars, ReferenceWork, cash=10_000_000_000, commission=FEES, finalize_trades=False)
        for trade in engine.run()["_trades"].itertuples():
            at = [int(each.timestamp()) * 1000 for each in (trade.EntryTime, trade.ExitTime)]
            print(coin, *at, 1 if trade.Size > 0 else -1, trade.EntryPrice, trade.ExitPrice)


if __name__ == "__main__":
    main()
