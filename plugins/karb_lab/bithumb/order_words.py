"""An order of Bithumb's as it is told. Source: Bithumb's pages on orders, API 2.x."""

from __future__ import annotations

from karb_core.domain import exact
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body
from karb_lab.korean.sums import Sums, told, trade_row
from karb_lab.korean.words import NAMES, code, ordered_at

_PREVENTS = "cancel_taker"
_FIRST_TRADE = 1_000_000_000  # karb: constant because it only keeps numbers of trades apart from those of orders
#: What lists of the second version call otherwise.
_RENAMED = {"uuid": "order_id", "ord_type": "order_type"}


def state_of(ticket: Ticket) -> str:
    """Edge: what traded in part and must not rest is done, though not all of it traded; what its owner took away is not."""
    match ticket.state:
        case State.OPEN:
            return "wait"
        case State.FILLED:
            return "done"
    return "done" if ticket.trades and ticket.why != "user" else "cancel"


def trade_id(trade: Trade) -> str:
    return order_id(_FIRST_TRADE + trade.number)


def order_id(number: int) -> str:
    """Shape: `C0101000003152406454`."""
    return f"C0101{number:015d}"


def taken_body(ticket: Ticket) -> Body:
    """The answer to a new order: that it was taken, and nothing of what became of it."""
    body: Body = {
        "order_id": ticket.id,
        "market": code(ticket.order.instrument),
        "side": NAMES[ticket.order.side],
        "order_type": ticket.said["ord_type"],
        "created_at": ordered_at(ticket.created_ns),
        "stp_type": _PREVENTS,
    }
    return _with_client_id(body, ticket)


def cancelled_body(ticket: Ticket) -> Body:
    """The answer to a cancel: that it was taken."""
    return _with_client_id({"order_id": ticket.id, "created_at": ordered_at(ticket.created_ns)}, ticket)


def order_body(account: Account, ticket: Ticket) -> Body:
    """As the first version's calls tell it, without its trades."""
    sums, said = Sums.of(account, ticket), ticket.said
    body: Body = {
        "uuid": ticket.id,
        "side": NAMES[ticket.order.side],
        "ord_type": said["ord_type"],
        "price": said["price"],
        "state": state_of(ticket),
        "market": code(ticket.order.instrument),
        "created_at": ordered_at(ticket.created_ns),
        "volume": told(sums.volume),
        "remaining_volume": told(sums.left),
        "executed_volume": exact.text(sums.executed),
        "executed_funds": exact.text(sums.funds),
        "reserved_fee": exact.text(sums.reserved),
        "remaining_fee": exact.text(sums.remaining),
        "paid_fee": exact.text(sums.paid),
        "locked": exact.text(sums.locked),
        "trades_count": len(ticket.trades),
        "stp_type": _PREVENTS,
    }
    if said["time_in_force"] is not None:
        body["time_in_force"] = said["time_in_force"]
    if state_of(ticket) == "cancel":
        body["cancel_type"] = cancel_type(ticket)
    return _with_client_id(body, ticket)


def found_body(account: Account, ticket: Ticket) -> Body:
    """As it is answered when it is asked for alone: with its trades."""
    trades: list[Json] = [{**trade_row(trade), "uuid": trade_id(trade)} for trade in ticket.trades]
    return {**order_body(account, ticket), "trades": trades}


def listed_body(account: Account, ticket: Ticket) -> Body:
    """As the second version's lists tell it: two of its words are other ones."""
    return {_RENAMED.get(name, name): value for name, value in order_body(account, ticket).items()}


def cancel_type(ticket: Ticket) -> str:
    return "user" if ticket.why == "user" else "tif_cancel"


def _with_client_id(body: Body, ticket: Ticket) -> Body:
    return body if ticket.client_id is None else {**body, "client_order_id": ticket.client_id}
