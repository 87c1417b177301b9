"""The two signals from rules as an owner writes them, and a series of closes to look back over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from karb_core.ports import PairSeries
from karb_premium.zscore import ZScore
from karb_premium.zscore_tiers import ZScoreTiers
from tests.plugins.scene import LEGS

EXIT = {
    "profit_by": "premium",
    "profit": "net",
    "funding": "counted",
    "exit_z": "none",
    "exit_when": "any",
    "stop_loss": "none",
    "max_holding": "none",
}
COMMON = {
    "bar": "5m",
    "window": "40m",
    "min_present": "75%",
    "sigma_floor": "0%",
    "price": "close",
    "min_premium": "none",
    "premium_sign": "any",
    "when_high": "short_premium",
    "when_low": "long_premium",
    "max_open": "none",
    "rearm": "none",
}
TIERS = {
    "normal": {"z": 2, "take_profit": "0.8%"},
    "extreme": {"z": 3, "take_profit": "1.5%"},
    "ultra": {"z": 4, "take_profit": "2%"},
}
MINUTE_MS = 60_000


def tiered(exits: dict[str, Any] | None = None, **rules: Any) -> ZScoreTiers:
    written = COMMON | {"tiers": TIERS} | rules | {"exit": EXIT | (exits or {})}
    return ZScoreTiers(ZScoreTiers.Params.model_validate(written))


def plain(exits: dict[str, Any] | None = None, **rules: Any) -> ZScore:
    written = COMMON | {"entry": 2, "take_profit": "0.4%"} | rules | {"exit": EXIT | (exits or {})}
    return ZScore(ZScore.Params.model_validate(written))


def series(
    near: Sequence[float],
    far: Sequence[float] | None = None,
    rate: Sequence[float] | None = None,
    money: Sequence[float] | None = None,
) -> PairSeries:
    """Rows of five minutes; a close of 0 is a bar that is not there."""
    rows = len(near)
    closes = np.array(near, dtype=np.float64), np.array(far if far is not None else [100.0] * rows)
    rates = np.array(rate if rate is not None else [1000.0] * rows)
    return PairSeries(
        pair="BTC",
        legs=LEGS,
        closed_at_ms=np.arange(1, rows + 1, dtype=np.int64) * 5 * MINUTE_MS,
        closes=closes,
        present=(closes[0] > 0, closes[1] > 0),
        rate=rates,
        rate_age_ms=np.zeros(rows, dtype=np.int64),
        money=None if money is None else np.array(money),
    )
