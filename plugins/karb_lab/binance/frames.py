"""What Binance's market streams say, whatever the product. Source: Binance's pages on market streams."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Side
from karb_lab.binance.quotation import Body, candle_frame, day_row
from karb_lab.binance.words import MS, ORIGINS_NS, SPANS_NS, amount_text, price_text, symbol
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import Print

Sides = tuple[tuple[Level, ...], tuple[Level, ...]]


def sides_of(quoted: Quoted) -> Sides:
    """Bids and asks as they stand, to be compared with later."""
    return quoted.offers.facing(Side.SELL), quoted.offers.facing(Side.BUY)


def changes(facts: InstrumentFacts, quoted: Quoted, before: Sides) -> tuple[list[Json], list[Json]]:
    """Bids and asks that are other ones now. A level that is gone is zero."""
    bids, asks = (_changed(facts, old, new) for old, new in zip(before, sides_of(quoted), strict=True))
    return bids, asks


def kline_frames(facts: InstrumentFacts, quoted: Quoted, word: str, done: Print, now_ns: int) -> list[Body]:
    """The candle of a print, and before it the one that ended by it: that is known only now."""
    # karb: constant because most spans are counted from the epoch
    found = quoted.tape.candles(SPANS_NS[word], now_ns + 1, 2, ORIGINS_NS.get(word, 0))
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


def mini_frame(facts: InstrumentFacts, quoted: Quoted, done: Print, now_ns: int) -> Body:
    """The same in short, under the names of a candle."""
    told = day_frame(facts, quoted, done, now_ns)
    return {**{name: told[name] for name in ("E", "s", "c", "o", "h", "l", "v", "q")}, "e": "24hrMiniTicker"}


def _changed(facts: InstrumentFacts, old: tuple[Level, ...], new: tuple[Level, ...]) -> list[Json]:
    before, after = dict(old), dict(new)
    prices = [price for price in [*after, *before] if before.get(price) != after.get(price)]
    nothing = Decimal(0)
    return [
        [price_text(facts, price), amount_text(facts, after.get(price, nothing))] for price in dict.fromkeys(prices)
    ]
