"""One perpetual position on margin of its own (isolated), as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.venue.rounding import MONEY_STEP, TOLD_STEP


@dataclass(frozen=True, slots=True)
class IsolatedPosition:
    """What is open, what it cost, and the margin that stands for it.

    Unit: amount in base and cost in quote, signed (+ bought, + paid); margin in quote. Funding goes through the
    margin, so the margin of a position deep in profit may fall below zero: its equity decides, not its margin.
    """

    amount: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)

    def unrealised(self, mark: Decimal) -> Decimal:
        """Unit: quote. Edge: 0 for nothing open."""
        return exact.sub(exact.mul(self.amount, mark), self.cost)

    def equity(self, mark: Decimal) -> Decimal:
        """Margin and unrealised result: what is left of the position at this mark."""
        return exact.add(self.margin, self.unrealised(mark))

    def notional(self, mark: Decimal) -> Decimal:
        return exact.absolute(exact.mul(self.amount, mark))

    def closed_by(self, moved: Decimal) -> Decimal:
        """How much of a move of base brings the position towards zero, signed as the move; 0 where it adds."""
        if exact.mul(moved, self.amount) >= 0:
            return Decimal(0)
        return moved if exact.absolute(moved) <= exact.absolute(self.amount) else exact.negate(self.amount)

    def entry_price(self) -> Decimal:
        """The average price, rounded once: to be told. Errors: decimal.DivisionByZero for nothing open."""
        return exact.divide(self.cost, self.amount, TOLD_STEP, Rounding.HALF_EVEN)

    def bankruptcy_price(self, tick: Decimal) -> Decimal:
        """Where nothing is left of the margin, rounded to a tick in the position's favour."""
        rounding = Rounding.CEIL if self.amount > 0 else Rounding.FLOOR
        return exact.divide(exact.sub(self.cost, self.margin), self.amount, tick, rounding)

    def with_funding(self, received: Decimal) -> IsolatedPosition:
        return replace(self, margin=exact.add(self.margin, received))

    def with_trade(self, moved: Decimal, price: Decimal, leverage: Decimal) -> Moved:
        """After base moved at a price: what closes is realised at once, what opens locks notional / leverage.

        Unit: moved in base, signed. Edge: a move through zero closes all and opens the rest. Rounding: see `rounding`.
        """
        closing = self.closed_by(moved)
        left, freed = self._without(closing, price)
        if closing == moved:
            return Moved(left, freed)
        opening = exact.sub(moved, closing)
        cost = exact.mul(opening, price)
        locked = exact.divide(exact.absolute(cost), leverage, MONEY_STEP, Rounding.CEIL)
        after = IsolatedPosition(
            exact.add(left.amount, opening), exact.add(left.cost, cost), exact.add(left.margin, locked)
        )
        return Moved(after, exact.sub(freed, locked))

    def _without(self, closing: Decimal, price: Decimal) -> Moved:
        if not closing:
            return Moved(self, Decimal(0))
        if exact.add(closing, self.amount) == 0:  # a whole close leaves nothing behind
            return Moved(IsolatedPosition(), exact.sub(exact.sub(self.margin, exact.mul(closing, price)), self.cost))
        cost, margin = self._share(closing)
        realised = exact.negate(exact.add(exact.mul(closing, price), cost))
        left = IsolatedPosition(
            exact.add(self.amount, closing), exact.sub(self.cost, cost), exact.sub(self.margin, margin)
        )
        return Moved(left, exact.add(margin, realised))

    def _share(self, closing: Decimal) -> tuple[Decimal, Decimal]:
        """The cost and the margin of what closes of it."""
        size, whole = exact.absolute(closing), exact.absolute(self.amount)
        cost = exact.divide(exact.mul(self.cost, size), whole, MONEY_STEP, Rounding.HALF_EVEN)
        return cost, exact.divide(exact.mul(self.margin, size), whole, MONEY_STEP, Rounding.FLOOR)


class Moved(NamedTuple):
    """A position after a trade, and what came to the free balance from it (below zero: was taken), fee apart."""

    position: IsolatedPosition
    freed: Decimal
