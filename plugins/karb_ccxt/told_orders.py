"""What ccxt tells of an order, of a trade, of a position and of a settlement, in our terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from karb_ccxt.order_words import Ids, client_id, order_id
from karb_ccxt.told_number import nanoseconds, number, number_or_none
from karb_core.connection.typed_body import Unreadable
from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import OrderId
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Side, TimeInForce, Unknown
from karb_core.domain.statement import Income, VenuePosition

_RESTS, _ENDED = frozenset({"open"}), frozenset({"closed", "canceled", "expired", "rejected"})


def outcome_of(order: Order, told: dict[str, Any], contract: Decimal, ids: Ids) -> Outcome | None:
    """None where it was taken, or traded, and it is not told yet for how much.

    Edge: a word that nobody knows leaves it Unknown. Errors: `Unreadable`, also for another order than was asked about.
    """
    named = told.get("clientOrderId")
    if named is not None and named != client_id(order.id, ids):
        raise Unreadable(f"asked about {order.id}, ccxt told of another order: {told.get('id')}")
    filled = number_or_none(told.get("filled"), f"{order.id}: filled")
    status, cost = told.get("status"), number_or_none(told.get("cost"), f"{order.id}: cost")
    if filled is None or status is None or (filled and not cost):
        return None
    base = exact.mul(filled, contract)
    amount = order.instrument.amount(base)
    spent = Amount(cost if filled and cost is not None else Decimal(0), order.instrument.quote)
    if base < 0 or spent.value < 0:
        raise Unreadable(f"{order.id} cannot have traded less than nothing")
    if status not in _RESTS | _ENDED:
        return Unknown(order, f"ccxt calls it {status!r}, which is no state that is known", amount, spent)
    return Filled(order, amount, spent, final=status in _ENDED or base >= order.amount.value)


def resting(instrument: Instrument, told: dict[str, Any], contract: Decimal, ids: Ids) -> Order | None:
    """An order that rests, ours or not; None for one without a price or an amount. Errors: `Unreadable`."""
    price, amount = (number_or_none(told.get(name), f"order {told.get('id')}: {name}") for name in ("price", "amount"))
    if not price or not amount:
        return None
    name = order_id(str(told.get("clientOrderId") or told.get("id")), ids)
    ours = OrderId.read(name)
    return Order(
        id=name,
        intent_id=ours.intent_id if ours else "",
        leg=ours.leg if ours else 0,
        instrument=instrument,
        side=_side(told.get("side"), name),
        amount=instrument.amount(exact.mul(amount, contract)),
        limit=instrument.price(price),
        cost=None,
        time_in_force=TimeInForce.POST_ONLY if told.get("postOnly") else TimeInForce.GTC,
        reduce_only=bool(told.get("reduceOnly")),
    )


def fill_of(instrument: Instrument, told: dict[str, Any], our_id: str, contract: Decimal, received_at_ns: int) -> Fill:
    """Edge: ids of trades are an exchange's own, market by market. Errors: `Unreadable`, also where no fee is told."""
    what = f"trade {told.get('id')} of {instrument.text()}"
    fees = told.get("fees") or ([told["fee"]] if told.get("fee") else [])
    if told.get("id") is None or len(fees) != 1 or not fees[0].get("currency"):
        raise Unreadable(f"{what}: its id or its one fee is not told")
    return Fill(
        order_id=our_id,
        venue_trade_id=f"{instrument.base}/{instrument.quote}-{told['id']}",
        instrument=instrument,
        side=_side(told.get("side"), what),
        amount=instrument.amount(exact.mul(number(told.get("amount"), what), contract)),
        price=instrument.price(number(told.get("price"), what)),
        fee=Amount(number(fees[0].get("cost"), f"{what}: fee"), str(fees[0]["currency"])),
        venue_at_ns=nanoseconds(told.get("timestamp"), what),
        received_at_ns=received_at_ns,
    )


def position_of(instrument: Instrument, told: dict[str, Any], contract: Decimal) -> VenuePosition | None:
    """None where nothing is open. Errors: `Unreadable` for a side of a hedge, and for what is not told."""
    what = f"position in {instrument.text()}"
    contracts = number_or_none(told.get("contracts"), what)
    if not contracts:
        return None
    if told.get("hedged"):
        raise Unreadable(f"{what}: a long and a short are not told apart here; set the account to one-way")
    if told.get("side") not in ("long", "short"):
        raise Unreadable(f"{what}: its side is {told.get('side')!r}")
    amount = exact.mul(exact.absolute(contracts), contract)
    margin = number_or_none(told.get("collateral"), what) or number_or_none(told.get("initialMargin"), what)
    if margin is None:
        raise Unreadable(f"{what}: its margin is not told")
    liquidation = number_or_none(told.get("liquidationPrice"), what)
    return VenuePosition(
        amount if told["side"] == "long" else exact.negate(amount),
        margin,
        number(told.get("entryPrice"), f"{what}: entry price"),
        liquidation or None,
    )


def income_of(instrument: Instrument, told: dict[str, Any]) -> Income:
    """A settlement of funding. Edge: where it has no id, its market and its time are one. Errors: `Unreadable`."""
    what = f"funding of {instrument.text()}"
    at_ns = nanoseconds(told.get("timestamp"), what)
    received = Amount(number(told.get("amount"), what), str(told.get("code") or instrument.quote))
    return Income(str(told.get("id") or f"{instrument.text()} {at_ns}"), "funding", instrument, received, at_ns)


def _side(told: object, what: str) -> Side:
    if told not in ("buy", "sell"):
        raise Unreadable(f"{what} is on no side: {told!r}")
    return Side(told)
