"""The columns of the signal on several lengths of time, one row a step of its grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from karb_core.history.rolling import column
from karb_core.history.statistics import ZScore
from karb_core.ports import PairSeries
from karb_premium.columns import leaving, premium_of
from karb_premium.reverting_rules import RevertingRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Floats, Ints, Mask


def features(rules: RevertingRules, series: PairSeries) -> Features:
    """premium: int64 units of 1e-8 of this step's middles, 0 where absent; present: whether it is there; z: that of the
    last closed long bar, NaN where undefined; turned: at the close of a short bar how many moves towards the mean lie in a
    row behind it, no more than are asked for, elsewhere -1. Beside them what a z-score signal on a grid has.

    A long bar's close is the step at which it ends; a step that a leg lacks there has no bar, and disarms.
    """
    premium, present, fx = premium_of(series)
    at = series.closed_at_ms
    z = _z_in_force(rules, at, premium, present)
    found = {
        "premium": premium,
        "present": present,
        "z": z,
        "turned": _turned(rules, at, premium, present, z),
        "closed_at_ms": at,
    }
    if rules.z.stops_at_sides:
        found |= leaving(series, fx, present)
    return found | ({"money": series.money} if series.money is not None else {})


def _z_in_force(rules: RevertingRules, at: Ints, premium: Ints, present: Mask) -> Floats:
    """Carried on from each long bar's close until the next one's; NaN before the first."""
    closes = np.flatnonzero(at % rules.arm_ms == 0)
    z = column(ZScore(rules.z.window, rules.z.floor), premium[closes], present[closes])
    last = np.searchsorted(closes, np.arange(len(at)), side="right") - 1
    found: Floats = np.where(last >= 0, np.append(z, np.nan)[last], np.nan)
    return found


def _turned(rules: RevertingRules, at: Ints, premium: Ints, present: Mask, z: Floats) -> Ints:
    """A move counts where both of its closes are there, it is strictly towards the mean, and it was armed that way from its
    first close on; any other one begins anew at nothing."""
    closes = np.flatnonzero(at % rules.turn_ms == 0)
    told = np.full(len(at), -1, dtype=np.int64)
    if not len(closes):
        return told
    side = np.where(np.abs(z[closes]) >= rules.armed_from, np.sign(z[closes]), 0.0)
    there, at_close = present[closes], premium[closes]
    good = np.zeros(len(closes), dtype=np.bool_)
    good[1:] = there[1:] & there[:-1] & (side[1:] != 0) & (side[1:] == side[:-1])
    good[1:] &= np.sign(np.diff(at_close)) == -side[1:]
    rows = np.arange(len(closes))
    broken = np.maximum.accumulate(np.where(good, -1, rows))
    told[closes] = np.minimum(rows - broken, rules.moves)
    return told
