"""What Binance's market streams say. Source: Binance's pages on market streams, USD-M futures."""

from __future__ import annotations

from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Side
from karb_lab.binance.frames import Sides, changes, sides_of
from karb_lab.binance.market_stream import Tells
from karb_lab.binance.quotation import Body, levels, update_id
from karb_lab.binance.words import MS, amount_text, price_text, sum_text, symbol
from karb_lab.binance_futures.quotation import joined_row, rate_of, settles_ms
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import Print

PUBLIC, MARKET = "public", "market"
_PING_S = 180  # karb: constant because Binance pings every three minutes
_STARTS = 3  # karb: constant because a message's first id lies between the last one's end and its own


def diff_frame(facts: InstrumentFacts, quoted: Quoted, before: Sides, now_ns: int) -> Body:
    """What changed of a book; `pu` is the last id of the message before, told or not. A level that is gone is zero."""
    bids, asks = changes(facts, quoted, before)
    last, previous = update_id(quoted.version), update_id(quoted.version - 1)
    return _book(facts, quoted, now_ns, (previous + _STARTS, last, previous), bids, asks)


def top_levels_frame(facts: InstrumentFacts, quoted: Quoted, count: int, now_ns: int) -> Body:
    """The best so many levels, complete, in the fields of a diff."""
    last, previous = update_id(quoted.version), update_id(quoted.version - 1)
    bids, asks = levels(quoted, facts, Side.SELL, count), levels(quoted, facts, Side.BUY, count)
    return _book(facts, quoted, now_ns, (previous + _STARTS, last, previous), bids, asks)


def top_frame(facts: InstrumentFacts, quoted: Quoted, now_ns: int) -> Body | None:
    """None where a side is empty."""
    bids, asks = sides_of(quoted)
    if not bids or not asks:
        return None
    return {
        "e": "bookTicker",
        "u": update_id(quoted.version),
        "s": symbol(facts.instrument),
        "b": price_text(facts, bids[0].price),
        "B": amount_text(facts, bids[0].amount),
        "a": price_text(facts, asks[0].price),
        "A": amount_text(facts, asks[0].amount),
        "T": quoted.changed_ns // MS,
        "E": now_ns // MS,
    }


def trade_frame(facts: InstrumentFacts, done: Print, now_ns: int) -> Body:
    row = joined_row(facts, done)
    return {"e": "aggTrade", "E": now_ns // MS, "s": symbol(facts.instrument), **row}


def single_frame(facts: InstrumentFacts, done: Print, now_ns: int) -> Body:
    """A trade that is not joined with others, as a stream tells it that clients use and no page describes."""
    return {
        "e": "trade",
        "E": now_ns // MS,
        "T": done.at_ns // MS,
        "s": symbol(facts.instrument),
        "t": done.id,
        "p": price_text(facts, done.price),
        "q": amount_text(facts, done.amount),
        "X": "MARKET",
        "m": done.taker is Side.SELL,
    }


def mark_frame(facts: InstrumentFacts, quoted: Quoted, now_ns: int) -> Body | None:
    """None where no mark was told. The average of the mark is the mark: nothing is averaged here."""
    mark = quoted.mark
    if mark is None:
        return None
    index = sum_text(mark.price if mark.index is None else mark.index)
    return {
        "e": "markPriceUpdate",
        "E": now_ns // MS,
        "s": symbol(facts.instrument),
        "p": sum_text(mark.price),
        "ap": sum_text(mark.price),
        "i": index,
        "P": index,
        "r": sum_text(rate_of(quoted.funding)),
        "T": settles_ms(quoted.funding),
    }


def _book(
    facts: InstrumentFacts, quoted: Quoted, now_ns: int, ids: tuple[int, int, int], bids: list[Json], asks: list[Json]
) -> Body:
    first, last, previous = ids
    return {
        "e": "depthUpdate",
        "E": now_ns // MS,
        "T": quoted.changed_ns // MS,
        "s": symbol(facts.instrument),
        "U": first,
        "u": last,
        "pu": previous,
        "b": bids,
        "a": asks,
    }


TELLS = Tells(
    paths={
        **dict.fromkeys(("depth", "bookTicker", "trade"), PUBLIC),
        **dict.fromkeys(("aggTrade", "markPrice", "kline", "ticker", "miniTicker"), MARKET),
    },
    ping_s=_PING_S,
    diff=diff_frame,
    top_levels=top_levels_frame,
    top=top_frame,
    joined=trade_frame,
    single=single_frame,
    mark=mark_frame,
)
