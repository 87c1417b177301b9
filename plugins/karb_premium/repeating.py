"""The rows at which a z-score signal surely proposes again what it proposed, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from karb_core.domain.decisions import Proposal
from karb_core.domain.lots import Lot
from karb_core.domain.premium import ONE, Direction
from karb_core.ports import LeavingColumns, Repeated, Standing, Terms
from karb_premium.waking import down, entered_at, fee_of, funding_of, lot_wakes, told_wakes, up
from karb_premium.zrules import ZRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Floats, Mask

# karb: constant because it only keeps clear of a target; whoever is nearer is judged exactly
_CLEAR = 1e-7
_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def repeats(
    rules: ZRules,
    features: Features,
    standing: Standing,
    terms: Terms,
    entries: Sequence[Proposal],
    at: Mapping[str, LeavingColumns],
) -> Repeated:
    """Bounds are narrowed where `wakes` loosens them; where anything else could be due, nothing is sure."""
    lots = [lot for lot in standing.lots if not lot.flat]
    told = told_wakes(rules, features, standing)
    stirs = {lot.id: lot_wakes(rules, features, lot, terms) for lot in lots}
    quiet: Mask = ~reduce(np.logical_or, stirs.values(), told)
    sure = tuple(_entry(rules, features, standing, proposal) & quiet for proposal in entries)
    if not at or not _always_by_the_target(rules):
        return Repeated(sure, {}, np.zeros(len(told), dtype=np.bool_))
    leaves = {lot.id: _due(rules, features, lot, terms, at[lot.id]) for lot in lots}
    certain: Mask = reduce(np.logical_and, (leaves[lot.id] | ~stirs[lot.id] for lot in lots), ~told)
    return Repeated(sure, leaves, certain)


def _entry(rules: ZRules, features: Features, standing: Standing, proposal: Proposal) -> Mask:
    """Edge: with `max_holding: {then: stop_entries}` whether an entry is proposed depends on the time: nothing is sure."""
    far_out, high = np.abs(features["z"]), "when_high" in proposal.rules
    nothing: Mask = np.zeros(len(far_out), dtype=np.bool_)
    at = next((i for i, bound in enumerate(rules.bounds) if bound.tier == proposal.tier), None)
    holding = rules.exit.max_holding
    if at is None or rules.full(standing) or (holding is not None and holding.then == "stop_entries"):
        return nothing
    direction = rules.when_high if high else rules.when_low
    spent = rules.rearm_below is not None and standing.spent(proposal.tier or "")
    if spent or direction is None or direction.value != proposal.side:
        return nothing
    sure = (far_out >= up(rules.bounds[at].z)) & features["present"]
    if at:
        sure &= far_out < down(rules.bounds[at - 1].z)
    sure &= features["z"] > 0 if high else features["z"] < 0
    if rules.min_premium is not None:
        sure &= np.abs(features["premium"]) >= up(rules.min_premium) * ONE
    if rules.sign_agrees:
        sure &= features["premium"] < 0 if direction is Direction.LONG else features["premium"] > 0
    found: Mask = sure
    return found


def _always_by_the_target(rules: ZRules) -> bool:
    """Whether every way out is by the same lines: a target in points of premium, and nothing beside it."""
    policy = rules.exit
    ends = policy.max_holding is not None and policy.max_holding.then == "exit"
    return policy.profit_by == "premium" and policy.stop_loss is None and policy.exit_z is None and not ends


def _due(rules: ZRules, features: Features, lot: Lot, terms: Terms, at: LeavingColumns) -> Mask:
    """As `net_points` reaches the target, from afar: premiums there are rounded to 1e-8, which `_CLEAR` is wide of."""
    entered, fee = entered_at(lot), fee_of(rules, lot, terms)
    funded = _funded(features, lot) if rules.exit.funding == "counted" else 0.0
    if entered is None or fee is None or funded is None or lot.target is None:
        return np.zeros(len(at.premium), dtype=np.bool_)
    e, cost, d = 1.0 + entered, fee, float(Direction(lot.side).sign)
    near, far = at.prices
    with np.errstate(all="ignore"):  # where a leg has no bar, nobody asks
        p = near / (far * at.premium)
        net: Floats = d * (p - e) / e - cost - cost * p / e + funded
        reached: Mask = net >= float(lot.target) + _CLEAR
    due: Mask = reached & features["present"] & (features["closed_at_ms"] > lot.opened_at_ns // _MS)
    return due


def _funded(features: Features, lot: Lot) -> Floats | float | None:
    """As `funding_of`, and None where that could only bound it: judging waits for the rate."""
    abroad = any(amount.value and amount.asset != lot.legs[0].instrument.quote for amount in lot.funding)
    return None if abroad and "money" not in features else funding_of(features, lot)
