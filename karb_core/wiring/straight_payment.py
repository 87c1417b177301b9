"""Whether lots of the short way could be paid for: what each account had when an order came to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import itemgetter

from karb_core.domain import exact
from karb_core.wiring.straight_lot import Entered, Left, Passage

_NOTHING = Decimal(0)  # karb: constant because an account that never was has nothing

#: By account, as many as it may lose of what is there at the beginning: zero or below.
Lowest = Mapping[int, Decimal]


def is_paid_for(passages: Sequence[Passage], lowest: Lowest, pairs: int) -> bool:
    """Whether every account had what each order needed when it came to it, whatever else was open then.

    Of one time entries are counted first: that asks for more than the desk would, never for less.
    """
    return _is_ample(passages, lowest, pairs) or _is_paid_in_order(passages, lowest)


def _is_ample(passages: Sequence[Passage], lowest: Lowest, pairs: int) -> bool:
    """Whether it would be there even if all that is lost were lost first, with the largest lot of each pair open."""
    lost: dict[int, Decimal] = {}
    taken: dict[int, Decimal] = {}
    asked: dict[int, Decimal] = {}
    for each in passages:
        for account, came in each.entered.came:
            if came < taken.get(account, _NOTHING):
                taken[account] = came
        for account, least in each.entered.least:
            if account not in asked or least > asked[account]:
                asked[account] = least
        if each.left is not None:
            for account, less in each.left.lost:
                lost[account] = exact.add(lost.get(account, _NOTHING), less)
    many = Decimal(pairs)
    for account in {**lowest, **asked, **taken, **lost}:
        at_worst = exact.add(lost.get(account, _NOTHING), exact.mul(many, taken.get(account, _NOTHING)))
        if at_worst < max(lowest.get(account, _NOTHING), asked.get(account, at_worst)):
            return False
    return True


def _is_paid_in_order(passages: Sequence[Passage], lowest: Lowest) -> bool:
    steps: list[tuple[int, bool, Entered | Left]] = [(each.entered.at_ns, False, each.entered) for each in passages]
    steps += [(each.left.at_ns, True, each.left) for each in passages if each.left is not None]
    change: defaultdict[int, Decimal] = defaultdict(Decimal)
    for _, out, lot in sorted(steps, key=itemgetter(0, 1)):
        if isinstance(lot, Entered) and any(change[account] < least for account, least in lot.least):
            return False
        for account, came in lot.came:
            change[account] = exact.add(change[account], came)
            if out and change[account] < lowest.get(account, _NOTHING):
                return False
    return True
