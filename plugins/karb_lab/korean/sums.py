"""What an order came to. Source: Upbit's and Bithumb's pages of their exchange APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.orders import Side
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.korean.quotation import Body
from karb_lab.korean.words import NAMES, code, ordered_at

STATES: Mapping[State, str] = {State.OPEN: "wait", State.FILLED: "done", State.ENDED: "cancel"}
_PRICE = Decimal("0.00000001")  # karb: constant because an average is told with eight digits


@dataclass(frozen=True, slots=True)
class Sums:
    """Unit: fees and locked in KRW, but locked of a sale in base; volume, left in base.

    A purchase reserves its fee; of a sale the fee is taken from what it brings. Edge: `volume` and `left` are None of
    an order told by its cost. What it had locked is told on after its end, as they do.
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


def trade_id(trade: Trade) -> str:
    return str(uuid5(NAMESPACE_URL, trade.fill.venue_trade_id))


def average(ticket: Ticket) -> Decimal | None:
    filled = ticket.outcome.filled.value
    return exact.divide(ticket.outcome.cost.value, filled, _PRICE, Rounding.HALF_EVEN) if filled else None


def told(value: Decimal | None) -> str | None:
    return None if value is None else exact.text(value)


def trade_row(trade: Trade) -> Body:
    fill = trade.fill
    return {
        "market": code(fill.instrument),
        "uuid": trade_id(trade),
        "price": exact.text(fill.price.value),
        "volume": exact.text(fill.amount.value),
        "funds": exact.text(abs(fill.cost).value),
        "created_at": ordered_at(fill.venue_at_ns),
        "side": NAMES[fill.side],
    }


def trend(trade: Trade) -> str:
    """Whether its taker bought: `up`, or `down`."""
    taker = trade.fill.side.opposite if trade.maker else trade.fill.side
    return "up" if taker is Side.BUY else "down"
