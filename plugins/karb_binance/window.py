"""Until when Binance takes a request: each carries its time, and what comes too late is refused."""

from __future__ import annotations

from karb_core.connection.clock_offset import ClockOffset

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
#: How long after its stamp a request is taken; what comes later Binance refuses.
WINDOW_NS = 5 * _SECOND_NS  # karb: constant because it is Binance's own where a request says nothing else
#: Binance takes a stamp that is a second ahead of its clock, and what it tells of orders may be behind its engine.
_BEHIND_NS = 11 * _SECOND_NS  # karb: constant because it only makes a proof wait: a second ahead, ten behind


def is_taken(stamped_ns: int, offset: ClockOffset, now_ns: int) -> bool:
    """Whether a request with that time on it, by Binance's clock, may still be taken, or be seen late, at our `now_ns`.

    Edge: while Binance's clock is not known, it may.
    """
    return offset.least_ns is None or offset.earliest_ns(now_ns) - stamped_ns <= WINDOW_NS + _BEHIND_NS
