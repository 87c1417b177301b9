"""What the market streams of Binance's spot say. Source: Binance's pages on market streams, spot."""

from __future__ import annotations

from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Side
from karb_lab.binance import quotation
from karb_lab.binance.frames import Sides, changes
from karb_lab.binance.market_stream import Tells
from karb_lab.binance.quotation import Body, levels, update_id
from karb_lab.binance.words import MS, symbol
from karb_lab.binance_spot.market_calls import joined_row
from karb_lab.market import Quoted
from karb_lab.tape import Print

_PING_S = 20  # karb: constant because Binance pings every twenty seconds
_KINDS = ("depth", "bookTicker", "trade", "aggTrade", "kline", "ticker", "miniTicker")


def diff(facts: InstrumentFacts, quoted: Quoted, before: Sides, now_ns: int) -> Body:
    """What changed of a book. Edge: its first id is the last one's end and one more; nothing else proves continuity."""
    bids, asks = changes(facts, quoted, before)
    return {
        "e": "depthUpdate",
        "E": now_ns // MS,
        "s": symbol(facts.instrument),
        "U": update_id(quoted.version - 1) + 1,
        "u": update_id(quoted.version),
        "b": bids,
        "a": asks,
    }


def top_levels(facts: InstrumentFacts, quoted: Quoted, count: int, now_ns: int) -> Body:  # noqa: ARG001 - as all are asked
    """The best so many levels. Edge: neither what it is nor of which symbol is told: only the stream's name says it."""
    return {
        "lastUpdateId": update_id(quoted.version),
        "bids": levels(quoted, facts, Side.SELL, count),
        "asks": levels(quoted, facts, Side.BUY, count),
    }


def top(facts: InstrumentFacts, quoted: Quoted, now_ns: int) -> Body | None:  # noqa: ARG001 - as every product is asked
    """Without a time. None where a side is empty."""
    offers = quoted.offers
    if not offers.facing(Side.SELL) or not offers.facing(Side.BUY):
        return None
    row = quotation.top_row(facts, quoted)
    names = {"s": "symbol", "b": "bidPrice", "B": "bidQty", "a": "askPrice", "A": "askQty"}
    return {"u": update_id(quoted.version), **{short: row[name] for short, name in names.items()}}


def joined(facts: InstrumentFacts, done: Print, now_ns: int) -> Body:
    return {"e": "aggTrade", "E": now_ns // MS, "s": symbol(facts.instrument), **joined_row(facts, done)}


def single(facts: InstrumentFacts, done: Print, now_ns: int) -> Body:
    row = joined_row(facts, done)
    told: Body = {"e": "trade", "E": now_ns // MS, "s": symbol(facts.instrument), "t": done.id}
    return {**told, **{name: row[name] for name in ("p", "q", "T", "m", "M")}}


def no_mark(facts: InstrumentFacts, quoted: Quoted, now_ns: int) -> None:
    """Spot has none."""


TELLS = Tells(
    paths=dict.fromkeys(_KINDS, ""),
    ping_s=_PING_S,
    diff=diff,
    top_levels=top_levels,
    top=top,
    joined=joined,
    single=single,
    mark=no_mark,
)
