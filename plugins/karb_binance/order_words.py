"""Our order in the futures' words, and what any product of Binance's says of an order in ours."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from karb_binance.symbols import symbol_of
from karb_core.connection.fields import Pairs
from karb_core.connection.placing import Unfit
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Filled, Order, Outcome, Side, TimeInForce, Unknown
from karb_core.venue.forced import Forced

SIDE_WORDS = {Side.BUY: "BUY", Side.SELL: "SELL"}
_OF_SIDES = {word: side for side, word in SIDE_WORDS.items()}
_TIMES = {TimeInForce.IOC: "IOC", TimeInForce.GTC: "GTC", TimeInForce.POST_ONLY: "GTX"}
_OF_TIMES = {"IOC": TimeInForce.IOC, "FOK": TimeInForce.IOC, "GTX": TimeInForce.POST_ONLY}
_RESTS = frozenset({"NEW", "PARTIALLY_FILLED"})
_ENDED = frozenset({"FILLED", "CANCELED", "EXPIRED", "EXPIRED_IN_MATCH", "REJECTED"})


class ToldOrder(Protocol):
    """Edge: the answer to a new one may leave out what it came to (`cum_quote`)."""

    @property
    def order_id(self) -> int: ...
    @property
    def symbol(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def client_order_id(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def orig_qty(self) -> Decimal: ...
    @property
    def executed_qty(self) -> Decimal: ...
    @property
    def cum_quote(self) -> Decimal | None: ...
    @property
    def time_in_force(self) -> str: ...
    @property
    def reduce_only(self) -> bool: ...


def order_fields(order: Order, facts: InstrumentFacts) -> Pairs:
    """What is sent for the order: nothing is rounded here. Errors: `Unfit`, also for one that is told by its cost.

    The answer is to tell what became of it. Where it would meet an order of the same account, ours is cut: the owner's
    stays.
    """
    if order.limit is None:
        raise Unfit("limit", order)
    broken = facts.unfit(order.amount.value, order.limit.value, reduces=order.reduce_only)
    if broken is not None:
        raise Unfit(broken, order)
    fields = [("symbol", symbol_of(order.instrument)), ("side", SIDE_WORDS[order.side]), ("type", "LIMIT")]
    fields += [("timeInForce", _TIMES[order.time_in_force]), ("quantity", exact.text(order.amount.value))]
    fields += [("price", exact.text(order.limit.value)), ("newClientOrderId", order.id)]
    fields += [("reduceOnly", "true")] if order.reduce_only else []
    return (*fields, ("selfTradePreventionMode", "EXPIRE_TAKER"), ("newOrderRespType", "RESULT"))


def outcome_of(order: Order, seen: ToldOrder) -> Outcome | None:
    """What became of our order. None where it traded and this answer does not say for how much.

    Edge: a word that nobody knows leaves it Unknown, with what traded by then. Errors: `Unreadable` for what cannot be
    said of this order.
    """
    _need_same(order, seen)
    if seen.executed_qty and seen.cum_quote is None:
        return None
    try:
        filled = order.instrument.amount(seen.executed_qty)
        # karb: constant because where nothing traded nothing was paid; where something did, it is known by here
        cost = Amount(seen.cum_quote or Decimal(0), order.instrument.quote)
        if seen.status not in _RESTS | _ENDED:
            return Unknown(order, f"binance calls it {seen.status!r}, which is no status that is known", filled, cost)
        return Filled(order, filled, cost, final=seen.status in _ENDED)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{order.id}: {e}") from None


def order_of(instrument: Instrument, seen: ToldOrder) -> Order | None:
    """An order that rests, ours or not; None for one without a price. What is not ours has no intent.

    Errors: `Unreadable`.
    """
    if not seen.price:
        return None
    ours = OrderId.read(seen.client_order_id)
    try:
        return Order(
            id=seen.client_order_id,
            intent_id=ours.intent_id if ours else "",
            leg=ours.leg if ours else 0,
            instrument=instrument,
            side=side_of(seen.side),
            amount=instrument.amount(seen.orig_qty),
            limit=instrument.price(seen.price),
            cost=None,
            time_in_force=_OF_TIMES.get(seen.time_in_force, TimeInForce.GTC),
            reduce_only=seen.reduce_only,
        )
    except ValueError as e:
        raise Unreadable(f"order {seen.order_id}: {e}") from None


def side_of(word: str) -> Side:
    """Errors: `Unreadable` for any other word."""
    if word not in _OF_SIDES:
        raise Unreadable(f"{word!r} is no side")
    return _OF_SIDES[word]


def booked_id(seen: ToldOrder) -> str:
    """The id under which its fills are booked: that of whoever made it. A forced close whose id says only why it was made
    (`adl_autoclose`) gets Binance's number behind it, so that no two are one."""
    bare = f"{seen.client_order_id}-"
    return f"{bare}{seen.order_id}" if bare in tuple(Forced) else seen.client_order_id


def _need_same(order: Order, seen: ToldOrder) -> None:
    told = seen.symbol, seen.side, seen.client_order_id
    if told != (symbol_of(order.instrument), SIDE_WORDS[order.side], order.id):
        raise Unreadable(f"asked about {order.id}, binance told of another order: {seen.order_id}")
    if seen.executed_qty < 0 or (seen.cum_quote is not None and seen.cum_quote < 0):
        raise Unreadable(f"{order.id} cannot have traded less than nothing")
