"""Upbit's limits on calls, and what its answers say is left of them."""

from __future__ import annotations

import re

from karb_core.connection.request import Answer
from karb_core.connection.token_bucket import TokenBucket

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_LEFT = re.compile(r"group=([a-z-]+);.*\bsec=([0-9]{1,6})")


class Limits:
    """One bucket for each group of calls. Orders and cancels share one: a part of it is kept for what reduces risk.

    Source: Upbit's page on rate limits, of 2026-08-21. Where Upbit's header says that less is left, that counts.
    """

    def __init__(self) -> None:
        self.order = TokenBucket("order", 12, _SECOND_NS, 4)  # karb: constant because Upbit counts so; a third is kept
        self.default = TokenBucket("default", 30, _SECOND_NS, 10)  # karb: constant because Upbit counts so; as above
        self.orderbook = TokenBucket("orderbook", 10, _SECOND_NS, 0)  # karb: constant because Upbit counts so
        self.ticker = TokenBucket("ticker", 10, _SECOND_NS, 0)  # karb: constant because Upbit counts so


def told_left(answer: Answer) -> tuple[str, int] | None:
    """Of `Remaining-Req: group=default; min=1800; sec=29`: the group, and the calls left in this second.

    Edge: `min` says nothing any more, and is not read. None for any other header.
    """
    found = _LEFT.search(answer.headers.get("remaining-req", ""))
    return (found[1], int(found[2])) if found else None
