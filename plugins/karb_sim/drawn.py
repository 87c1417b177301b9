"""Chance that can be repeated: what is drawn for an order follows from its id, and from nothing else."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from karb_core.domain import exact

_FINE = 1_000_000_000  # karb: constant because it only says how finely a share is drawn


def falls_on(what: str, order_id: str, share: Decimal) -> bool:
    """Whether the order is one of that share of all orders. Unit: a ratio. Edge: 0 is none of them, 1 is all."""
    return exact.add(Decimal(_drawn(what, order_id, _FINE)), Decimal(1)) <= exact.mul(share, Decimal(_FINE))


def one_of_two(what: str, order_id: str) -> bool:
    """Heads or tails."""
    return _drawn(what, order_id, 2) == 0  # karb: constant because a coin has two sides


def part_of(what: str, order_id: str, steps: int) -> int:
    """How many of so many steps, at least one and not all. Edge: what has no part stays whole."""
    return 1 + _drawn(what, order_id, steps - 1) if steps > 1 else steps


def _drawn(what: str, order_id: str, below: int) -> int:
    return Random(f"{what} {order_id}").randrange(below)
