"""An order of Upbit's as it is told, by REST and on the private stream. Source: Upbit's pages of the exchange API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.orders import Side
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.json_text import Json
from karb_lab.upbit.quotation import Body
from karb_lab.upbit.words import NAMES, code, ordered_at

STATES: Mapping[State, str] = {State.OPEN: "wait", State.FILLED: "done", State.ENDED: "cancel"}
_PRICE = Decimal("0.00000001")  # karb: constant because an average is told with eight digits


@dataclass(frozen=True, slots=True)
class Sums:
    """What an order came to. Unit: fees and locked in KRW, but locked of a sale in base; volume, left in base.

    A purchase reserves its fee; of a sale the fee is taken from what it brings. Edge: `volume` and `left` are None of
    an order told by its cost. What it had locked is told on after its end, as Upbit does.
    """

    volume: Decimal | None
    left: Decimal | None
    executed: Decimal
    funds: Decimal
    reserved: Decimal
    remaining: Decimal
    paid: Decimal
    locked: Decimal

    @classmethod
    def of(cls, account: Account, ticket: Ticket) -> Sums:
        order, rate = ticket.order, account.book.terms.taker_fee
        executed, funds = ticket.outcome.filled.value, ticket.outcome.cost.value
        paid = exact.total(trade.fill.fee.value for trade in ticket.trades)
        nothing = Decimal(0)
        if ticket.said["ord_type"] in ("price", "best") and order.side is Side.BUY:
            # karb: constant because an order of this kind always states its price
            cost = Decimal(ticket.said["price"] or 0)
            reserved = exact.mul(cost, rate)
            remaining = exact.sub(reserved, paid)
            locked = exact.add(exact.sub(cost, funds), remaining)
            return cls(None, None, executed, funds, reserved, remaining, paid, locked)
        volume = order.amount.value
        left = exact.sub(volume, executed)
        if order.side is Side.SELL:
            return cls(volume, left, executed, funds, nothing, nothing, paid, left)
        assert order.limit is not None
        reserved = exact.mul(exact.mul(volume, order.limit.value), rate)
        rest = exact.mul(left, order.limit.value)
        remaining = exact.mul(rest, rate)
        return cls(volume, left, executed, funds, reserved, remaining, paid, exact.add(rest, remaining))


def order_body(account: Account, ticket: Ticket) -> Body:
    """As an order is answered when it was made, and as a part of every other answer."""
    sums, said = Sums.of(account, ticket), ticket.said
    body: Body = {
        "uuid": ticket.id,
        "side": NAMES[ticket.order.side],
        "ord_type": said["ord_type"],
        "price": said["price"],
        "state": STATES[ticket.state],
        "market": code(ticket.order.instrument),
        "created_at": ordered_at(ticket.created_ns),
        "volume": told(sums.volume),
        "remaining_volume": told(sums.left),
        "executed_volume": exact.text(sums.executed),
        "reserved_fee": exact.text(sums.reserved),
        "remaining_fee": exact.text(sums.remaining),
        "paid_fee": exact.text(sums.paid),
        "locked": exact.text(sums.locked),
        "prevented_volume": "0",
        "prevented_locked": "0",
        "trades_count": len(ticket.trades),
    }
    if said["time_in_force"] is not None:
        body["time_in_force"] = said["time_in_force"]
    if ticket.client_id is not None:
        body["identifier"] = ticket.client_id
    body["smp_type"] = said["smp_type"]
    return body


def accepted_body(account: Account, ticket: Ticket) -> Body:
    """As it is answered at once: how it stands before anything of it traded."""
    fresh = Ticket.unplaced(ticket.order, ticket.client_id, ticket.said, ticket.created_ns, ticket.number)
    return {**order_body(account, fresh), "time_in_force": ticket.said["time_in_force"]}


def listed_body(account: Account, ticket: Ticket) -> Body:
    """As lists tell it: what it traded for, and not its trades."""
    return {**order_body(account, ticket), "executed_funds": exact.text(ticket.outcome.cost.value)}


def found_body(account: Account, ticket: Ticket) -> Body:
    """As it is answered when it is asked for alone: with its trades."""
    trades: list[Json] = [_trade(trade) for trade in ticket.trades]
    return {**order_body(account, ticket), "trades": trades}


def trade_id(trade: Trade) -> str:
    return str(uuid5(NAMESPACE_URL, trade.fill.venue_trade_id))


def average(ticket: Ticket) -> Decimal | None:
    filled = ticket.outcome.filled.value
    return exact.divide(ticket.outcome.cost.value, filled, _PRICE, Rounding.HALF_EVEN) if filled else None


def told(value: Decimal | None) -> str | None:
    return None if value is None else exact.text(value)


def _trade(trade: Trade) -> Body:
    fill = trade.fill
    taker = fill.side.opposite if trade.maker else fill.side
    return {
        "market": code(fill.instrument),
        "uuid": trade_id(trade),
        "price": exact.text(fill.price.value),
        "volume": exact.text(fill.amount.value),
        "funds": exact.text(abs(fill.cost).value),
        "trend": "up" if taker is Side.BUY else "down",
        "created_at": ordered_at(fill.venue_at_ns),
        "side": NAMES[fill.side],
    }
