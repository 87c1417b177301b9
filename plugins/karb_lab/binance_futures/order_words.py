"""An order of Binance's as it is told, by REST and on the user's stream. Source: Binance's pages, USD-M futures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts
from karb_core.venue.forced import Forced
from karb_lab.account import Account, State, Ticket, Trade
from karb_lab.binance.asked import Asked
from karb_lab.binance.quotation import Body
from karb_lab.binance.words import MS, NAMES, amount_text, price_text, sum_text, symbol
from karb_lab.happened import OrderChanged, Step
from karb_lab.json_text import Json

_PROTECTION = "EXPIRE_MAKER"
_DONE = 200  # karb: constant because it is Binance's code of what was done


def status(ticket: Ticket) -> str:
    """NEW, PARTIALLY_FILLED, FILLED, CANCELED (by its owner) or EXPIRED (by the venue)."""
    match ticket.state:
        case State.FILLED:
            return "FILLED"
        case State.OPEN:
            return "PARTIALLY_FILLED" if ticket.outcome.filled.value else "NEW"
    return "CANCELED" if ticket.why == "user" else "EXPIRED"


def order_body(account: Account, ticket: Ticket) -> Body:
    """As it is answered when an order is made or cancelled; neither its average nor what it came to is told."""
    facts, said = account.book.terms.facts[ticket.order.instrument], ticket.said
    filled = amount_text(facts, ticket.outcome.filled.value)
    return {
        "orderId": ticket.number,
        "symbol": symbol(ticket.order.instrument),
        "status": status(ticket),
        "clientOrderId": ticket.client_id,
        "price": said.get("price") or "0",
        "origQty": amount_text(facts, ticket.order.amount.value),
        "executedQty": filled,
        "cumQty": filled,
        "timeInForce": said.get("timeInForce") or "GTC",
        "type": said.get("type"),
        "reduceOnly": said.get("reduceOnly") == "true",
        "closePosition": False,
        "side": NAMES[ticket.order.side],
        "positionSide": "BOTH",
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": said.get("type"),
        "priceMatch": "NONE",
        "selfTradePreventionMode": _PROTECTION,
        "goodTillDate": 0,
        "updateTime": ticket.changed_ns // MS,
    }


def made_body(account: Account, ticket: Ticket, asked: Asked) -> Body:
    """Edge: an acknowledgement says NEW, whatever has traded; the result is told where it is asked for."""
    return order_body(account, ticket) if asked.one("newOrderRespType") == "RESULT" else acknowledged(account, ticket)


def cancelled_body(account: Account, ticket: Ticket, asked: Asked) -> Body:  # noqa: ARG001 - as every product is asked
    return order_body(account, ticket)


def all_cancelled(told: list[Body]) -> Json:  # noqa: ARG001 - as every product is asked
    """Edge: of futures nothing is told of the orders that are gone."""
    return {"code": _DONE, "msg": "The operation of cancel all open order is done."}


def acknowledged(account: Account, ticket: Ticket) -> Body:
    """As it is answered where nothing else is asked for: new, whatever has traded of it since."""
    fresh = Ticket.unplaced(ticket.order, ticket.client_id, ticket.said, ticket.created_ns, ticket.number)
    return order_body(account, fresh)


def found_body(account: Account, ticket: Ticket) -> Body:
    """As queries and lists tell it."""
    facts = account.book.terms.facts[ticket.order.instrument]
    body = order_body(account, ticket)
    del body["cumQty"]
    return {
        **body,
        "time": ticket.created_ns // MS,
        "avgPrice": price_text(facts, average(facts, ticket)),
        "cumQuote": sum_text(ticket.outcome.cost.value),
    }


def average(facts: InstrumentFacts, ticket: Ticket) -> Decimal:
    """Edge: 0 where nothing traded."""
    filled = ticket.outcome.filled.value
    finer = exact.mul(facts.ticks[0].tick, Decimal("0.1"))  # karb: constant because an average has one digit more
    return exact.divide(ticket.outcome.cost.value, filled, finer, Rounding.HALF_EVEN) if filled else Decimal(0)


def trade_body(account: Account, ticket: Ticket, trade: Trade) -> Body:
    fill = trade.fill
    facts = account.book.terms.facts[fill.instrument]
    return {
        "symbol": symbol(fill.instrument),
        "id": trade.number,
        "orderId": ticket.number,
        "side": NAMES[fill.side],
        "positionSide": "BOTH",
        "price": price_text(facts, fill.price.value),
        "qty": amount_text(facts, fill.amount.value),
        "quoteQty": sum_text(abs(fill.cost).value),
        "realizedPnl": sum_text(trade.realised),
        "commission": sum_text(fill.fee.value),
        "commissionAsset": fill.fee.asset,
        "maker": trade.maker,
        "buyer": NAMES[fill.side] == "BUY",
        "time": fill.venue_at_ns // MS,
    }


def order_frame(happened: OrderChanged, now_ns: int) -> Body:
    """ORDER_TRADE_UPDATE. The fee is there only where something traded."""
    account, ticket, trade = happened.account, happened.ticket, happened.trade
    facts, said = account.book.terms.facts[ticket.order.instrument], ticket.said
    fill = None if trade is None else trade.fill
    at_ns = ticket.changed_ns if fill is None else fill.venue_at_ns
    fee: Body = {} if fill is None else {"n": sum_text(fill.fee.value), "N": fill.fee.asset}
    return {
        "e": "ORDER_TRADE_UPDATE",
        "E": now_ns // MS,
        "T": at_ns // MS,
        "o": {
            "s": symbol(ticket.order.instrument),
            "c": ticket.client_id,
            "S": NAMES[ticket.order.side],
            "o": said.get("type"),
            "f": said.get("timeInForce") or "GTC",
            "q": amount_text(facts, ticket.order.amount.value),
            "p": said.get("price") or "0",
            "ap": price_text(facts, average(facts, ticket)),
            "sp": "0",
            "x": _event(happened.step, ticket),
            "X": _status(happened.step, ticket),
            "i": ticket.number,
            "l": "0" if fill is None else amount_text(facts, fill.amount.value),
            "z": amount_text(facts, ticket.outcome.filled.value),
            "L": "0" if fill is None else price_text(facts, fill.price.value),
            **fee,
            "T": at_ns // MS,
            "t": 0 if trade is None else trade.number,
            "b": "0",
            "a": "0",
            "m": trade is not None and trade.maker,
            "R": said.get("reduceOnly") == "true",
            "wt": "CONTRACT_PRICE",
            "ot": said.get("type"),
            "ps": "BOTH",
            "cp": False,
            "rp": "0" if trade is None else sum_text(trade.realised),
            "pP": False,
            "si": 0,
            "ss": 0,
            "V": _PROTECTION,
            "pm": "NONE",
            "gtd": 0,
            "er": "0",
        },
    }


def is_told(happened: OrderChanged) -> bool:
    """Binance tells no end of an order that was filled: its last trade was that."""
    return happened.step is not Step.ENDED or happened.ticket.state is not State.FILLED


def _event(step: Step, ticket: Ticket) -> str:
    if step is Step.TRADED:
        return "TRADE" if Forced.read(ticket.id) is None else "CALCULATED"
    return "NEW" if step is Step.ACCEPTED else status(ticket)


def _status(step: Step, ticket: Ticket) -> str:
    """While it is told of a trade the order has not ended yet; of the last one it has."""
    if step is Step.TRADED and ticket.outcome.filled.value >= ticket.order.amount.value:
        return "FILLED"
    return status(ticket)
