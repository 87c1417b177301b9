"""What others offer in one snapshot of a book, less what has been taken of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.market import Depth, Level
from karb_core.domain.orders import Side


class Offers:
    """One snapshot's levels until the next snapshot: two orders never take the same coins.

    Sides are those of the order that asks: a buy faces the asks. A new snapshot is a new object.
    """

    def __init__(self, depth: Depth) -> None:
        self._depth = depth
        self._left = {Side.BUY: depth.asks, Side.SELL: depth.bids}

    @property
    def depth(self) -> Depth:
        """The snapshot as it was told, whatever was taken since."""
        return self._depth

    def facing(self, side: Side) -> tuple[Level, ...]:
        """What is left for an order of this side, the best level first."""
        return self._left[side]

    def take(self, side: Side, taken: Iterable[Level]) -> None:
        """Removes what an order took. Errors: ValueError for more than a level has left."""
        gone = {level.price: level.amount for level in taken}
        left = [Level(p, exact.sub(amount, gone.pop(p)) if p in gone else amount) for p, amount in self._left[side]]
        if gone or any(level.amount < 0 for level in left):
            raise ValueError(f"{self._depth.instrument.text()}: more was taken than was offered")
        self._left[side] = tuple(level for level in left if level.amount)

    def leave(self, side: Side, amount: Decimal) -> None:
        """Others were faster: no more than this amount of base is left, at the best prices."""
        kept, left = [], amount
        for level in self._left[side]:
            if left <= 0:
                break
            kept.append(Level(level.price, min(left, level.amount)))
            left = exact.sub(left, level.amount)
        self._left[side] = tuple(kept)
