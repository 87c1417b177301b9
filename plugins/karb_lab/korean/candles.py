"""Candles. Source: Upbit's and Bithumb's pages of their quotation APIs.

`ahead_ns`: how far the clock by which days and hours begin is ahead of UTC.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument
from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body, change_of
from karb_lab.korean.words import MS, code, kst, utc
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, MINUTE_NS, Candle

_FIRST_MONDAY_NS = 4 * DAY_NS  # karb: constant because 1970-01-05 was a Monday, four days after the epoch
MINUTES = (1, 3, 5, 10, 15, 30, 60, 240)  # karb: constant because both venues have candles of these minutes
MOST = 200  # karb: constant because neither venue lists more candles at once
_WEEK_NS = 7 * DAY_NS  # karb: constant because a week has seven days


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


def minutes(instrument: Instrument, quoted: Quoted, unit: int, until_ns: int, count: int, ahead_ns: int) -> list[Body]:
    """The newest first; minutes in which nothing traded have none."""
    found = quoted.tape.candles(unit * MINUTE_NS, until_ns, count, -ahead_ns)
    return [{**candle(instrument, one), "unit": unit} for one in reversed(found)]


def days(instrument: Instrument, quoted: Quoted, until_ns: int, count: int, ahead_ns: int) -> list[Body]:
    found = quoted.tape.candles(DAY_NS, until_ns, count + 1, -ahead_ns)
    before = [found[0].open, *(one.close for one in found)]
    rows = [_day(instrument, one, close) for one, close in zip(found, before, strict=False)]
    return rows[-count:][::-1]


def weeks(instrument: Instrument, quoted: Quoted, until_ns: int, count: int, ahead_ns: int) -> list[Body]:
    found = quoted.tape.candles(_WEEK_NS, until_ns, count, _FIRST_MONDAY_NS - ahead_ns)
    return [_period(instrument, one, utc(one.start_ns + ahead_ns).date()) for one in reversed(found)]


def long(word: str, instrument: Instrument, quoted: Quoted, until_ns: int, count: int, ahead_ns: int) -> list[Body]:
    """Months and years, joined of days."""
    periods: dict[date, Candle] = {}
    for day in quoted.tape.candles(DAY_NS, until_ns, MOST * 2, -ahead_ns):
        first = utc(day.start_ns + ahead_ns).date().replace(day=1)
        first = first if word == "months" else first.replace(month=1)
        periods[first] = periods[first].joined(day) if first in periods else day
    return [
        _period(instrument, replace(one, start_ns=_begins_ns(first, ahead_ns)), first)
        for first, one in reversed(periods.items())
    ][:count]


def candle_frame(word: str, instrument: Instrument, found: Candle, stream: str) -> Body:
    """As a stream tells it. `word`: its type, `candle.1m` and the like."""
    row = candle(instrument, found)
    del row["market"]
    return {"type": word, "code": code(instrument), **row, "stream_type": stream}


def _begins_ns(first: date, ahead_ns: int) -> int:
    """When a day begins by the venue's clock."""
    return to_ns(datetime(first.year, first.month, first.day, tzinfo=UTC)) - ahead_ns


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
