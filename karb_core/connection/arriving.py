"""Until when a request may arrive that carries no time which its venue would refuse it by: the network's bound."""

from __future__ import annotations

#: From our giving up on a request until it can arrive no more: our socket sends nothing after it is closed, a packet
#: lives for half of this as Linux counts it (TIME_WAIT), and as long is how long servers in front of services commonly
#: keep a request.
ARRIVES_WITHIN_NS = 60_000_000_000  # karb: constant because it is how long a request can be on its way, as above


def may_arrive(gave_up_ns: int, now_ns: int) -> bool:
    """`gave_up_ns`: when its answer came or was waited for no more. Edge: at exactly the bound it still may."""
    return now_ns - gave_up_ns <= ARRIVES_WITHIN_NS
