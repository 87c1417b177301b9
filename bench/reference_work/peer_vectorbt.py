"""The reference sweep on vectorbt, fed five-minute bars: the points are columns of one simulation, so many at a time.

    python bench/reference_work/peer_vectorbt.py FOLDER [FIRST_POINTS]

Prints one line a point: z, target in percent, closed trades, their net P&L. Needs `pip install vectorbt`.
"""

from __future__ import annotations

import sys
import warnings
from itertools import product
from math import floor
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import vectorbt as vbt
from numba import njit
from vectorbt.portfolio import nb

WINDOW, BAR, FEES, CAPITAL, SIZE = 5760, 5, 0.001, 100_000_000, 0.15
COLUMNS = 50


@njit
def order(c, z, closes, opens, bounds, targets, entered):
    """At a bar's open, what was decided at the close before it."""
    before = c.i - 1
    if before < 0 or np.isnan(z[before]):
        return nb.order_nothing_nb()
    price = closes[before]
    if c.position_now == 0:
        if abs(z[before]) < bounds[c.col]:
            return nb.order_nothing_nb()
        entered[c.col] = opens[c.i]
        units = floor(SIZE * CAPITAL / price)
        return nb.order_nb(size=-units if z[before] > 0 else units, price=opens[c.i], fees=FEES)
    d = 1.0 if c.position_now > 0 else -1.0
    paid = entered[c.col]
    if d * (price - paid) / paid - FEES - FEES * price / paid >= targets[c.col]:
        return nb.order_nb(size=-c.position_now, price=opens[c.i], fees=FEES)
    return nb.order_nothing_nb()


def main() -> None:
    warnings.simplefilter("ignore")
    frame = pl.read_parquet(Path(sys.argv[1]) / "BTC.parquet")
    opens, closes = (
        np.round(100 * frame[f"krw_{of}"].to_numpy() / (frame[f"usdt_{of}"].to_numpy() * frame["fx"].to_numpy()), 6)
        for of in ("open", "close")
    )
    opens, closes = opens[::BAR], closes[BAR - 1 :: BAR]
    premium = pd.Series(closes / 100 - 1)
    rolling = premium.rolling(WINDOW)
    z = ((premium - rolling.mean()) / rolling.std(ddof=0)).to_numpy()
    grid = [(1.5 + 0.1 * i, 0.40 + 0.05 * j) for i, j in product(range(25), range(40))]
    points = grid[: int(sys.argv[2])] if len(sys.argv) > 2 else grid
    for first in range(0, len(points), COLUMNS):
        part = points[first : first + COLUMNS]
        bounds, targets = (np.array(each) for each in zip(*part, strict=True))
        shown = pd.DataFrame(np.broadcast_to(closes[:, None], (len(closes), len(part))))
        came = vbt.Portfolio.from_order_func(
            shown, order, z, closes, opens, bounds, targets / 100, np.zeros(len(part)),
            init_cash=1e12, update_value=False, ffill_val_price=False,
        )  # fmt: skip
        trades = came.exit_trades.records
        closed = trades[trades["status"] == 1]
        for column, (bound, target) in enumerate(part):
            mine = closed[closed["col"] == column]
            print(f"{bound:.1f} {target:.2f} {len(mine)} {mine['pnl'].sum():.2f}")


if __name__ == "__main__":
    main()
