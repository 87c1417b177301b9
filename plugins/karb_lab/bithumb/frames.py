"""What Bithumb's streams say. Source: Bithumb's pages of its WebSocket API, 2.x."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Side
from karb_lab.account import Account
from karb_lab.bithumb.books import book_units
from karb_lab.bithumb.numbers import whole_where_whole
from karb_lab.bithumb.order_words import cancel_type, state_of, trade_id
from karb_lab.happened import OrderChanged, Step
from karb_lab.json_text import Json, written
from karb_lab.korean.frames import ticker_frame, trade_frame
from karb_lab.korean.quotation import Body, sequential
from karb_lab.korean.short_names import simple
from karb_lab.korean.stream import Tells
from karb_lab.korean.subscription import Grammar, Wish
from karb_lab.korean.sums import Sums
from karb_lab.korean.words import KST_NS, MS, code
from karb_lab.market import Quoted
from karb_lab.tape import Print

_LEVELS = 15  # karb: constant because the books of Bithumb's stream have so many levels
_CONNECTS = 10  # karb: constant because Bithumb's page states it: by the second and address
_MICRO_NS = 1000  # karb: constant because a microsecond has so many nanoseconds
_FIRST_ID = 921_046_000_000_000_000  # karb: constant because numbers of trades have eighteen digits on the stream


def encoded(frame: Body, form: str) -> str:
    """One message as it goes out, in a text frame."""
    told = whole_where_whole(frame)
    assert isinstance(told, dict)
    return written(simple(told) if form == "SIMPLE" else told)


def ticker(instrument: Instrument, quoted: Quoted, now_ns: int, stream: str) -> Body:
    return {
        **ticker_frame(instrument, quoted, now_ns, KST_NS),
        "is_trading_suspended": False,
        "delisting_date": "",
        "market_warning": "NONE",
        "stream_type": stream,
    }


def trade(instrument: Instrument, quoted: Quoted, done: Print, now_ns: int, stream: str) -> Body:
    """Edge: its number has nothing to do with the one that REST tells of the same trade."""
    frame = trade_frame(instrument, quoted, done, now_ns, KST_NS)
    return {**frame, "sequential_id": _FIRST_ID + sequential(done), "stream_type": stream}


def book(quoted: Quoted, facts: InstrumentFacts, wish: Wish, stream: str) -> Body:
    """Edge: its time is in microseconds, unlike every other."""
    return {
        "type": "orderbook",
        "code": code(facts.instrument),
        **book_units(quoted, facts, min(wish.codes[facts.instrument], _LEVELS)),
        "level": 1,
        "timestamp": quoted.changed_ns // _MICRO_NS,
        "stream_type": stream,
    }


def order(happened: OrderChanged, now_ns: int) -> Body:
    """Edge: while it waits nothing is said of what traded."""
    account, ticket = happened.account, happened.ticket
    sums, limit = Sums.of(account, ticket), ticket.order.limit
    told: Body = {
        "type": "myOrder",
        "code": code(ticket.order.instrument),
        "order_id": ticket.id,
        **({} if ticket.client_id is None else {"client_order_id": ticket.client_id}),
        "side": "buy" if ticket.order.side is Side.BUY else "sell",
        "order_type": ticket.said["ord_type"],
        "state": _state(happened),
        **({} if ticket.said["time_in_force"] is None else {"time_in_force": ticket.said["time_in_force"]}),
        "order_timestamp": ticket.created_ns // MS,
        "timestamp": now_ns // MS,
    }
    if limit is not None and sums.volume is not None:
        told |= {"order_price": limit.value, "order_quantity": sums.volume}
        told["order_amount"] = exact.mul(limit.value, sums.volume)
    return {**told, **_traded(happened, sums), "stream_type": "REALTIME"}


def assets(account: Account, changed: list[str], now_ns: int) -> Body:
    """The balances that changed, and no other; as text, unlike Upbit's."""
    held = account.book.balances()
    rows: list[Json] = []
    for asset in changed:
        balance = held.get(Holder(account.book.terms.venue, asset))
        if balance is not None:
            rows.append({"currency": asset, "balance": exact.text(balance.free), "locked": exact.text(balance.locked)})
    return {
        "type": "myAsset",
        "assets": rows,
        "asset_timestamp": now_ns // MS,
        "timestamp": now_ns // MS,
        "stream_type": "REALTIME",
    }


def _traded(happened: OrderChanged, sums: Sums) -> Body:
    if happened.step is Step.ACCEPTED:
        return {}
    told: Body = {
        "executed_quantity": sums.executed,
        **({} if sums.left is None else {"remaining_quantity": sums.left}),
        "executed_amount": sums.funds,
        "paid_fee": sums.paid,
        "remaining_fee": sums.remaining,
    }
    if happened.trade is not None:
        fill = happened.trade.fill
        told |= {
            "trade_id": trade_id(happened.trade),
            "trade_price": fill.price.value,
            "trade_quantity": fill.amount.value,
            "trade_amount": abs(fill.cost).value,
            "trade_timestamp": fill.venue_at_ns // MS,
        }
    if _state(happened) == "cancel":
        told |= {"cancel_type": cancel_type(happened.ticket), "canceling_order_id": happened.ticket.id}
    return told


def _state(happened: OrderChanged) -> str:
    match happened.step:
        case Step.ACCEPTED:
            return "wait"
        case Step.TRADED:
            return "trade"
    return state_of(happened.ticket)


TELLS = Tells(
    grammar=Grammar(
        public=("ticker", "trade", "orderbook"), forms=("DEFAULT", "SIMPLE"), deepest=_LEVELS, level=Decimal(1)
    ),
    spans_ns={},
    encoded=encoded,
    book=book,
    ticker=ticker,
    trade=trade,
    order=order,
    assets=assets,
    connects=_CONNECTS,
)
