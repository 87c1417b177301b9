"""How an immediate-or-cancel order takes what is offered: level by level, best first, inside its limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.market import Level
from karb_core.domain.orders import Order, Side

#: The amount of a level that never ends: a price at which any amount trades.
ENDLESS = Decimal("Infinity")


def takes(order: Order, most: Decimal | None, levels: Iterable[Level], step: Decimal) -> tuple[Level, ...]:
    """What the order takes of each level; empty where nothing is inside its limit.

    Unit: `most` in base, None where only the order's cost bounds it. Edge: exactly the limit trades; an order told by
    its cost takes whole steps while they can be paid, and leaves what is too little for one. `levels` are those that
    face the order, the best first.
    """
    return tuple(_takes(order, most, levels, step))


def _takes(order: Order, most: Decimal | None, levels: Iterable[Level], step: Decimal) -> Iterator[Level]:
    left, money = most, None if order.cost is None else order.cost.value
    for price, offered in levels:
        if not _inside(order, price):
            return
        payable = None if money is None else exact.divide(money, price, step, Rounding.FLOOR)
        taken = min(bound for bound in (offered, left, payable) if bound is not None)
        if taken > 0:
            yield Level(price, taken)
        if taken < offered:
            return
        left = None if left is None else exact.sub(left, taken)
        money = None if money is None else exact.sub(money, exact.mul(taken, price))


def _inside(order: Order, price: Decimal) -> bool:
    if order.limit is None:
        return True
    return price <= order.limit.value if order.side is Side.BUY else price >= order.limit.value
