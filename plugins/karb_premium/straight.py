"""What a z-score signal does with one lot at a time, of whole columns: exactly what judging each row would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, inf, nextafter
from typing import TYPE_CHECKING

import numpy as np

from karb_core.domain import exact
from karb_core.domain.premium import ONE, Direction
from karb_core.ports import Entering, Entries, Held, PairTerms, Terms
from karb_core.rules.exits import nanoseconds
from karb_premium.zrules import ZRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Mask

_UNITS = Decimal(ONE)
_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
# karb: constant because it says how far is looked ahead in one go, and changes nothing found
_FIRST, _FURTHER = 1024, 4


def enters(rules: ZRules, features: Features, pair: PairTerms, terms: Terms) -> Entries | None:
    """None where several lots may be open, tiers are spent, or profit is counted in money: that depends on fills."""
    fee = _fee(rules, pair, terms)
    if rules.max_open != 1 or rules.rearm_below is not None or fee is None:
        return None
    least = min((_least(bound.z) for bound in rules.bounds), default=inf)
    rows = np.flatnonzero((np.abs(features["z"]) >= least) & features["present"])  # most rows are never looked at again
    z, premium = features["z"][rows], features["premium"][rows]
    far_out, open_to = np.abs(z), np.ones(len(rows), dtype=np.bool_)
    if rules.min_premium is not None:
        open_to &= np.abs(premium) >= ceil(Fraction(rules.min_premium) * ONE)
    kinds: list[Entering] = []
    which = np.full(len(rows), -1, dtype=np.int64)
    for bound in reversed(rules.bounds):  # the highest that is reached acts alone, so it is written last
        reached = open_to & (far_out >= _least(bound.z))
        for above, direction in ((z > 0, rules.when_high), (~(z > 0), rules.when_low)):
            here = reached & above
            which[here] = -1
            if direction is None:
                continue
            if rules.sign_agrees:
                here &= premium < 0 if direction is Direction.LONG else premium > 0
            which[here] = len(kinds)
            kinds.append(Entering(bound.tier, direction.value, bound.target))
    found = which >= 0
    return Entries(tuple(kinds), rows[found], which[found])


class WaysOut:
    """How each lot of a pair is left: the exit policy as bounds on columns. Premiums are whole numbers of 1e-8, so a bound
    on net is one on them. Only of what `enters` knows something of."""

    def __init__(self, rules: ZRules, features: Features, judged: Mask, pair: PairTerms, terms: Terms) -> None:
        fee = _fee(rules, pair, terms)
        assert fee is not None
        self._policy, self._fee = rules.exit, fee
        self._judged, self._priced = judged, features["present"] & judged
        self._premium, self._z, self._closed = features["premium"], features["z"], features["closed_at_ms"]
        self._parts: dict[tuple[Decimal, bool], tuple[int, int]] = {}

    def __call__(self, held: Held, from_row: int) -> int | None:
        """Piece by piece: a lot is mostly left long before the data end."""
        due = self._due(held)
        first, length = from_row, _FIRST
        while first < len(self._judged):
            found = due(slice(first, first + length))
            at = int(found.argmax())
            if found[at]:
                return first + at
            first, length = first + length, length * _FURTHER
        return None

    def _due(self, held: Held) -> Callable[[slice], Mask]:
        """At which of some rows the policy asks for the exit."""
        policy, long = self._policy, Direction(held.kind.side) is Direction.LONG
        e = ONE + int(exact.mul(held.entered_at, _UNITS))
        target, stop = held.kind.target, policy.stop_loss
        reached = None if target is None else self._at_or_beyond(self._reaches(e, target, long=long), above=long)
        near = None if policy.exit_z is None else self._near_mean(_most(policy.exit_z))
        asked = [each for each in (reached, near) if each is not None]
        if len(asked) > 1:
            asked = [_joined(asked, np.logical_and if policy.exit_when == "all" else np.logical_or)]
        if stop is not None:
            asked.append(self._at_or_beyond(self._falls_to(e, stop, long=long), above=not long))
        holding = policy.max_holding
        if holding is not None and holding.then == "exit":
            asked.append(self._held_until(-(-(held.opened_at_ns + nanoseconds(holding.for_)) // _MS)))
        if not asked:
            return lambda rows: np.zeros(len(self._judged[rows]), dtype=np.bool_)
        return asked[0] if len(asked) == 1 else _joined(asked, np.logical_or)

    def _at_or_beyond(self, bound: int, *, above: bool) -> Callable[[slice], Mask]:
        premium, priced = self._premium, self._priced
        if above:
            return lambda rows: (premium[rows] >= bound) & priced[rows]
        return lambda rows: (premium[rows] <= bound) & priced[rows]

    def _near_mean(self, bound: float) -> Callable[[slice], Mask]:
        z, judged = self._z, self._judged
        return lambda rows: (np.abs(z[rows]) <= bound) & judged[rows]

    def _held_until(self, at_ms: int) -> Callable[[slice], Mask]:
        closed, judged = self._closed, self._judged
        return lambda rows: (closed[rows] >= at_ms) & judged[rows]

    def _reaches(self, e: int, target: Decimal, *, long: bool) -> int:
        """The premium, in units, from which on (down to which, short) net is at the target."""
        over, under = self._part(target, long=long)
        return (-(-e * over // under) if long else e * over // under) - ONE

    def _falls_to(self, e: int, stop: Decimal, *, long: bool) -> int:
        """The premium, in units, down to which (from which on, short) net is at minus the stop or below."""
        over, under = self._part(exact.negate(stop), long=long)
        return (e * over // under if long else -(-e * over // under)) - ONE

    def _part(self, bound: Decimal, *, long: bool) -> tuple[int, int]:
        """Of the entry's price, the part at which net is exactly the bound: `net_points` solved for p, over and under."""
        known = self._parts.get((bound, long))
        if known is None:
            asked, fee = Fraction(bound), self._fee
            part = (1 + fee + asked) / (1 - fee) if long else (1 - fee - asked) / (1 + fee)
            known = self._parts[bound, long] = part.numerator, part.denominator
        return known


def _joined(asked: Sequence[Callable[[slice], Mask]], join: np.ufunc) -> Callable[[slice], Mask]:
    return lambda rows: join.reduce([each(rows) for each in asked])


def _fee(rules: ZRules, pair: PairTerms, terms: Terms) -> Fraction | None:
    """Both venues' rates, as net counts them; None where a bound on net is none on the premium."""
    policy = rules.exit
    if policy.profit_by != "premium":
        return None
    if policy.profit != "net":
        return Fraction(0)
    rates = [terms.costs[leg.venue] for leg in pair.legs if leg.venue in terms.costs]
    fee = _ratio(exact.total(rates))
    return fee if len(rates) == len(pair.legs) and fee < 1 else None


@lru_cache(maxsize=256)  # karb: constant because it bounds memory
def _ratio(written: Decimal) -> Fraction:
    return Fraction(written)


@lru_cache(maxsize=256)  # karb: constant because it bounds memory
def _least(bound: Decimal) -> float:
    """The least float that is not below the bound: a float is a number of its own, and compared as that."""
    near = float(bound)
    return near if Decimal.from_float(near) >= bound else nextafter(near, inf)


@lru_cache(maxsize=256)  # karb: constant because it bounds memory
def _most(bound: Decimal) -> float:
    """The greatest float that is not above the bound."""
    near = float(bound)
    return near if Decimal.from_float(near) <= bound else nextafter(near, -inf)
