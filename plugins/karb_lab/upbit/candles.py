"""Upbit's candles. Source: Upbit's pages of the quotation API."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, MINUTE_NS, Candle
from karb_lab.upbit.quotation import Body, change_of
from karb_lab.upbit.words import MS, code, kst, utc

_FIRST_MONDAY_NS = 4 * DAY_NS  # karb: constant because 1970-01-05 was a Monday, four days after the epoch
MINUTES = (1, 3, 5, 10, 15, 30, 60, 240)  # karb: constant because Upbit has candles of these minutes
MOST = 200  # karb: constant because Upbit lists no more candles at once

#: By the word of the path, how long a candle is and where the first began. Months and years are counted otherwise.
SPANS = {"days": (DAY_NS, 0), "weeks": (7 * DAY_NS, _FIRST_MONDAY_NS)}  # karb: constant because a week has seven days


def candle(instrument: Instrument, found: Candle) -> Body:
    """What candles of every length say."""
    return {
        "market": code(instrument),
        "candle_date_time_utc": f"{utc(found.start_ns):%Y-%m-%dT%H:%M:%S}",
        "candle_date_time_kst": f"{kst(found.start_ns):%Y-%m-%dT%H:%M:%S}",
        "opening_price": found.open,
        "high_price": found.high,
        "low_price": found.low,
        "trade_price": found.close,
        "timestamp": found.at_ns // MS,
        "candle_acc_trade_price": found.value,
        "candle_acc_trade_volume": found.volume,
    }


def minutes(instrument: Instrument, quoted: Quoted, unit: int, until_ns: int, count: int) -> list[Body]:
    """The newest first; minutes in which nothing traded have none."""
    found = quoted.tape.candles(unit * MINUTE_NS, until_ns, count)
    return [{**candle(instrument, one), "unit": unit} for one in reversed(found)]


def days(instrument: Instrument, quoted: Quoted, until_ns: int, count: int) -> list[Body]:
    found = quoted.tape.candles(*_until("days", until_ns), count + 1)
    before = [found[0].open, *(one.close for one in found)]
    rows = [_day(instrument, one, close) for one, close in zip(found, before, strict=False)]
    return rows[-count:][::-1]


def weeks(instrument: Instrument, quoted: Quoted, until_ns: int, count: int) -> list[Body]:
    span_ns, before_ns = _until("weeks", until_ns)
    found = quoted.tape.candles(span_ns, before_ns, count, _FIRST_MONDAY_NS)
    return [_period(instrument, one, utc(one.start_ns).date()) for one in reversed(found)]


def long(word: str, instrument: Instrument, quoted: Quoted, until_ns: int, count: int) -> list[Body]:
    """Months and years, joined of days."""
    periods: dict[date, Candle] = {}
    for day in quoted.tape.candles(*_until("days", until_ns), MOST * 2):
        first = utc(day.start_ns).date().replace(day=1)
        first = first if word == "months" else first.replace(month=1)
        periods[first] = periods[first].joined(day) if first in periods else day
    return [_period(instrument, one, first) for first, one in reversed(periods.items())][:count]


def _until(word: str, until_ns: int) -> tuple[int, int]:
    return SPANS[word][0], until_ns


def _day(instrument: Instrument, found: Candle, before: Decimal) -> Body:
    changed: dict[str, Json] = change_of(found.close, before)
    return {
        **candle(instrument, found),
        "prev_closing_price": before,
        "change_price": exact.sub(found.close, before),
        "change_rate": changed["signed_change_rate"],
    }


def _period(instrument: Instrument, found: Candle, first: date) -> Body:
    return {**candle(instrument, found), "first_day_of_period": f"{first + timedelta(0):%Y-%m-%d}"}
