"""What Upbit's streams say, in its four formats. Source: Upbit's pages of its WebSocket API."""

from __future__ import annotations

from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_lab.account import Account, State, Ticket
from karb_lab.happened import OrderChanged, Step
from karb_lab.json_text import Json, written
from karb_lab.korean.candles import MINUTES
from karb_lab.korean.frames import ticker_frame, trade_frame
from karb_lab.korean.quotation import LEVELS, Body, book_row
from karb_lab.korean.short_names import simple
from karb_lab.korean.stream import Tells
from karb_lab.korean.subscription import Grammar, Wish
from karb_lab.korean.sums import Sums, average, trade_id
from karb_lab.korean.words import MS, code
from karb_lab.market import Quoted
from karb_lab.tape import MINUTE_NS, Print

_SPANS_NS = {
    "candle.1s": MINUTE_NS,  # karb: constant because the tape keeps minutes: a second is told as its minute
    **{f"candle.{unit}m": unit * MINUTE_NS for unit in MINUTES},
}


def encoded(frame: Body, form: str) -> bytes:
    """One message as it goes out, UTF-8 in a binary frame."""
    told: Json = simple(frame) if form.startswith("SIMPLE") else frame
    return written([told] if form.endswith("LIST") else told).encode()


def ticker(instrument: Instrument, quoted: Quoted, now_ns: int, stream: str) -> Body:
    # karb: constant because Upbit's days are those of UTC
    return {**ticker_frame(instrument, quoted, now_ns, 0), "delisting_date": None, "stream_type": stream}


def trade(instrument: Instrument, quoted: Quoted, done: Print, now_ns: int, stream: str) -> Body:
    top = quoted.offers.depth.top()
    return {
        # karb: constant because Upbit's days are those of UTC
        **trade_frame(instrument, quoted, done, now_ns, 0),
        "best_ask_price": None if top is None else top.ask,
        "best_ask_size": None if top is None else top.ask_amount,
        "best_bid_price": None if top is None else top.bid,
        "best_bid_size": None if top is None else top.bid_amount,
        "stream_type": stream,
    }


def book_frame(quoted: Quoted, facts: InstrumentFacts, wish: Wish, stream: str) -> Body:
    row = book_row(quoted, facts, wish.codes[facts.instrument], wish.level)
    rest = {name: value for name, value in row.items() if name != "market"}
    return {"type": "orderbook", "code": row["market"], **rest, "stream_type": stream}


def order_frame(happened: OrderChanged, now_ns: int) -> Body:
    """Of a trade the price and the volume are those of the trade, otherwise the order's."""
    account, ticket, trade = happened.account, happened.ticket, happened.trade
    sums = Sums.of(account, ticket)
    fill = None if trade is None else trade.fill
    price = ticket.order.limit if fill is None else fill.price
    return {
        "type": "myOrder",
        "code": code(ticket.order.instrument),
        "uuid": ticket.id,
        "ask_bid": "BID" if ticket.order.side.value == "buy" else "ASK",
        "order_type": ticket.said["ord_type"],
        "state": _state(happened.step, ticket),
        "trade_uuid": None if trade is None else trade_id(trade),
        "price": _cost(ticket) if price is None else price.value,
        # karb: constant because what has not traded has no average, told as zero
        "avg_price": average(ticket) or Decimal(0),
        "volume": sums.volume if fill is None else fill.amount.value,
        "remaining_volume": sums.left,
        "executed_volume": sums.executed,
        "trades_count": len(ticket.trades),
        "reserved_fee": sums.reserved,
        "remaining_fee": sums.remaining,
        "paid_fee": sums.paid,
        "locked": sums.locked,
        "executed_funds": sums.funds,
        "time_in_force": ticket.said["time_in_force"],
        "trade_fee": None if fill is None else fill.fee.value,
        "is_maker": None if trade is None else trade.maker,
        "identifier": ticket.client_id,
        "smp_type": ticket.said["smp_type"],
        "prevented_volume": Decimal(0),
        "prevented_locked": Decimal(0),
        "trade_timestamp": None if fill is None else fill.venue_at_ns // MS,
        "order_timestamp": ticket.created_ns // MS,
        "timestamp": now_ns // MS,
        "stream_type": "REALTIME",
    }


def asset_frame(account: Account, assets: list[str], now_ns: int) -> Body:
    """The balances that changed, and no other."""
    held = account.book.balances()
    rows: list[Json] = []
    for asset in assets:
        balance = held.get(Holder(account.book.terms.venue, asset))
        if balance is not None:
            rows.append({"currency": asset, "balance": balance.free, "locked": balance.locked})
    return {
        "type": "myAsset",
        "asset_uuid": str(uuid5(NAMESPACE_URL, account.key)),
        "assets": rows,
        "asset_timestamp": now_ns // MS,
        "timestamp": now_ns // MS,
        "stream_type": "REALTIME",
    }


def _state(step: Step, ticket: Ticket) -> str:
    match step:
        case Step.ACCEPTED:
            return "wait"
        case Step.TRADED:
            return "trade"
    return "done" if ticket.state is State.FILLED else "cancel"


def _cost(ticket: Ticket) -> Decimal | None:
    return None if ticket.order.cost is None else ticket.order.cost.value


TELLS = Tells(
    grammar=Grammar(
        public=("ticker", "trade", "orderbook", *_SPANS_NS),
        forms=("DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST"),
        deepest=LEVELS,
        level=Decimal(0),
    ),
    spans_ns=_SPANS_NS,
    encoded=encoded,
    book=book_frame,
    ticker=ticker,
    trade=trade,
    order=order_frame,
    assets=asset_frame,
)
