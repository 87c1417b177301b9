"""The level signal's columns, and the rows at which it could do anything but nothing."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from karb_core.domain import exact
from karb_core.domain.lots import Lot
from karb_core.domain.premium import ONE, Direction
from karb_core.ports import PairSeries, Standing
from karb_core.rules.exits import nanoseconds
from karb_premium.columns import premium_of
from karb_premium.level_params import Level
from karb_premium.levels import LevelRules, seen_no_better_at_close

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Mask

_UNIT = 1  # karb: constant because premiums are whole numbers of 1e-8, and so far a bound is loosened
_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def features(series: PairSeries) -> Features:
    """premium: int64 units of 1e-8, 0 where absent; present: whether it is there; closed_at_ms."""
    premium, present, _ = premium_of(series)
    return {"premium": premium, "present": present, "closed_at_ms": series.closed_at_ms}


def wakes(rules: LevelRules, features: Features, standing: Standing) -> Mask:
    """Entries, exits and reminders together. Where funding stands is not looked at: that only wakes too often."""
    masks = [np.zeros(len(features["premium"]), dtype=np.bool_)]
    if not rules.full(standing):
        masks += [_entries(rules, features, name, level) for name, level in rules.levels.items()]
    for lot in standing.lots:
        if not lot.flat:
            masks.append(_lot(rules, features, lot, reminded=lot.id in standing.reminded))
    found: Mask = reduce(np.logical_or, masks)
    return found


def _entries(rules: LevelRules, features: Features, name: str, level: Level) -> Mask:
    present: Mask = features["present"]
    rising = name == "above"
    if rules.at_sides and not seen_no_better_at_close(Direction(level.enter), rising=rising, leaving=False):
        return present
    return present & _towards(features, level.premium, rising=rising)


def _lot(rules: LevelRules, features: Features, lot: Lot, *, reminded: bool) -> Mask:
    policy, rows = rules.exit, len(features["premium"])
    if lot.target is not None or policy.stop_loss is not None:
        return np.ones(rows, dtype=np.bool_)
    found = np.zeros(rows, dtype=np.bool_)
    holding = policy.max_holding
    if holding is not None and (holding.then == "exit" or (holding.then == "tell" and not reminded)):
        found |= features["closed_at_ms"] >= (lot.opened_at_ns + nanoseconds(holding.for_)) // _MS
    level = rules.levels.get(lot.tier or "")
    if level is not None and level.leave_at is not None:
        found |= _back(rules, features, lot, level.leave_at)
    return found


def _back(rules: LevelRules, features: Features, lot: Lot, bound: Decimal) -> Mask:
    present: Mask = features["present"]
    rising = lot.tier == "below"
    if rules.at_sides and not seen_no_better_at_close(Direction(lot.side), rising=rising, leaving=True):
        return present
    return present & _towards(features, bound, rising=rising)


def _towards(features: Features, bound: Decimal, *, rising: bool) -> Mask:
    """At the bound or beyond it, a unit generous: a bound of the owner's may lie between two units."""
    units = int(exact.mul(bound, Decimal(ONE)))
    premium = features["premium"]
    found: Mask = premium >= units - _UNIT if rising else premium <= units + _UNIT
    return found
