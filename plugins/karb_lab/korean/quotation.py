"""Quotations: tickers, books, trades. Source: Upbit's and Bithumb's pages of their quotation APIs.

`ahead_ns`: how far the clock by which a venue's days begin is ahead of UTC.
"""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Side
from karb_lab.json_text import Json
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import MS, code, kst, utc
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, Candle, Print, over

LEVELS = 30  # karb: constant because the books of both have 30 levels
_RATE = Decimal("0.0000000001")  # karb: constant because rates are told with ten digits
_YEAR_NS = 365 * DAY_NS  # karb: constant because 52 weeks are meant as a year
_FIRST_ID = 10_000_000_000  # karb: constant because Upbit's trade numbers have seventeen digits
_KOREAN = {"BTC": "비트코인", "ETH": "이더리움", "XRP": "엑스알피", "USDT": "테더"}
_ENGLISH = {"BTC": "Bitcoin", "ETH": "Ethereum", "XRP": "XRP", "USDT": "Tether"}

Body = dict[str, Json]


def names_row(instrument: Instrument) -> Body:
    """How a market is called."""
    return {
        "market": code(instrument),
        "korean_name": _KOREAN.get(instrument.base, instrument.base),
        "english_name": _ENGLISH.get(instrument.base, instrument.base),
    }


def ticker_row(instrument: Instrument, quoted: Quoted, now_ns: int, ahead_ns: int = 0) -> Body:
    """Errors: `Refused` 404 for one that has never traded: it has no ticker."""
    last = quoted.tape.last()
    if last is None:
        raise Refused.no_code()
    traded = utc(last.at_ns)
    at_home = kst(last.at_ns)
    return {
        "market": code(instrument),
        "trade_date": f"{traded:%Y%m%d}",
        "trade_time": f"{traded:%H%M%S}",
        "trade_date_kst": f"{at_home:%Y%m%d}",
        "trade_time_kst": f"{at_home:%H%M%S}",
        "trade_timestamp": last.at_ns // MS,
        **_day(quoted, last, now_ns, ahead_ns),
        **_year(quoted, last, now_ns),
        "timestamp": now_ns // MS,
    }


def change_of(price: Decimal, before: Decimal) -> Body:
    """How a price stands to yesterday's close."""
    moved = exact.sub(price, before)
    rate = exact.divide(moved, before, _RATE, Rounding.HALF_EVEN)
    return {
        "change": "RISE" if moved > 0 else "FALL" if moved < 0 else "EVEN",
        "change_price": exact.absolute(moved),
        "change_rate": exact.absolute(rate),
        "signed_change_price": moved,
        "signed_change_rate": rate,
    }


def day_of(at_ns: int, ahead_ns: int) -> int:
    """When the day began in which this lies."""
    return at_ns - (at_ns + ahead_ns) % DAY_NS


def closed_before(quoted: Quoted, at_ns: int, ahead_ns: int = 0) -> Decimal:
    """The close of the day before. Edge: the first price known where there was no day before."""
    today = day_of(at_ns, ahead_ns)
    before = quoted.tape.minutes(0, today)
    first = quoted.tape.minutes(today, at_ns + 1)
    return before[-1].close if before else first[0].open if first else Decimal(1)


def _day(quoted: Quoted, last: Print, now_ns: int, ahead_ns: int) -> Body:
    today = over(quoted.tape.minutes(day_of(now_ns, ahead_ns), now_ns + 1))
    rolling = over(quoted.tape.minutes(now_ns - DAY_NS, now_ns + 1))
    nothing = Decimal(0)
    before = closed_before(quoted, now_ns, ahead_ns)
    return {
        "opening_price": last.price if today is None else today.open,
        "high_price": last.price if today is None else today.high,
        "low_price": last.price if today is None else today.low,
        "trade_price": last.price,
        "prev_closing_price": before,
        **change_of(last.price, before),
        "trade_volume": last.amount,
        "acc_trade_price": nothing if today is None else today.value,
        "acc_trade_price_24h": nothing if rolling is None else rolling.value,
        "acc_trade_volume": nothing if today is None else today.volume,
        "acc_trade_volume_24h": nothing if rolling is None else rolling.volume,
    }


def _year(quoted: Quoted, last: Print, now_ns: int) -> Body:
    minutes = quoted.tape.minutes(now_ns - _YEAR_NS, now_ns + 1)
    highest = max(minutes, key=lambda candle: candle.high, default=None)
    lowest = min(minutes, key=lambda candle: candle.low, default=None)
    return {
        "highest_52_week_price": last.price if highest is None else highest.high,
        "highest_52_week_date": _date(last, highest),
        "lowest_52_week_price": last.price if lowest is None else lowest.low,
        "lowest_52_week_date": _date(last, lowest),
    }


def _date(last: Print, candle: Candle | None) -> str:
    return f"{kst(last.at_ns if candle is None else candle.start_ns):%Y-%m-%d}"


def book_row(quoted: Quoted, facts: InstrumentFacts, count: int, grouped: Decimal) -> Body:
    """Best first on both sides, side by side: a book is as deep as its thinner side.

    `grouped`: prices are told as multiples of it, as they are where it is 0.
    """
    asks = _together(quoted.offers.facing(Side.BUY), grouped, up=True)[:count]
    bids = _together(quoted.offers.facing(Side.SELL), grouped, up=False)[:count]
    units: list[Json] = [
        {"ask_price": ask.price, "bid_price": bid.price, "ask_size": ask.amount, "bid_size": bid.amount}
        for ask, bid in zip(asks, bids, strict=False)
    ]
    return {
        "market": code(facts.instrument),
        "timestamp": quoted.changed_ns // MS,
        "total_ask_size": exact.total(level.amount for level in asks),
        "total_bid_size": exact.total(level.amount for level in bids),
        "orderbook_units": units,
        "level": int(grouped) if grouped == int(grouped) else grouped,
    }


def _together(levels: tuple[Level, ...], grouped: Decimal, *, up: bool) -> list[Level]:
    if not grouped:
        return list(levels)
    found: dict[Decimal, Decimal] = {}
    for price, amount in levels:
        at = exact.ceil_to(price, grouped) if up else exact.floor_to(price, grouped)
        found[at] = exact.add(found.get(at, Decimal(0)), amount)
    return [Level(price, amount) for price, amount in found.items()]


def trade_row(instrument: Instrument, done: Print, before: Decimal) -> Body:
    """`before`: yesterday's close; the change is told with its sign, unlike in a ticker."""
    at = utc(done.at_ns)
    return {
        "market": code(instrument),
        "trade_date_utc": f"{at:%Y-%m-%d}",
        "trade_time_utc": f"{at:%H:%M:%S}",
        "timestamp": done.at_ns // MS,
        "trade_price": done.price,
        "trade_volume": done.amount,
        "prev_closing_price": before,
        "change_price": exact.sub(done.price, before),
        "ask_bid": taker(done),
        "sequential_id": sequential(done),
    }


def taker(done: Print) -> str:
    return "BID" if done.taker is Side.BUY else "ASK"


def sequential(done: Print) -> int:
    return _FIRST_ID + done.id
