"""The rows at which the signal on the funding to come could do anything but nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from karb_core.ports import Standing
from karb_premium.carry_judging import CarryRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Mask


def wakes(rules: CarryRules, features: Features, standing: Standing) -> Mask:
    """Where funding stands is not looked at: that only wakes too often. A lot may be left at any row."""
    if any(not lot.flat for lot in standing.lots):
        return np.ones(len(features["premium"]), dtype=np.bool_)
    present: Mask = features["present"]
    return np.zeros(len(present), dtype=np.bool_) if rules.full(standing) else present
