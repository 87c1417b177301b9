"""Our order in Upbit's words."""

from __future__ import annotations

from karb_core.connection.fields import Pairs
from karb_core.connection.placing import Unfit
from karb_core.connection.told_order import market_of
from karb_core.connection.told_outcome import SIDE_WORDS
from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Order, TimeInForce


def order_fields(order: Order, facts: InstrumentFacts) -> Pairs:
    """What is sent for the order: nothing is rounded here. Errors: `Unfit`.

    Where it would meet an order of the same account that rests, ours is cut and the other stays: it is the owner's.
    """
    fields = [("market", market_of(order.instrument)), ("side", SIDE_WORDS[order.side])]
    if order.limit is None:
        assert order.cost is not None
        if facts.min_notional is not None and order.cost.value < facts.min_notional:
            raise Unfit("min_notional", order)
        fields += [("ord_type", "price"), ("price", exact.text(order.cost.value))]
    else:
        broken = facts.unfit(order.amount.value, order.limit.value)
        if broken is not None:
            raise Unfit(broken, order)
        fields += [("ord_type", "limit"), ("price", exact.text(order.limit.value))]
        fields += [("volume", exact.text(order.amount.value))]
        if order.time_in_force is not TimeInForce.GTC:
            fields += [("time_in_force", order.time_in_force.value)]
    if order.time_in_force is not TimeInForce.POST_ONLY:
        fields += [("smp_type", "cancel_taker")]
    return (*fields, ("identifier", order.id))
