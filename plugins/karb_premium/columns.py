"""The columns of the z-score signals: the premium, exactly rounded, and its z."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from karb_core.history.premium_column import premium_column
from karb_core.history.rolling import column
from karb_core.history.statistics import ZScore
from karb_core.ports import PairSeries
from karb_premium.zrules import ZRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features


def features(rules: ZRules, series: PairSeries) -> Features:
    """premium: int64 units of 1e-8, 0 where absent; present: whether it is there; z: float64, NaN where undefined.

    The premium is there where both legs have the bar and a rate is known; legs of one quote need none. Beside them
    closed_at_ms, and money where it is given: what `wakes` bounds ages and funding by.
    """
    near, far = series.legs
    present = series.present[0] & series.present[1]
    fx = None
    if near.quote != far.quote:
        fx = series.rate if series.rate is not None else np.zeros(len(present))
        present &= fx > 0
    premium = premium_column(series.closes[0], series.closes[1], fx, present)
    found = {
        "premium": premium,
        "present": present,
        "z": column(ZScore(rules.window, rules.floor), premium, present),
        "closed_at_ms": series.closed_at_ms,
    }
    return found | ({"money": series.money} if series.money is not None else {})
