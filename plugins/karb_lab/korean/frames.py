"""What streams say of a market, whatever the venue. Source: Upbit's and Bithumb's pages of their WebSocket APIs.

`ahead_ns`: how far the clock by which a venue's days begin, and times of day are told, is ahead of UTC.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_lab.korean.quotation import Body, change_of, closed_before, day_of, sequential, taker, ticker_row
from karb_lab.korean.words import MS, code, utc
from karb_lab.market import Quoted
from karb_lab.tape import Print, over

_OF_REST = ("market", "trade_date_kst", "trade_time_kst")


def ticker_frame(instrument: Instrument, quoted: Quoted, now_ns: int, ahead_ns: int) -> Body:
    """Errors: `Refused` for one that has never traded."""
    row = ticker_row(instrument, quoted, now_ns, ahead_ns)
    for name in _OF_REST:
        del row[name]
    last = quoted.tape.last()
    assert last is not None
    at = utc(last.at_ns + ahead_ns)
    today = over(quoted.tape.minutes(day_of(now_ns, ahead_ns), now_ns + 1))
    bought, whole = (Decimal(0), Decimal(0)) if today is None else (today.taken, today.volume)
    return {
        "type": "ticker",
        "code": code(instrument),
        **row,
        "trade_date": f"{at:%Y%m%d}",
        "trade_time": f"{at:%H%M%S}",
        "ask_bid": taker(last),
        "acc_ask_volume": exact.sub(whole, bought),
        "acc_bid_volume": bought,
        "market_state": "ACTIVE",
    }


def trade_frame(instrument: Instrument, quoted: Quoted, done: Print, now_ns: int, ahead_ns: int) -> Body:
    at = utc(done.at_ns + ahead_ns)
    before = closed_before(quoted, done.at_ns, ahead_ns)
    changed = change_of(done.price, before)
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
    }
