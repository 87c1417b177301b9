"""The reference work on backtesting.py, fed five-minute bars: the fastest whole process among other engines.

    python bench/reference_work/peer_backtesting.py FOLDER [warm]

Prints as peer_vectorbt_trades.py does; `warm` changes nothing, as nothing is compiled. Needs `pip install backtesting`.
"""

from __future__ import annotations

import sys
import time
import warnings
from math import floor

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from peer_columns import CAPITAL, FEES, TIERS, bars_of, read


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


def trades(frames):
    rows = []
    for coin, frame in frames.items():
        bars = bars_of(frame)
        high, low = np.maximum(bars.opens, bars.closes), np.minimum(bars.opens, bars.closes)
        columns = {"Open": bars.opens, "High": high, "Low": low, "Close": bars.closes}
        ReferenceWork.z = bars.z
        engine = Backtest(
            pd.DataFrame(columns, index=pd.to_datetime(bars.at, unit="ms")), ReferenceWork, cash=10_000_000_000,
            commission=FEES, finalize_trades=False,
        )  # fmt: skip
        for trade in engine.run()["_trades"].itertuples():
            at = [int(each.timestamp()) * 1000 for each in (trade.EntryTime, trade.ExitTime)]
            side = 1 if trade.Size > 0 else -1
            rows.append((coin, *at, side, trade.EntryPrice, trade.ExitPrice, abs(trade.Size)))
    return rows


def main() -> None:
    warnings.simplefilter("ignore")
    frames = read(sys.argv[1])
    began = time.perf_counter()
    found = trades(frames)
    spent = time.perf_counter() - began
    for row in found:
        print(*row)
    print("t_bt", spent)


if __name__ == "__main__":
    main()
