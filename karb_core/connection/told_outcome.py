"""What a told order says of ours, and of one that rests: by what was executed, and by a word only whether more may trade."""

from __future__ import annotations

from decimal import Decimal

from karb_core.connection.told_order import ToldOrder, instrument_of
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Filled, Order, Outcome, Side, TimeInForce, Unknown

SIDE_WORDS = {Side.BUY: "bid", Side.SELL: "ask"}
_OF_SIDES = {word: side for side, word in SIDE_WORDS.items()}
_TIMES = {"ioc": TimeInForce.IOC, "fok": TimeInForce.IOC, "post_only": TimeInForce.POST_ONLY}
_RESTS, _ENDED = frozenset({"wait", "watch"}), frozenset({"done", "cancel"})


def outcome_of(order: Order, seen: ToldOrder) -> Outcome | None:
    """What became of our order.

    Edge: a word that nobody knows leaves it Unknown, with what traded by then. None where it traded and the venue has not
    told yet for how much. Errors: `Unreadable` for what cannot be said of this order.
    """
    _need_same(order, seen)
    try:
        cost = _cost(seen)
        return None if cost is None else _judged(order, seen, cost)
    except (ValueError, ArithmeticError) as e:
        raise Unreadable(f"{order.id}: {e}") from None


def order_of(venue: str, seen: ToldOrder) -> Order | None:
    """An order that rests, ours or not; None for one without a price and a volume, which cannot rest.

    Edge: what is not ours has no intent; its id is its maker's, or the venue's where the maker gave none.
    Errors: `Unreadable`.
    """
    if seen.price is None or seen.volume is None:
        return None
    instrument, name = instrument_of(venue, seen.market), seen.identifier or seen.uuid
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


def side_of(seen: ToldOrder) -> Side:
    """Errors: `Unreadable` for any other word."""
    if seen.side not in _OF_SIDES:
        raise Unreadable(f"order {seen.uuid} is on no side: {seen.side!r}")
    return _OF_SIDES[seen.side]


def has_ended(seen: ToldOrder) -> bool:
    return seen.state in _ENDED


def _judged(order: Order, seen: ToldOrder, cost: Decimal) -> Outcome:
    filled, spent = order.instrument.amount(seen.executed_volume), Amount(cost, order.instrument.quote)
    if seen.state not in _RESTS | _ENDED:
        venue = order.instrument.venue
        return Unknown(order, f"{venue} calls it {seen.state!r}, which is no state that is known", filled, spent)
    return Filled(order, filled, spent, final=seen.state in _ENDED or _is_whole(order, seen))


def _cost(seen: ToldOrder) -> Decimal | None:
    """Quote that its trades moved. Trades that do not make up what was executed are not all of them."""
    if not seen.executed_volume:
        return Decimal(0)
    if seen.trades is not None and exact.total(t.volume for t in seen.trades) == seen.executed_volume:
        return exact.total(t.funds for t in seen.trades)
    return seen.executed_funds


def _is_whole(order: Order, seen: ToldOrder) -> bool:
    return order.cost is None and seen.executed_volume >= order.amount.value


def _need_same(order: Order, seen: ToldOrder) -> None:
    venue = order.instrument.venue
    told = instrument_of(venue, seen.market), seen.side, seen.identifier or order.id
    if told != (order.instrument, SIDE_WORDS[order.side], order.id):
        raise Unreadable(f"asked about {order.id}, {venue} told of another order: {seen.uuid}")
    if seen.executed_volume < 0 or (seen.executed_funds is not None and seen.executed_funds < 0):
        raise Unreadable(f"{order.id} cannot have traded less than nothing")
