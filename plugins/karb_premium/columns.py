"""The columns of the z-score signals: the premium, exactly rounded, and its z."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from karb_core.domain.premium import Direction
from karb_core.history.premium_column import premium_column
from karb_core.history.rolling import column
from karb_core.history.statistics import ZScore
from karb_core.ports import PairSeries
from karb_premium.zrules import ZRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Floats, Ints, Mask


def features(rules: ZRules, series: PairSeries) -> Features:
    """premium: int64 units of 1e-8, 0 where absent; present: whether it is there; z: float64, NaN where undefined.

    The premium is there where both legs have the bar and a rate is known; legs of one quote need none. Beside them
    closed_at_ms, and money where it is given: what `wakes` bounds ages and funding by; and on a grid of tops, for a signal
    with a stop, near over far in near's asset at the sides by which each direction is left (NaN where absent).
    """
    premium, present, fx = premium_of(series)
    found = {
        "premium": premium,
        "present": present,
        "z": column(ZScore(rules.window, rules.floor), premium, present),
        "closed_at_ms": series.closed_at_ms,
    }
    if rules.stops_at_sides:
        found |= leaving(series, fx, present)
    return found | ({"money": series.money} if series.money is not None else {})


def premium_of(series: PairSeries) -> tuple[Ints, Mask, Floats | None]:
    """The premium of the closes, where it is there, and the rate it was made with; None for legs of one quote."""
    near, far = series.legs
    present = series.present[0] & series.present[1]
    fx = None
    if near.quote != far.quote:
        fx = series.rate if series.rate is not None else np.zeros(len(present))
        present &= fx > 0
    return premium_column(series.closes[0], series.closes[1], fx, present), present, fx


def leaving(series: PairSeries, fx: Floats | None, present: Mask) -> dict[str, Floats]:
    """By the name of the feature, near over far at the sides by which each direction is left; on a grid of tops only."""
    assert series.facing is not None
    rate = 1.0 if fx is None else fx
    found = {}
    for direction in Direction:
        near_side = direction.near_side.opposite
        with np.errstate(all="ignore"):  # where a leg or the rate is missing, nobody asks
            ratio = series.facing(0, near_side) / (series.facing(1, near_side.opposite) * rate)
        found[left_at(direction)] = np.where(present, ratio, np.nan)
    return found


def left_at(direction: Direction) -> str:
    """The feature that says at what a direction is left."""
    return f"left_{direction.value}"
