"""How often one caller may ask, and how often somebody may guess. Pure: the time comes in with each question."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from karb_core.connection.token_bucket import TokenBucket

_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds
_KNOWN = 1000  # karb: constant because it bounds how many callers are remembered
_GUESSES = 5  # karb: constant because it bounds how often a secret is guessed in a minute
_ALL_GUESSES = 30  # karb: constant because it bounds that from all addresses together
_MINUTE = 60 * _SECOND  # karb: constant because a minute has so many seconds


@dataclass(slots=True)
class Callers:
    """`asks`: how often one caller may ask in a second. The oldest caller is forgotten where there are too many."""

    asks: int
    _asking: OrderedDict[str, TokenBucket] = field(init=False, default_factory=OrderedDict)
    _guessing: OrderedDict[str, TokenBucket] = field(init=False, default_factory=OrderedDict)
    _all: TokenBucket = field(init=False)

    def __post_init__(self) -> None:
        self._all = TokenBucket("guesses", _ALL_GUESSES, _MINUTE, 0)

    def may_ask(self, caller: str, now_ns: int) -> int:
        """0 where it may, and it counts; else for how many seconds it has to wait."""
        return _taken(_of(self._asking, caller, self.asks, _SECOND), now_ns)

    def may_guess(self, caller: str, now_ns: int) -> int:
        """0 where it may; else for how many seconds it has to wait. It counts only once it was `wrong`."""
        mine = _of(self._guessing, caller, _GUESSES, _MINUTE)
        return max(_waits(mine, now_ns), _waits(self._all, now_ns))

    def wrong(self, caller: str, now_ns: int) -> None:
        _of(self._guessing, caller, _GUESSES, _MINUTE).take(now_ns)
        self._all.take(now_ns)


def _of(known: OrderedDict[str, TokenBucket], caller: str, capacity: int, period_ns: int) -> TokenBucket:
    if caller not in known:
        known[caller] = TokenBucket(caller, capacity, period_ns, 0)
        if len(known) > _KNOWN:
            known.popitem(last=False)
    known.move_to_end(caller)
    return known[caller]


def _waits(bucket: TokenBucket, now_ns: int) -> int:
    return -(-(bucket.free_at(now_ns, reduces=True) - now_ns) // _SECOND)


def _taken(bucket: TokenBucket, now_ns: int) -> int:
    waits = _waits(bucket, now_ns)
    if not waits:
        bucket.take(now_ns)
    return waits
