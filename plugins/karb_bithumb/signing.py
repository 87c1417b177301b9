"""Bithumb's signature, API 2.x: a JSON Web Token over the parameters of one call. Source: Bithumb, authentication."""

from __future__ import annotations

from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.fields import Pairs
from karb_core.connection.keys import Keys
from karb_core.connection.query_token import bearer

_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


def authorization(keys: Keys, nonce: str, timestamp_ms: int, pairs: Pairs) -> str:
    """The value of the header. Edge: a nonce is good for one request; a token whose time is old is refused."""
    claims: dict[str, str | int] = {"access_key": keys.access, "nonce": nonce, "timestamp": timestamp_ms}
    return bearer(keys.secret, claims, pairs)


def stamp_ms(now_ns: int, offset: ClockOffset) -> int:
    """What is written on a request: our time, moved no further than what Bithumb told of its own makes necessary.

    Bithumb does not say how old a token may be: the nearer to its clock the better, and its answers tell whole seconds.
    """
    stamp_ns = now_ns
    if offset.least_ns is not None and offset.most_ns is not None:
        stamp_ns = min(max(now_ns, now_ns + offset.least_ns), now_ns + offset.most_ns)
    return stamp_ns // _MS
