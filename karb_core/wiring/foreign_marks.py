"""Whether another karb trades at an account: order ids of our form that carry the mark of another ledger."""

from __future__ import annotations

from collections.abc import Collection

from karb_core.domain.order_id import OrderId
from karb_core.ports import Executor

_BACK_NS = 24 * 3600 * 1_000_000_000  # karb: constant because it says how far back another karb is looked for


async def foreign_marks(executor: Executor, ours: Collection[str], now_ns: int) -> tuple[str, ...]:
    """Of orders that rest or traded within a day, the marks that are not among ours, sorted. Errors: `VenueSilent`.

    Edge: a karb that did nothing for a day is not seen: what it does next is, as a trade by other hands.
    """
    traded = [fill.order_id for fill in await executor.fills_since(now_ns - _BACK_NS)]
    resting = [order.id for order in await executor.open_orders()]
    read = (OrderId.read(each) for each in (*traded, *resting))
    return tuple(sorted({each.mark for each in read if each is not None} - set(ours)))
