"""The reference work on vectorbt, fed five-minute bars, filled at the next open.

    python bench/reference_work/peer_vectorbt_trades.py FOLDER [warm]

Prints one line a trade: symbol, entered and left (ms of UTC), direction, entry and exit price, units; then how long it took
from columns in memory to the trades; with `warm` a second time in the same process, when all is compiled.
Needs `pip install vectorbt`.
"""

from __future__ import annotations

import sys
import time
import warnings
from math import floor

import numpy as np
import pandas as pd
import vectorbt as vbt
from numba import njit
from peer_columns import CAPITAL, FEES, TIERS, bars_of, read
from vectorbt.portfolio import nb

BOUNDS, SIZES, TARGETS = (np.array(each) for each in zip(*TIERS, strict=True))


@njit
def order(c, z, closes, opens, bounds, sizes, targets, held):
    """At a bar's open, what was decided at the close before it. held: the entry's price and its target."""
    before = c.i - 1
    if before < 0 or np.isnan(z[before]):
        return nb.order_nothing_nb()
    price = closes[before]
    if c.position_now == 0:
        for tier in range(len(bounds)):
            if abs(z[before]) >= bounds[tier]:
                held[0], held[1] = opens[c.i], targets[tier]
                units = floor(sizes[tier] * CAPITAL / price)
                return nb.order_nb(size=-units if z[before] > 0 else units, price=opens[c.i], fees=FEES)
        return nb.order_nothing_nb()
    d = 1.0 if c.position_now > 0 else -1.0
    paid = held[0]
    if d * (price - paid) / paid - FEES - FEES * price / paid >= held[1]:
        return nb.order_nb(size=-c.position_now, price=opens[c.i], fees=FEES)
    return nb.order_nothing_nb()


def trades(frames):
    rows = []
    for coin, frame in frames.items():
        bars = bars_of(frame)
        came = vbt.Portfolio.from_order_func(
            pd.Series(bars.closes), order, bars.z, bars.closes, bars.opens, BOUNDS, SIZES, TARGETS, np.zeros(2),
            init_cash=1e12, update_value=False, ffill_val_price=False,
        )  # fmt: skip
        found = came.exit_trades.records
        for each in found[found["status"] == 1].itertuples():
            at = (int(bars.at[row]) for row in (each.entry_idx, each.exit_idx))
            rows.append((coin, *at, 1 - 2 * each.direction, each.entry_price, each.exit_price, each.size))
    return rows


def main() -> None:
    warnings.simplefilter("ignore")
    frames = read(sys.argv[1])
    for _ in range(2 if "warm" in sys.argv else 1):
        began = time.perf_counter()
        found = trades(frames)
        spent = time.perf_counter() - began
    for row in found:
        print(*row)
    print("t_bt", spent)


if __name__ == "__main__":
    main()
