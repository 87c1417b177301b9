"""What a z-score signal does with one lot at a time, of whole columns: exactly what judging each row would do."""

from __future__ import annotations

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
_FIRST, _FURTHER = 256, 4  # karb: constant because it says how far is looked ahead in one go, and changes nothing found


def enters(rules: ZRules, features: Features, pair: PairTerms, terms: Terms) -> Entries | None:
    """None where several lots may be open, tiers are spent, or profit is counted in money: that depends on fills."""
    fee = _fee(rules, pair, terms)
    if rules.max_open != 1 or rules.rearm_below is not None or fee is None:
        return None
    z, premium = features["z"], features["premium"]
    far_out, open_to = np.abs(z), features["present"].copy()
    if rules.min_premium is not None:
        open_to &= np.abs(premium) >= ceil(Fraction(rules.min_premium) * ONE)
    kinds: list[Entering] = []
    rows = np.full(len(z), -1, dtype=np.int64)
    for bound in reversed(rules.bounds):  # the highest that is reached acts alone, so it is written last
        reached = open_to & (far_out >= _least(bound.z))
        for above, direction in ((z > 0, rules.when_high), (~(z > 0), rules.when_low)):
            here = reached & above
            rows[here] = -1
            if direction is None:
                continue
            if rules.sign_agrees:
                here &= premium < 0 if direction is Direction.LONG else premium > 0
            rows[here] = len(kinds)
            kinds.append(Entering(bound.tier, direction.value, bound.target))
    return Entries(tuple(kinds), rows)


def leaves(rules: ZRules, features: Features, judged: Mask, held: Held, terms: Terms, from_row: int) -> int | None:
    """Piece by piece: a lot is mostly left long before the data end."""
    fee = _fee(rules, held.pair, terms)
    assert fee is not None
    due = _Due(rules, held, fee)
    first, length = from_row, _FIRST
    while first < len(judged):
        rows = slice(first, first + length)
        found = due.at(features, rows) & judged[rows]
        at = int(found.argmax())
        if found[at]:
            return first + at
        first, length = rows.stop, length * _FURTHER
    return None


class _Due:
    """The exit policy as bounds on columns: premiums are whole numbers of 1e-8, so a bound on net is one on them."""

    def __init__(self, rules: ZRules, held: Held, fee: Fraction) -> None:
        self._policy = rules.exit
        self._long = Direction(held.kind.side) is Direction.LONG
        e = ONE + int(exact.mul(held.entered_at, _UNITS))
        target, stop = held.kind.target, self._policy.stop_loss
        self._target = None if target is None else _reaches(e, target, fee, long=self._long)
        self._stop = None if stop is None else _falls_to(e, stop, fee, long=self._long)
        holding = self._policy.max_holding
        ends = holding is not None and holding.then == "exit"
        self._ends_ms = -(-(held.opened_at_ns + nanoseconds(holding.for_)) // _MS) if ends and holding else None

    def at(self, features: Features, rows: slice) -> Mask:
        premium, present = features["premium"][rows], features["present"][rows]
        asked = []
        if self._target is not None:
            asked.append((premium >= self._target if self._long else premium <= self._target) & present)
        if self._policy.exit_z is not None:
            asked.append(np.abs(features["z"][rows]) <= _most(self._policy.exit_z))
        found: Mask = np.zeros(len(premium), dtype=np.bool_)
        if asked:
            join = np.logical_and if self._policy.exit_when == "all" else np.logical_or
            found = join.reduce(asked)
        if self._stop is not None:
            found = found | ((premium <= self._stop if self._long else premium >= self._stop) & present)
        if self._ends_ms is not None:
            found = found | (features["closed_at_ms"][rows] >= self._ends_ms)
        return found


@lru_cache(maxsize=256)  # karb: constant because it bounds memory
def _parts(fee: Fraction, bound: Decimal, *, long: bool) -> tuple[int, int]:
    """Of the entry's price, the part at which net is exactly the bound: `net_points` solved for p, over and under."""
    asked = Fraction(bound)
    part = (1 + fee + asked) / (1 - fee) if long else (1 - fee - asked) / (1 + fee)
    return part.numerator, part.denominator


def _reaches(e: int, target: Decimal, fee: Fraction, *, long: bool) -> int:
    """The premium, in units, from which on (down to which, short) net is at the target."""
    over, under = _parts(fee, target, long=long)
    return (-(-e * over // under) if long else e * over // under) - ONE


def _falls_to(e: int, stop: Decimal, fee: Fraction, *, long: bool) -> int:
    """The premium, in units, down to which (from which on, short) net is at minus the stop or below."""
    over, under = _parts(fee, exact.negate(stop), long=long)
    return (e * over // under if long else -(-e * over // under)) - ONE


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
