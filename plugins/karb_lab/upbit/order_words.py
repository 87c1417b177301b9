"""An order of Upbit's as it is told, by REST and on the private stream. Source: Upbit's pages of the exchange API."""

from __future__ import annotations

from karb_core.domain import exact
from karb_lab.account import Account, Ticket
from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body
from karb_lab.korean.sums import STATES, Sums, told, trade_row, trend
from karb_lab.korean.words import NAMES, code, ordered_at


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
    trades: list[Json] = [{**trade_row(trade), "trend": trend(trade)} for trade in ticket.trades]
    return {**order_body(account, ticket), "trades": trades}
