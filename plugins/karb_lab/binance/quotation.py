"""Binance's market data: books, trades, candles, a day. Source: Binance's pages, spot and USD-M futures."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Side
from karb_lab.binance.words import MS, ORIGINS_NS, SPANS_NS, amount_text, price_text, sum_text, symbol
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, Candle, Print, over

Body = dict[str, Json]
#: An id of a book, and how many of its changes one message joins.
_FIRST_UPDATE = 11_563_384_000_000  # karb: constant because Binance's ids have fourteen digits
_JOINED = 10  # karb: constant because it only makes ids rise as they do where changes are joined
_PERCENT = Decimal("0.001")  # karb: constant because Binance tells a day's change with three digits
_DEPTH_AHEAD = 5  # karb: constant because a snapshot falls between two messages of the stream


def update_id(version: int) -> int:
    """The last id of what a book's change is told with."""
    return _FIRST_UPDATE + version * _JOINED


def snapshot_id(version: int) -> int:
    """A snapshot falls between two messages of the diff stream, as at Binance: the next one joins on to it."""
    return update_id(version) + _DEPTH_AHEAD


def levels(quoted: Quoted, facts: InstrumentFacts, side: Side, limit: int) -> list[Json]:
    """What an order of this side finds, the best first."""
    return [
        [price_text(facts, level.price), amount_text(facts, level.amount)]
        for level in quoted.offers.facing(side)[:limit]
    ]


def candle_rows(
    quoted: Quoted, facts: InstrumentFacts, word: str, since_ns: int, until_ns: int, count: int
) -> list[Json]:
    """Ascending, the last still open. Edge: from `since_ns` on the first so many; without it the last."""
    # karb: constant because most spans are counted from the epoch
    span_ns, origin_ns = SPANS_NS[word], ORIGINS_NS.get(word, 0)
    kept = max((until_ns - since_ns) // span_ns + 1, count) if since_ns else count
    found = [one for one in quoted.tape.candles(span_ns, until_ns, int(kept), origin_ns) if one.start_ns >= since_ns]
    chosen = found[:count] if since_ns else found[-count:]
    return [_candle(facts, one, span_ns) for one in chosen]


def _candle(facts: InstrumentFacts, one: Candle, span_ns: int) -> Json:
    return [
        one.start_ns // MS,
        price_text(facts, one.open),
        price_text(facts, one.high),
        price_text(facts, one.low),
        price_text(facts, one.close),
        amount_text(facts, one.volume),
        (one.start_ns + span_ns) // MS - 1,
        sum_text(one.value),
        one.count,
        amount_text(facts, one.taken),
        sum_text(one.taken_value),
        "0",
    ]


def candle_frame(facts: InstrumentFacts, one: Candle, word: str, *, closed: bool) -> Body:
    """`k` of a candle's message."""
    return {
        "t": one.start_ns // MS,
        "T": (one.start_ns + SPANS_NS[word]) // MS - 1,
        "s": symbol(facts.instrument),
        "i": word,
        "f": one.first_id,
        "L": one.last_id,
        "o": price_text(facts, one.open),
        "c": price_text(facts, one.close),
        "h": price_text(facts, one.high),
        "l": price_text(facts, one.low),
        "v": amount_text(facts, one.volume),
        "n": one.count,
        "x": closed,
        "q": sum_text(one.value),
        "V": amount_text(facts, one.taken),
        "Q": sum_text(one.taken_value),
        "B": "0",
    }


def trade_row(facts: InstrumentFacts, done: Print) -> Body:
    return {
        "id": done.id,
        "price": price_text(facts, done.price),
        "qty": amount_text(facts, done.amount),
        "quoteQty": sum_text(exact.mul(done.price, done.amount)),
        "time": done.at_ns // MS,
        "isBuyerMaker": done.taker is Side.SELL,
    }


def joined_row(facts: InstrumentFacts, done: Print) -> Body:
    """A trade that was joined with no other."""
    amount = amount_text(facts, done.amount)
    return {
        "a": done.id,
        "p": price_text(facts, done.price),
        "q": amount,
        "f": done.id,
        "l": done.id,
        "T": done.at_ns // MS,
        "m": done.taker is Side.SELL,
    }


def price_row(facts: InstrumentFacts, last: Print) -> Body:
    return {"symbol": symbol(facts.instrument), "price": price_text(facts, last.price)}


def day_row(facts: InstrumentFacts, quoted: Quoted, last: Print, now_ns: int) -> Body:
    """Of twenty-four hours up to now."""
    day = over(quoted.tape.minutes(now_ns - DAY_NS, now_ns + 1))
    if day is None:
        day = Candle.of(last)
    begin, high, low, volume, value = day.open, day.high, day.low, day.volume, day.value
    moved = exact.sub(last.price, begin)
    percent = exact.divide(exact.mul(moved, Decimal(100)), begin, _PERCENT, Rounding.HALF_EVEN)
    average = exact.divide(value, volume, facts.ticks[0].tick, Rounding.HALF_EVEN) if volume else last.price
    return {
        "symbol": symbol(facts.instrument),
        "priceChange": price_text(facts, moved),
        "priceChangePercent": str(percent),
        "weightedAvgPrice": price_text(facts, average),
        "lastPrice": price_text(facts, last.price),
        "lastQty": amount_text(facts, last.amount),
        "openPrice": price_text(facts, begin),
        "highPrice": price_text(facts, high),
        "lowPrice": price_text(facts, low),
        "volume": amount_text(facts, volume),
        "quoteVolume": sum_text(value),
        "openTime": (now_ns - DAY_NS) // MS,
        "closeTime": now_ns // MS,
        "firstId": day.first_id,
        "lastId": last.id,
        "count": day.count,
    }


def top_row(facts: InstrumentFacts, quoted: Quoted) -> Body:
    """Edge: a side that is empty is told as zero."""
    bids, asks = levels(quoted, facts, Side.SELL, 1), levels(quoted, facts, Side.BUY, 1)
    nothing: list[Json] = [["0", "0"]]
    (bid,), (ask,) = bids or nothing, asks or nothing
    assert isinstance(bid, list)
    assert isinstance(ask, list)
    return {
        "symbol": symbol(facts.instrument),
        "bidPrice": bid[0],
        "bidQty": bid[1],
        "askPrice": ask[0],
        "askQty": ask[1],
    }
