"""Our order in Upbit's words, and what Upbit says of an order in ours."""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.fields import Pairs
from karb_core.connection.placing import Unfit
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Filled, Order, Outcome, Side, TimeInForce, Unknown
from karb_upbit.wire import SeenOrder, instrument_of, market_of

_SIDES = {Side.BUY: "bid", Side.SELL: "ask"}
_OF_SIDES = {word: side for side, word in _SIDES.items()}
_TIMES = {"ioc": TimeInForce.IOC, "fok": TimeInForce.IOC, "post_only": TimeInForce.POST_ONLY}
_RESTS, _ENDED = frozenset({"wait", "watch"}), frozenset({"done", "cancel"})


def order_fields(order: Order, facts: InstrumentFacts) -> Pairs:
    """What is sent for the order: nothing is rounded here. Errors: `Unfit`.

    Where it would meet an order of the same account that rests, ours is cut and the other stays: it is the owner's.
    """
    fields = [("market", market_of(order.instrument)), ("side", _SIDES[order.side])]
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


def outcome_of(order: Order, seen: SeenOrder) -> Outcome | None:
    """What became of our order: by what was executed, and by the word of its state only whether more of it may trade.

    Edge: a word that nobody knows leaves it Unknown, with what traded by then. None where it traded and Upbit has not
    told yet for how much. Errors: `Unreadable` for what cannot be said of this order.
    """
    _need_same(order, seen)
    try:
        cost = _cost(seen)
        return None if cost is None else _judged(order, seen, cost)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{order.id}: {e}") from None


def order_of(seen: SeenOrder) -> Order | None:
    """An order that rests, ours or not; None for one without a price and a volume, which cannot rest.

    Edge: what is not ours has no intent; its id is its maker's, or Upbit's where the maker gave none.
    Errors: `Unreadable`.
    """
    if seen.price is None or seen.volume is None:
        return None
    instrument, name = instrument_of(seen.market), seen.identifier or seen.uuid
    ours = OrderId.read(name)
    try:
        return Order(
            id=name,
            intent_id=ours.intent_id if ours else "",
            leg=ours.leg if ours else 0,
            instrument=instrument,
            side=_OF_SIDES[seen.side],
            amount=instrument.amount(seen.volume),
            limit=instrument.price(seen.price),
            cost=None,
            time_in_force=_TIMES.get(seen.time_in_force or "", TimeInForce.GTC),
            reduce_only=False,
        )
    except (KeyError, ValueError) as e:
        raise Unreadable(f"order {seen.uuid}: {e}") from None


def side_of(seen: SeenOrder) -> Side:
    """Errors: `Unreadable` for any other word."""
    if seen.side not in _OF_SIDES:
        raise Unreadable(f"order {seen.uuid} is on no side: {seen.side!r}")
    return _OF_SIDES[seen.side]


def has_ended(seen: SeenOrder) -> bool:
    return seen.state in _ENDED


def _judged(order: Order, seen: SeenOrder, cost: Decimal) -> Outcome:
    filled, spent = order.instrument.amount(seen.executed_volume), Amount(cost, order.instrument.quote)
    if seen.state not in _RESTS | _ENDED:
        return Unknown(order, f"upbit calls it {seen.state!r}, which is no state that is known", filled, spent)
    return Filled(order, filled, spent, final=seen.state in _ENDED or _is_whole(order, seen))


def _cost(seen: SeenOrder) -> Decimal | None:
    """Quote that its trades moved. Trades that do not make up what was executed are not all of them."""
    if not seen.executed_volume:
        return Decimal(0)
    if seen.trades is not None and exact.total(t.volume for t in seen.trades) == seen.executed_volume:
        return exact.total(t.funds for t in seen.trades)
    return seen.executed_funds


def _is_whole(order: Order, seen: SeenOrder) -> bool:
    return order.cost is None and seen.executed_volume >= order.amount.value


def _need_same(order: Order, seen: SeenOrder) -> None:
    told = seen.market, seen.side, seen.identifier or order.id
    if told != (market_of(order.instrument), _SIDES[order.side], order.id):
        raise Unreadable(f"asked about {order.id}, upbit told of another order: {seen.uuid}")
    if seen.executed_volume < 0 or (seen.executed_funds is not None and seen.executed_funds < 0):
        raise Unreadable(f"{order.id} cannot have traded less than nothing")
