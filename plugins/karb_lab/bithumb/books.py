"""Bithumb's book, and what it gets wrong. Source: Bithumb's pages of order books; books that others recorded."""

from __future__ import annotations

from decimal import Decimal
from itertools import zip_longest

from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Side
from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body
from karb_lab.market import Quoted

_TOLD = Decimal("0.0001")  # karb: constant because Bithumb tells amounts of its book with four digits


def book_units(quoted: Quoted, facts: InstrumentFacts, count: int) -> Body:
    """Best first on both sides, which have nothing to do with each other: the side with fewer levels is filled up with
    amounts of zero, one step of price further out each. Edge: an amount below half of 0.0001 is told as zero too.
    """
    asks = [_told(level) for level in quoted.offers.facing(Side.BUY)[:count]]
    bids = [_told(level) for level in quoted.offers.facing(Side.SELL)[:count]]
    longest = max(len(asks), len(bids))
    units: list[Json] = [
        {"ask_price": ask.price, "bid_price": bid.price, "ask_size": ask.amount, "bid_size": bid.amount}
        for ask, bid in zip_longest(
            _filled(asks, longest, facts, Decimal(1)), _filled(bids, longest, facts, Decimal(-1))
        )
    ]
    return {
        "total_ask_size": exact.total(level.amount for level in asks),
        "total_bid_size": exact.total(level.amount for level in bids),
        "orderbook_units": units,
    }


def _told(level: Level) -> Level:
    return Level(level.price, exact.half_even(level.amount, -int(_TOLD.as_tuple().exponent)))


def _filled(levels: list[Level], count: int, facts: InstrumentFacts, outward: Decimal) -> list[Level]:
    found = list(levels)
    while len(found) < count:
        last = found[-1].price if found else Decimal(0)
        step = exact.mul(facts.tick_at(last), outward) if last else Decimal(0)
        found.append(Level(exact.add(last, step), Decimal(0)))
    return found
