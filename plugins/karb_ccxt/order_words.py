"""Our order in ccxt's words: what is sent is what was approved, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from karb_ccxt.exchange import Exchange
from karb_ccxt.symbols import Market, symbol_of
from karb_core.connection.placing import Unfit
from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Order, TimeInForce

Ids = Literal["as_is", "letters_digits"]

#: No part of an id of ours that could be mistaken has this digit: sixteen of [a-z2-7] stand between two of them.
_JOINT = "9"
_JOINED = re.compile("karb9([a-z0-9]{1,6})9([a-z2-7]{16})9([0-9])9(0|[1-9][0-9]{0,3})")
_FINEST = Decimal("1e-18")  # karb: constant because no exchange counts contracts more finely
_WORDS: dict[TimeInForce, dict[str, Any]] = {
    TimeInForce.IOC: {"timeInForce": "IOC"},
    TimeInForce.POST_ONLY: {"postOnly": True},
    TimeInForce.GTC: {},
}


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """Arguments of `create_order`. amount: in contracts, where the exchange counts those."""

    symbol: str
    side: str
    amount: str
    price: str
    params: dict[str, Any]


def written(order: Order, facts: InstrumentFacts, exchange: Exchange, market: Market, ids: Ids) -> WrittenOrder:
    """Errors: `Unfit`, also for an amount or a price that ccxt would round on its way: it would not be this order any more."""
    if order.limit is None:
        raise Unfit("limit", order)
    broken = facts.unfit(order.amount.value, order.limit.value, reduces=order.reduce_only)
    if broken is not None:
        raise Unfit(broken, order)
    symbol = symbol_of(order.instrument, market)
    contracts = exact.divide(order.amount.value, facts.multiplier, _FINEST, Rounding.FLOOR)
    if exact.mul(contracts, facts.multiplier) != order.amount.value:
        raise Unfit("amount_step", order)
    amount, price = exact.text(contracts), exact.text(order.limit.value)
    if not _same(exchange.amount_to_precision(symbol, amount), amount):
        raise Unfit("amount_step", order)
    if not _same(exchange.price_to_precision(symbol, price), price):
        raise Unfit("ticks", order)
    reduces = {"reduceOnly": True} if order.reduce_only and market == "swap" else {}
    params = {"clientOrderId": client_id(order.id, ids), **_WORDS[order.time_in_force], **reduces}
    return WrittenOrder(symbol, order.side.value, amount, price, params)


def client_id(order_id: str, ids: Ids) -> str:
    return order_id if ids == "as_is" else order_id.replace("-", _JOINT)


def order_id(told: str, ids: Ids) -> str:
    """The other way. Edge: what is not of our form stays as it is."""
    found = _JOINED.fullmatch(told) if ids == "letters_digits" else None
    return "karb-" + "-".join(found.groups()) if found else told


def _same(rounded: str, meant: str) -> bool:
    return exact.text(Decimal(rounded)) == meant
