"""What Upbit's streams say, in its four formats. Source: Upbit's pages of its WebSocket API."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from karb_core.domain import exact
from karb_core.domain.holdings import Account as Holder
from karb_core.domain.instrument import Instrument
from karb_lab.account import Account, State, Ticket
from karb_lab.happened import OrderChanged, Step
from karb_lab.json_text import Json, written
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, Candle, Print, over
from karb_lab.upbit.candles import candle
from karb_lab.upbit.order_words import Sums, average, trade_id
from karb_lab.upbit.quotation import Body, change_of, closed_before, sequential, taker, ticker_row
from karb_lab.upbit.words import MS, VENUE, code, utc

FORMATS = ("DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST")
_SHORT = {
    "type": "ty", "code": "cd", "timestamp": "tms", "stream_type": "st",
    "opening_price": "op", "high_price": "hp", "low_price": "lp", "trade_price": "tp", "prev_closing_price": "pcp",
    "change": "c", "change_price": "cp", "signed_change_price": "scp", "change_rate": "cr", "signed_change_rate": "scr",
    "trade_volume": "tv", "acc_trade_volume": "atv", "acc_trade_volume_24h": "atv24h", "acc_trade_price": "atp",
    "acc_trade_price_24h": "atp24h", "trade_timestamp": "ttms", "ask_bid": "ab", "acc_ask_volume": "aav",
    "acc_bid_volume": "abv", "highest_52_week_price": "h52wp", "highest_52_week_date": "h52wdt",
    "lowest_52_week_price": "l52wp", "lowest_52_week_date": "l52wdt", "market_state": "ms", "delisting_date": "dd",
    "sequential_id": "sid", "best_ask_price": "bap", "best_ask_size": "bas", "best_bid_price": "bbp",
    "best_bid_size": "bbs", "total_ask_size": "tas", "total_bid_size": "tbs", "orderbook_units": "obu",
    "ask_price": "ap", "bid_price": "bp", "ask_size": "as", "bid_size": "bs", "level": "lv",
    "candle_date_time_utc": "cdttmu", "candle_date_time_kst": "cdttmk", "candle_acc_trade_volume": "catv",
    "candle_acc_trade_price": "catp",
    "uuid": "uid", "order_type": "ot", "state": "s", "trade_uuid": "tuid", "price": "p", "avg_price": "ap",
    "volume": "v", "remaining_volume": "rv", "executed_volume": "ev", "trades_count": "tc", "reserved_fee": "rsf",
    "remaining_fee": "rmf", "paid_fee": "pf", "locked": "l", "executed_funds": "ef", "time_in_force": "tif",
    "trade_fee": "tf", "is_maker": "im", "identifier": "id", "smp_type": "smpt", "prevented_volume": "pv",
    "prevented_locked": "pl", "order_timestamp": "otms",
    "asset_uuid": "astuid", "assets": "ast", "currency": "cu", "balance": "b", "asset_timestamp": "asttms",
}  # fmt: skip
#: The same name is short for the time of day in a ticker, and for the day and the time of a trade.
_OF_TICKER = {"trade_date": "tdt", "trade_time": "ttm"}
_OF_TRADE = {"trade_date": "td", "trade_time": "ttm"}


def encoded(frame: Body, form: str) -> bytes:
    """One message as it goes out, UTF-8 in a binary frame."""
    short = _OF_TICKER if frame.get("type") == "ticker" else _OF_TRADE
    told: Json = _simple(frame, {**_SHORT, **short}) if form.startswith("SIMPLE") else frame
    return written([told] if form.endswith("LIST") else told).encode()


def ticker_frame(instrument: Instrument, quoted: Quoted, now_ns: int, stream: str) -> Body:
    row = ticker_row(instrument, quoted, now_ns)
    for name in ("market", "trade_date_kst", "trade_time_kst"):
        del row[name]
    last = quoted.tape.last()
    today = over(quoted.tape.minutes(now_ns - now_ns % DAY_NS, now_ns + 1))
    bought, whole = (Decimal(0), Decimal(0)) if today is None else (today.taken, today.volume)
    return {
        "type": "ticker",
        "code": code(instrument),
        **row,
        "ask_bid": None if last is None else taker(last),
        "acc_ask_volume": exact.sub(whole, bought),
        "acc_bid_volume": bought,
        "market_state": "ACTIVE",
        "delisting_date": None,
        "stream_type": stream,
    }


def trade_frame(instrument: Instrument, quoted: Quoted, done: Print, now_ns: int, stream: str) -> Body:
    at = utc(done.at_ns)
    before = closed_before(quoted, done.at_ns)
    changed = change_of(done.price, before)
    top = quoted.offers.depth.top()
    return {
        "type": "trade",
        "code": code(instrument),
        "timestamp": now_ns // MS,
        "trade_date": f"{at:%Y-%m-%d}",
        "trade_time": f"{at:%H:%M:%S}",
        "trade_timestamp": done.at_ns // MS,
        "trade_price": done.price,
        "trade_volume": done.amount,
        "ask_bid": taker(done),
        "prev_closing_price": before,
        "change": changed["change"],
        "change_price": changed["change_price"],
        "sequential_id": sequential(done),
        "best_ask_price": None if top is None else top.ask,
        "best_ask_size": None if top is None else top.ask_amount,
        "best_bid_price": None if top is None else top.bid,
        "best_bid_size": None if top is None else top.bid_amount,
        "stream_type": stream,
    }


def book_frame(row: Body, stream: str) -> Body:
    """Of a book as REST tells it (`quotation.book_row`)."""
    rest = {name: value for name, value in row.items() if name != "market"}
    return {"type": "orderbook", "code": row["market"], **rest, "stream_type": stream}


def candle_frame(word: str, instrument: Instrument, found: Candle, stream: str) -> Body:
    row = candle(instrument, found)
    del row["market"]
    return {"type": word, "code": code(instrument), **row, "stream_type": stream}


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
        balance = held.get(Holder(VENUE, asset))
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


def _simple(value: Json, short: dict[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {short.get(name, name): _simple(inner, short) for name, inner in value.items()}
    return [_simple(inner, short) for inner in value] if isinstance(value, list) else value
