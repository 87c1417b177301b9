"""Bithumb's limits on calls. No answer of its says what is left of them."""

from __future__ import annotations

from karb_core.connection.request import Answer
from karb_core.connection.token_bucket import TokenBucket

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


class Limits:
    """One bucket for each group of calls; a part of what finds and places orders is kept for what reduces risk.

    Source: Bithumb's page on limits, of October 2026: 140 private and 150 public calls a second for each group. Orders and
    cancels share one of ten, for more than twenty a second on one asset may be restricted, and older pages say ten.
    """

    def __init__(self) -> None:
        # karb: constant because Bithumb may restrict who sends more; nearly a third is kept
        self.order = TokenBucket("order", 10, _SECOND_NS, 3)
        # karb: constant because Bithumb counts so; nearly a third is kept
        self.default = TokenBucket("default", 140, _SECOND_NS, 40)
        self.public = TokenBucket("public", 150, _SECOND_NS, 0)  # karb: constant because Bithumb counts so


def told_left(answer: Answer) -> tuple[str, int] | None:  # noqa: ARG001 - as every connection asks
    return None
