"""An order of Binance's spot as it is told, by REST and on the user's stream. Source: Binance's pages, spot."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from karb_core.domain import exact
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.binance.asked import Asked
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, NAMES, amount_text, price_text, sum_text, symbol
from karb_lab.happened import OrderChanged, Step
from karb_lab.json_text import Json

_PROTECTION = "EXPIRE_MAKER"
_NO_LIST = -1  # karb: constant because Binance says so of an order that is in no list
_NOTHING = "0.00000000"
_OWN_ID = 22  # karb: constant because Binance's own client ids have so many characters


def status(ticket: Ticket) -> str:
    """NEW, PARTIALLY_FILLED, FILLED, CANCELED (by its owner) or EXPIRED (by the venue).

    Edge: an order that was to spend so much is filled though less than a step of it is left.
    """
    match ticket.state:
        case State.FILLED:
            return "FILLED"
        case State.OPEN:
            return "PARTIALLY_FILLED" if ticket.outcome.filled.value else "NEW"
    if ticket.why == "user":
        return "CANCELED"
    return "FILLED" if ticket.said["quoteOrderQty"] is not None and ticket.trades else "EXPIRED"


def amount_of(ticket: Ticket) -> Decimal:
    """Edge: of an order that was to spend so much, what it bought."""
    spent = ticket.said["quoteOrderQty"] is not None and ticket.state is not State.OPEN
    return ticket.outcome.filled.value if spent else ticket.order.amount.value


def order_body(account: Account, ticket: Ticket) -> Body:
    """What every answer says."""
    facts, said = account.book.terms.facts[ticket.order.instrument], ticket.said
    return {
        "symbol": symbol(ticket.order.instrument),
        "orderId": ticket.number,
        "orderListId": _NO_LIST,
        "clientOrderId": ticket.client_id,
        "price": said["price"] or _NOTHING,
        "origQty": amount_text(facts, amount_of(ticket)),
        "executedQty": amount_text(facts, ticket.outcome.filled.value),
        "origQuoteOrderQty": said["quoteOrderQty"] or _NOTHING,
        "cummulativeQuoteQty": sum_text(ticket.outcome.cost.value),
        "status": status(ticket),
        "timeInForce": said["timeInForce"],
        "type": said["type"],
        "side": NAMES[ticket.order.side],
        "workingTime": ticket.created_ns // MS,
        "selfTradePreventionMode": _PROTECTION,
    }


def made_body(account: Account, ticket: Ticket, asked: Asked) -> Body:
    """Edge: orders of these kinds are answered in full where nothing else is asked for."""
    full = {**order_body(account, ticket), "transactTime": ticket.changed_ns // MS}
    wanted = asked.one("newOrderRespType") or "FULL"
    if wanted == "ACK":
        return {name: full[name] for name in ("symbol", "orderId", "orderListId", "clientOrderId", "transactTime")}
    if wanted == "RESULT":
        return full
    fills: list[Json] = [
        {
            "price": row["price"],
            "qty": row["qty"],
            "commission": row["commission"],
            "commissionAsset": row["commissionAsset"],
            "tradeId": row["id"],
        }
        for row in (trade_body(account, ticket, trade) for trade in ticket.trades)
    ]
    return {**full, "fills": fills}


def tried_body(account: Account, ticket: Ticket) -> Body:  # noqa: ARG001 - as every product is asked
    return {}


def found_body(account: Account, ticket: Ticket) -> Body:
    """As queries and lists tell it."""
    return {
        **order_body(account, ticket),
        "stopPrice": _NOTHING,
        "icebergQty": _NOTHING,
        "time": ticket.created_ns // MS,
        "updateTime": ticket.changed_ns // MS,
        "isWorking": True,
    }


def cancelled_body(account: Account, ticket: Ticket, asked: Asked) -> Body:
    """Edge: the id of the order is told as the original one; the other is that of the cancel itself."""
    return {
        **order_body(account, ticket),
        "origClientOrderId": ticket.client_id,
        "clientOrderId": asked.one("newClientOrderId") or cancel_id(ticket),
        "transactTime": ticket.changed_ns // MS,
    }


def all_cancelled(told: list[Body]) -> Json:
    return list(told)


def cancel_id(ticket: Ticket) -> str:
    """What the request of a cancel is called where it names none."""
    return sha256(f"cancel {ticket.id}".encode()).hexdigest()[:_OWN_ID]


def trade_body(account: Account, ticket: Ticket, trade: Trade) -> Body:
    """Edge: what a purchase pays comes out of what it buys."""
    fill = trade.fill
    facts = account.book.terms.facts[fill.instrument]
    return {
        "symbol": symbol(fill.instrument),
        "id": trade.number,
        "orderId": ticket.number,
        "orderListId": _NO_LIST,
        "price": price_text(facts, fill.price.value),
        "qty": amount_text(facts, fill.amount.value),
        "quoteQty": sum_text(abs(fill.cost).value),
        "commission": sum_text(fill.fee.value),
        "commissionAsset": fill.fee.asset,
        "time": fill.venue_at_ns // MS,
        "isBuyer": NAMES[fill.side] == "BUY",
        "isMaker": trade.maker,
        "isBestMatch": True,
    }


def order_frame(happened: OrderChanged, now_ns: int) -> Body:
    """executionReport. Edge: of a cancel `c` is its request's id, and `C` the order's."""
    account, ticket, trade = happened.account, happened.ticket, happened.trade
    body = order_body(account, ticket)
    at_ms = (ticket.changed_ns if trade is None else trade.fill.venue_at_ns) // MS
    row = None if trade is None else trade_body(account, ticket, trade)
    gone = happened.step is Step.ENDED and ticket.why == "user"
    rests = ticket.state is State.OPEN
    return {
        "e": "executionReport",
        "E": now_ns // MS,
        "s": body["symbol"],
        "c": cancel_id(ticket) if gone else ticket.client_id,
        "S": body["side"],
        "o": body["type"],
        "f": body["timeInForce"],
        "q": body["origQty"],
        "p": body["price"],
        "P": _NOTHING,
        "F": _NOTHING,
        "g": _NO_LIST,
        "C": ticket.client_id if gone else "",
        "x": _event(happened),
        "X": _status(happened),
        "r": "NONE",
        "i": ticket.number,
        "l": _NOTHING if row is None else row["qty"],
        "z": body["executedQty"],
        "L": _NOTHING if row is None else row["price"],
        "n": "0" if row is None else row["commission"],
        "N": None if row is None else row["commissionAsset"],
        "T": at_ms,
        # karb: constant because Binance says so where nothing traded
        "t": -1 if row is None else row["id"],
        "I": ticket.number + now_ns // MS,
        "w": rests,
        "m": trade is not None and trade.maker,
        "M": trade is not None,
        "O": ticket.created_ns // MS,
        "Z": body["cummulativeQuoteQty"],
        "Y": _NOTHING if row is None else row["quoteQty"],
        "Q": body["origQuoteOrderQty"],
        "W": body["workingTime"],
        "V": _PROTECTION,
    }


def is_told(happened: OrderChanged) -> bool:
    """Binance tells no end of an order that was filled: its last trade was that."""
    return happened.step is not Step.ENDED or status(happened.ticket) != "FILLED"


def _event(happened: OrderChanged) -> str:
    match happened.step:
        case Step.TRADED:
            return "TRADE"
        case Step.ACCEPTED:
            return "NEW"
    return status(happened.ticket)


def _status(happened: OrderChanged) -> str:
    """While it is told of a trade the order has not ended yet; of the last one it has."""
    ticket = happened.ticket
    if happened.step is not Step.TRADED:
        return status(ticket)
    left = exact.sub(ticket.order.amount.value, ticket.outcome.filled.value)
    return "FILLED" if left <= 0 else "PARTIALLY_FILLED"
