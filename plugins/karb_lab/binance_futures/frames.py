"""What Binance's market streams say. Source: Binance's pages on market streams, USD-M futures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Side
from karb_lab.binance_futures.quotation import (
    Body,
    candle_frame,
    day_row,
    joined_row,
    levels,
    rate_of,
    settles_ms,
    update_id,
)
from karb_lab.binance_futures.words import MS, SPANS_NS, amount_text, price_text, sum_text, symbol
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import Print

_STARTS = 3  # karb: constant because a message's first id lies between the last one's end and its own
Sides = tuple[tuple[Level, ...], tuple[Level, ...]]


def sides_of(quoted: Quoted) -> Sides:
    """Bids and asks as they stand, to be compared with later."""
    return quoted.offers.facing(Side.SELL), quoted.offers.facing(Side.BUY)


def diff_frame(facts: InstrumentFacts, quoted: Quoted, before: Sides, now_ns: int) -> Body:
    """What changed of a book; `pu` is the last id of the message before, told or not. A level that is gone is zero."""
    bids, asks = (_changed(facts, old, new) for old, new in zip(before, sides_of(quoted), strict=True))
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


def kline_frames(facts: InstrumentFacts, quoted: Quoted, word: str, done: Print, now_ns: int) -> list[Body]:
    """The candle of a print, and before it the one that ended by it: that is known only now."""
    found = quoted.tape.candles(SPANS_NS[word], now_ns + 1, 2)
    ended = found[-1].first_id == done.id and len(found) == 2  # karb: constant because two candles were asked for
    told = [(one, closed) for one, closed in zip(found, (True, False), strict=False) if ended] or [(found[-1], False)]
    return [
        {
            "e": "kline",
            "E": now_ns // MS,
            "s": symbol(facts.instrument),
            "k": candle_frame(facts, one, word, closed=closed),
        }
        for one, closed in told
    ]


def day_frame(facts: InstrumentFacts, quoted: Quoted, done: Print, now_ns: int) -> Body:
    row = day_row(facts, quoted, done, now_ns)
    names = {
        "p": "priceChange", "P": "priceChangePercent", "w": "weightedAvgPrice", "c": "lastPrice", "Q": "lastQty",
        "o": "openPrice", "h": "highPrice", "l": "lowPrice", "v": "volume", "q": "quoteVolume", "O": "openTime",
        "C": "closeTime", "F": "firstId", "L": "lastId", "n": "count",
    }  # fmt: skip
    told: Body = {short: row[name] for short, name in names.items()}
    return {"e": "24hrTicker", "E": now_ns // MS, "s": symbol(facts.instrument), **told}


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


def _changed(facts: InstrumentFacts, old: tuple[Level, ...], new: tuple[Level, ...]) -> list[Json]:
    before, after = dict(old), dict(new)
    prices = [price for price in [*after, *before] if before.get(price) != after.get(price)]
    nothing = Decimal(0)
    return [
        [price_text(facts, price), amount_text(facts, after.get(price, nothing))] for price in dict.fromkeys(prices)
    ]
