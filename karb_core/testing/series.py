"""A made-up market of one pair as columns: a premium that swings, in steps that a price can have."""

from __future__ import annotations

from math import e, pi
from typing import TYPE_CHECKING

from karb_core.ports import BarRows, GridRows, PairSeries
from karb_core.testing.scene import LEGS

if TYPE_CHECKING:
    from karb_core.ports.signal import Floats

_RATE, _FAR = 1000.0, 100.0
_MS = 1_000_000


def series(rows: BarRows | GridRows, swing: float = 0.05, more: int = 150) -> PairSeries:
    """So many rows more than the signal looks back, of its length. Far stands at 100 USDT, the rate at 1,000 KRW; near
    swings about both by up to `swing`, slowly and quickly at once; the premium of each row has four decimals.

    Edge: of near every 97th bar is missing.
    """
    import numpy as np

    count = rows.lookback + more
    turns = np.arange(count) / 40.0
    premium = np.round(swing * (0.7 * np.sin(turns) + 0.3 * np.sin(turns * e * pi)), 4)
    step_ms = rows.length_ns // _MS
    near: Floats = np.round(_FAR * _RATE * (1.0 + premium), 0)
    present = np.ones(count, dtype=np.bool_)
    present[96::97] = False
    return PairSeries(
        pair="BTC",
        legs=LEGS,
        closed_at_ms=np.arange(1, count + 1, dtype=np.int64) * step_ms,
        closes=(np.where(present, near, 0.0), np.full(count, _FAR)),
        present=(present, np.ones(count, dtype=np.bool_)),
        rate=np.full(count, _RATE),
        rate_age_ms=np.zeros(count, dtype=np.int64),
        money=np.full(count, _RATE),
    )
