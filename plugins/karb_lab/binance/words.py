"""Binance's spelling: symbols, sides, times, spans, numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.orders import Side
from karb_lab.binance.refused import BinanceRefused
from karb_lab.tape import DAY_NS, MINUTE_NS

MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
NAMES = {Side.BUY: "BUY", Side.SELL: "SELL"}
_EIGHT = 8  # karb: constant because Binance writes sums with eight digits
_HOUR_NS = 60 * MINUTE_NS  # karb: constant because an hour has sixty minutes
_UNITS = {"m": MINUTE_NS, "h": _HOUR_NS, "d": DAY_NS, "w": 7 * DAY_NS}  # karb: constant because a week has seven days
#: Spans of candles that are multiples of a minute.
SPANS_NS = {
    f"{count}{unit}": count * _UNITS[unit]
    for unit, counts in {
        "m": (1, 3, 5, 15, 30),  # karb: constant because Binance has candles of these
        "h": (1, 2, 4, 6, 8, 12),  # karb: constant because Binance has candles of these
        "d": (1, 3),  # karb: constant because Binance has candles of these
        "w": (1,),
    }.items()
    for count in counts
}


#: When the first candle of a span began, where that was not the epoch: weeks begin on Mondays.
ORIGINS_NS = {"1w": 4 * DAY_NS}  # karb: constant because 1970-01-05 was a Monday, four days after the epoch


def symbol(instrument: Instrument) -> str:
    """Shape: `BTCUSDT`."""
    return f"{instrument.base}{instrument.quote}"


def instrument_of(name: str | None, traded: Iterable[Instrument]) -> Instrument:
    """Errors: `BinanceRefused` -1102 for none, -1121 for one that is not traded."""
    if name is None:
        raise BinanceRefused.missing("symbol")
    found = next((one for one in traded if symbol(one) == name.upper()), None)
    if found is None:
        raise BinanceRefused.no_symbol()
    return found


def price_text(facts: InstrumentFacts, price: Decimal) -> str:
    """With the digits of its tick: `84120.00` has those of 0.10."""
    return fixed(price, -int(facts.ticks[0].tick.as_tuple().exponent))


def amount_text(facts: InstrumentFacts, amount: Decimal) -> str:
    return fixed(amount, -int(facts.amount_step.as_tuple().exponent))


def sum_text(value: Decimal) -> str:
    """Rounded to eight digits, half even: to be told. The books keep every digit."""
    return fixed(value, _EIGHT)


def fixed(value: Decimal, places: int) -> str:
    """With at least so many digits behind the point; those beyond eight are rounded away."""
    rounded = exact.half_even(value, _EIGHT)
    text = exact.text(rounded)
    digits = len(text.partition(".")[2])
    if digits >= places:
        return text
    return f"{text}{'' if '.' in text else '.'}{'0' * (places - digits)}"
