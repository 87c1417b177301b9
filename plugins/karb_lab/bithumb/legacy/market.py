"""What API 1.x tells of markets: numbers as text, days of Korea. Source: Bithumb, API 1.x, public."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.orders import Side
from karb_lab.bithumb.legacy.refused import LegacyRefused
from karb_lab.bithumb.legacy.spelling import at_home
from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body, closed_before, day_of
from karb_lab.korean.words import KST_NS, MS
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, MINUTE_NS, Candle, Print, over

_PERCENT = Decimal("0.01")  # karb: constant because changes are told in percent with two digits
_FOUR = 4  # karb: constant because amounts of a book have four digits
_HOUR_NS = 60 * MINUTE_NS  # karb: constant because an hour has sixty minutes
_MOST_CANDLES = 1500  # karb: constant because it bounds an answer; Bithumb's holds thousands
_UNITS = {"m": MINUTE_NS, "h": _HOUR_NS}
SPANS_NS = {
    f"{count}{unit}": count * _UNITS[unit]
    for unit, counts in {
        "m": (1, 3, 5, 10, 30),  # karb: constant because API 1.x has candles of these
        "h": (1, 6, 12, 24),  # karb: constant because API 1.x has candles of these
    }.items()
    for count in counts
}


def ticker(quoted: Quoted, now_ns: int) -> Body:
    """Of the day since midnight in Korea, and of twenty-four hours. Errors: `LegacyRefused` for one that never traded."""
    last = quoted.tape.last()
    if last is None:
        raise LegacyRefused.bad()
    first = Candle.of(last)
    today = over(quoted.tape.minutes(day_of(now_ns, KST_NS), now_ns + 1)) or first
    rolling = over(quoted.tape.minutes(now_ns - DAY_NS, now_ns + 1)) or first
    moved = exact.sub(last.price, rolling.open)
    return {
        "opening_price": exact.text(today.open),
        "closing_price": exact.text(last.price),
        "min_price": exact.text(today.low),
        "max_price": exact.text(today.high),
        "units_traded": exact.text(today.volume),
        "acc_trade_value": told(today.value),
        "prev_closing_price": exact.text(closed_before(quoted, now_ns, KST_NS)),
        "units_traded_24H": exact.text(rolling.volume),
        "acc_trade_value_24H": told(rolling.value),
        "fluctate_24H": exact.text(moved),
        "fluctate_rate_24H": exact.text(percent_of(moved, rolling.open)),
    }


def book(quoted: Quoted, count: int, now_ns: int) -> Body:
    """Best first on both sides."""
    return {
        "timestamp": str(now_ns // MS),
        "bids": _levels(quoted, Side.SELL, count),
        "asks": _levels(quoted, Side.BUY, count),
    }


def trade(done: Print) -> Body:
    """`total` in whole won."""
    return {
        "transaction_date": at_home(done.at_ns),
        "type": "bid" if done.taker is Side.BUY else "ask",
        "units_traded": exact.text(done.amount),
        "price": exact.text(done.price),
        "total": exact.text(exact.half_even(exact.mul(done.price, done.amount), 0)),
    }


def candles(quoted: Quoted, word: str, now_ns: int) -> list[Json]:
    """Oldest first: time, open, close, high, low, volume. Errors: `LegacyRefused` for a length that there is not."""
    span_ns = SPANS_NS.get(word)
    if span_ns is None:
        raise LegacyRefused.bad()
    found = quoted.tape.candles(span_ns, now_ns + 1, _MOST_CANDLES, -KST_NS)
    return [
        [one.start_ns // MS, *(exact.text(value) for value in (one.open, one.close, one.high, one.low, one.volume))]
        for one in found
    ]


def percent_of(moved: Decimal, begin: Decimal) -> Decimal:
    # karb: constant because a percent is a hundredth
    return exact.divide(exact.mul(moved, Decimal(100)), begin, _PERCENT, Rounding.HALF_EVEN)


def told(value: Decimal) -> str:
    """A sum, as it is told: with four digits."""
    return exact.text(exact.half_even(value, _FOUR))


def _levels(quoted: Quoted, side: Side, count: int) -> list[Json]:
    return [
        {"price": exact.text(level.price), "quantity": told(level.amount)}
        for level in quoted.offers.facing(side)[:count]
    ]
