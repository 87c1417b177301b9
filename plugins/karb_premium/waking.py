"""The rows at which a z-score signal could do anything but nothing: too many are harmless, one too few is not."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

import numpy as np

from karb_core.domain import exact
from karb_core.domain.lots import Lot
from karb_core.domain.premium import ONE, Direction
from karb_core.ports import Standing, Terms
from karb_core.rules.exits import nanoseconds
from karb_core.rules.leaving import Leaving
from karb_premium.columns import left_at
from karb_premium.zrules import Bound, ZRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Floats, Mask

# karb: constant because it widens the mask alone; whoever wakes is judged exactly
_LOOSE = 1e-9
# karb: constant because premiums that are judged are rounded to 1e-8, and these columns are not
_ROUNDED = 1e-7
_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def wakes(rules: ZRules, features: Features, standing: Standing, terms: Terms) -> Mask:
    """Entries, exits, reminders and re-arming together; a slice of the features gives the slice of the mask."""
    found: Mask = entry_wakes(rules, features, standing) | other_wakes(rules, features, standing, terms)
    return found


def other_wakes(rules: ZRules, features: Features, standing: Standing, terms: Terms) -> Mask:
    """As `wakes`, of all but entries."""
    masks = [told_wakes(rules, features, standing)]
    masks += [lot_wakes(rules, features, lot, terms) for lot in standing.lots if not lot.flat]
    return reduce(np.logical_or, masks)


def told_wakes(rules: ZRules, features: Features, standing: Standing) -> Mask:
    """Of re-arming and reminders."""
    masks = [np.zeros(len(features["z"]), dtype=np.bool_)]
    if rules.rearm_below is not None and standing.fired:
        masks.append(np.abs(features["z"]) < up(rules.rearm_below))
    if _ends(rules, "tell"):
        masks += [
            _old(rules, features, lot) for lot in standing.lots if not lot.flat and lot.id not in standing.reminded
        ]
    return reduce(np.logical_or, masks)


def lot_wakes(rules: ZRules, features: Features, lot: Lot, terms: Terms) -> Mask:
    """Of one lot's ways out."""
    policy, rows = rules.exit, len(features["z"])
    if policy.stop_loss is not None and not rules.stops_at_sides:
        # prices that moved against us stop a lot out at a premium that does not
        return np.ones(rows, dtype=np.bool_)
    asked = []
    if lot.target is not None:
        in_points = policy.profit_by == "premium"
        asked.append(_target(rules, features, lot, terms) if in_points else np.ones(rows, dtype=np.bool_))
    if policy.exit_z is not None:
        asked.append(np.abs(features["z"]) <= up(policy.exit_z))
    join = np.logical_and if policy.exit_when == "all" else np.logical_or
    found = reduce(join, asked) if asked else np.zeros(rows, dtype=np.bool_)
    if policy.stop_loss is not None:
        found = found | _stopped(rules, features, lot, terms, float(policy.stop_loss))
    return found | _old(rules, features, lot) if _ends(rules, "exit") else found


def entry_wakes(rules: ZRules, features: Features, standing: Standing) -> Mask:
    """Where a bound that is not spent is the highest reached, on a side that is entered, at premium enough."""
    far_out = np.abs(features["z"])
    reached = np.zeros(len(far_out), dtype=np.bool_)
    if rules.full(standing):
        return reached
    above: Bound | None = None
    for bound in rules.bounds:
        if rules.rearm_below is None or not standing.spent(bound.tier or ""):
            within = far_out >= down(bound.z)
            reached |= within if above is None else within & (far_out < up(above.z))
        above = bound
    if rules.when_high is None:
        reached &= features["z"] <= 0
    if rules.when_low is None:
        reached &= features["z"] >= 0
    if rules.min_premium is not None:
        reached &= np.abs(features["premium"]) >= down(rules.min_premium) * ONE
    found: Mask = reached & features["present"]
    return found


def _ends(rules: ZRules, then: str) -> bool:
    return rules.exit.max_holding is not None and rules.exit.max_holding.then == then


def _old(rules: ZRules, features: Features, lot: Lot) -> Mask:
    """Where the lot is as old as the owner's longest holding."""
    assert rules.exit.max_holding is not None
    ends_at = lot.opened_at_ns + nanoseconds(rules.exit.max_holding.for_)
    found: Mask = features["closed_at_ms"] >= ends_at // _MS
    return found


def _target(rules: ZRules, features: Features, lot: Lot, terms: Terms) -> Mask:
    """Where the premium of the closes, the best the lot could be left at, reaches the target.

    From net >= t with p and e as `net_points` has them, F the funding in near's asset and N the near notional:
    long p >= e ((1 + fee + t) - F / N) / (1 - fee), short p <= e ((1 - fee - t) + F / N) / (1 + fee).
    """
    entered, fee = entered_at(lot), fee_of(rules, lot, terms)
    present: Mask = features["present"]
    if entered is None or fee is None or lot.target is None:
        return np.zeros(len(present), dtype=np.bool_)
    funded = funding_of(features, lot) if rules.exit.funding == "counted" else 0.0
    if funded is None:
        return present
    e, cost, target = (entered + 1.0) * ONE, fee, float(lot.target)
    if Direction(lot.side) is Direction.SHORT:
        reached: Mask = features["premium"] <= e * ((1.0 - cost - target + funded) / (1.0 + cost) + _LOOSE) - ONE
    elif cost < 1:
        reached = features["premium"] >= e * ((1.0 + cost + target - funded) / (1.0 - cost) - _LOOSE) - ONE
    else:
        return present
    return reached & present


def _stopped(rules: ZRules, features: Features, lot: Lot, terms: Terms, stop: float) -> Mask:
    """Where the lot, left at the sides of the tops, has net at minus the stop or below: `_target` the other way round."""
    direction, present = Direction(lot.side), features["present"]
    entered, fee = entered_at(lot), fee_of(rules, lot, terms)
    if entered is None or fee is None:
        return np.zeros(len(present), dtype=np.bool_)
    funded = funding_of(features, lot) if rules.exit.funding == "counted" else 0.0
    left = features[left_at(direction)]
    found: Mask = present
    if funded is not None and direction is Direction.SHORT:
        found = left >= (entered + 1.0) * ((1.0 - fee + stop + funded) / (1.0 + fee) - _ROUNDED)
    elif funded is not None and fee < 1:
        found = left <= (entered + 1.0) * ((1.0 + fee - stop - funded) / (1.0 - fee) + _ROUNDED)
    return found


@lru_cache(maxsize=256)  # karb: constant because it bounds memory; what a lot was entered at never changes
def entered_at(lot: Lot) -> float | None:
    """As `Leaving.entered_at`; a lot is asked many times over."""
    entered = Leaving(lot, (), {}, {}).entered_at()
    return None if entered is None else float(entered)


def fee_of(rules: ZRules, lot: Lot, terms: Terms) -> float | None:
    """Both venues' rates, 0 where profit is gross."""
    if rules.exit.profit != "net":
        return 0.0
    fee = Leaving(lot, (), {}, terms.costs).fee()
    return None if fee is None else float(fee)


def funding_of(features: Features, lot: Lot) -> Floats | float | None:
    """Funding over the near notional at each row's money rate, or what it cannot exceed; None if nothing bounds it."""
    near, far = lot.legs
    notional = float(exact.absolute(near.entered_cost.value))
    quotes = near.instrument.quote, far.instrument.quote
    if any(amount.value and amount.asset not in quotes for amount in lot.funding):
        return None
    own = sum(float(amount.value) for amount in lot.funding if amount.asset == quotes[0]) / notional
    abroad = sum(float(amount.value) for amount in lot.funding if amount.asset != quotes[0]) / notional
    if not abroad or "money" in features:
        rated: Floats | float = own + abroad * features["money"] if abroad else own
        return rated
    return own if abroad < 0 else None


def down(bound: Decimal) -> float:
    """A little below the bound: no float that the bound would be reached at exactly lies under it."""
    return float(bound) * (1.0 - _LOOSE)


def up(bound: Decimal) -> float:
    """A little above it."""
    return float(bound) * (1.0 + _LOOSE)
