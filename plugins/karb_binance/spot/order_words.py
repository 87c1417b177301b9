"""Our order in spot's words."""

from __future__ import annotations

from karb_binance.order_words import SIDE_WORDS
from karb_binance.symbols import symbol_of
from karb_core.connection.fields import Pairs
from karb_core.connection.placing import Unfit
from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Order, TimeInForce


def spot_fields(order: Order, facts: InstrumentFacts) -> Pairs:
    """What is sent for the order: nothing is rounded here. Errors: `Unfit`.

    One that is told by its cost is at the market, and says what to spend. The answer is to tell what became of it. Where it
    would meet an order of the same account, ours is cut: the owner's stays.
    """
    fields = [("symbol", symbol_of(order.instrument)), ("side", SIDE_WORDS[order.side])]
    fields += _at_the_market(order, facts) if order.limit is None else _at_a_limit(order, facts)
    fields += [("newClientOrderId", order.id), ("selfTradePreventionMode", "EXPIRE_TAKER")]
    return (*fields, ("newOrderRespType", "RESULT"))


def _at_the_market(order: Order, facts: InstrumentFacts) -> list[tuple[str, str]]:
    assert order.cost is not None
    if facts.min_notional is not None and order.cost.value < facts.min_notional:
        raise Unfit("min_notional", order)
    return [("type", "MARKET"), ("quoteOrderQty", exact.text(order.cost.value))]


def _at_a_limit(order: Order, facts: InstrumentFacts) -> list[tuple[str, str]]:
    assert order.limit is not None
    broken = facts.unfit(order.amount.value, order.limit.value)
    if broken is not None:
        raise Unfit(broken, order)
    kind = [("type", "LIMIT"), ("timeInForce", order.time_in_force.name)]
    if order.time_in_force is TimeInForce.POST_ONLY:
        kind = [("type", "LIMIT_MAKER")]
    return [*kind, ("quantity", exact.text(order.amount.value)), ("price", exact.text(order.limit.value))]
