"""Upbit's quotations: markets, tickers, books, trades. Source: Upbit's pages of the quotation API."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Level
from karb_core.domain.orders import Side
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import DAY_NS, Candle, Print, over
from karb_lab.upbit.refused import UpbitRefused
from karb_lab.upbit.words import MS, code, kst, utc

LEVELS = 30  # karb: constant because Upbit's books have 30 levels
_RATE = Decimal("0.0000000001")  # karb: constant because Upbit tells rates with ten digits
_YEAR_NS = 365 * DAY_NS  # karb: constant because 52 weeks are meant as a year
_FIRST_ID = 10_000_000_000  # karb: constant because Upbit's trade numbers have seventeen digits
_GROUPED = (10, 100, 1000)  # karb: constant because Upbit groups books by these multiples of a tick
_KOREAN = {"BTC": "비트코인", "ETH": "이더리움", "XRP": "엑스알피", "USDT": "테더"}
_ENGLISH = {"BTC": "Bitcoin", "ETH": "Ethereum", "XRP": "XRP", "USDT": "Tether"}
_CAUTIONS = (
    "PRICE_FLUCTUATIONS",
    "TRADING_VOLUME_SOARING",
    "DEPOSIT_AMOUNT_SOARING",
    "GLOBAL_PRICE_DIFFERENCES",
    "CONCENTRATION_OF_SMALL_ACCOUNTS",
)

Body = dict[str, Json]


def market_row(instrument: Instrument, *, details: bool) -> Body:
    row: Body = {
        "market": code(instrument),
        "korean_name": _KOREAN.get(instrument.base, instrument.base),
        "english_name": _ENGLISH.get(instrument.base, instrument.base),
    }
    if details:
        row["market_event"] = {"warning": False, "caution": dict.fromkeys(_CAUTIONS, False)}
    return row


def ticker_row(instrument: Instrument, quoted: Quoted, now_ns: int) -> Body:
    """Errors: `UpbitRefused` 404 for one that has never traded: it has no ticker."""
    last = quoted.tape.last()
    if last is None:
        raise UpbitRefused.no_code()
    traded = utc(last.at_ns)
    at_home = kst(last.at_ns)
    return {
        "market": code(instrument),
        "trade_date": f"{traded:%Y%m%d}",
        "trade_time": f"{traded:%H%M%S}",
        "trade_date_kst": f"{at_home:%Y%m%d}",
        "trade_time_kst": f"{at_home:%H%M%S}",
        "trade_timestamp": last.at_ns // MS,
        **_day(quoted, last, now_ns),
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


def closed_before(quoted: Quoted, at_ns: int) -> Decimal:
    """The close of the day before, which ends at 00:00 UTC. Edge: the first price known where there was no day before."""
    today = at_ns - at_ns % DAY_NS
    before = quoted.tape.minutes(0, today)
    first = quoted.tape.minutes(today, at_ns + 1)
    return before[-1].close if before else first[0].open if first else Decimal(1)


def _day(quoted: Quoted, last: Print, now_ns: int) -> Body:
    today_ns = now_ns - now_ns % DAY_NS
    today = over(quoted.tape.minutes(today_ns, now_ns + 1))
    rolling = over(quoted.tape.minutes(now_ns - DAY_NS, now_ns + 1))
    nothing = Decimal(0)
    before = closed_before(quoted, now_ns)
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


def supported_levels(facts: InstrumentFacts, price: Decimal) -> list[Decimal]:
    """By what a book may be grouped, 0 first: it is told as it is."""
    tick = facts.tick_at(price)
    return [Decimal(0), *(exact.mul(tick, Decimal(times)) for times in _GROUPED)]


def instrument_row(instrument: Instrument, facts: InstrumentFacts, price: Decimal) -> Body:
    levels: list[Json] = [exact.text(level) for level in supported_levels(facts, price)]
    return {
        "market": code(instrument),
        "quote_currency": instrument.quote,
        "tick_size": exact.text(facts.tick_at(price)),
        "supported_levels": levels,
    }


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
