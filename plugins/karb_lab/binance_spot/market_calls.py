"""Market data of Binance's spot as it is asked for. Source: Binance's pages of market data, spot."""

from __future__ import annotations

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Side
from karb_lab.binance import quotation
from karb_lab.binance.asked import Asked
from karb_lab.binance.limits import Limits
from karb_lab.binance.market_calls import MarketCalls, Rows, asked_symbols
from karb_lab.binance.quotation import Body, levels, snapshot_id
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import MS, price_text
from karb_lab.binance_spot.exchange_info import exchange_info
from karb_lab.binance_spot.limits import DEEPEST
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import MINUTE_NS, Print, over
from karb_lab.venue import Venue

_MOST_CANDLES = 1000
_USUAL_DEPTH = 100
_AVERAGED = 5  # karb: constant because Binance averages prices over five minutes


def trade_row(facts: InstrumentFacts, done: Print) -> Body:
    return {**quotation.trade_row(facts, done), "isBestMatch": True}


def joined_row(facts: InstrumentFacts, done: Print) -> Body:
    return {**quotation.joined_row(facts, done), "M": True}


def top_row(facts: InstrumentFacts, quoted: Quoted, now_ns: int) -> Body:  # noqa: ARG001 - as every product is asked
    return quotation.top_row(facts, quoted)


ROWS = Rows(trade_row, joined_row, quotation.price_row, top_row, _MOST_CANDLES, heeds_symbols=True)


class SpotCalls:
    """What spot answers otherwise than `MarketCalls` does. Errors: `BinanceRefused`."""

    def __init__(self, shared: MarketCalls, limits: Limits, venue: Venue) -> None:
        self._shared = shared
        self._limits = limits
        self._venue = venue

    def exchange_info(self, asked: Asked) -> Json:
        """Edge: unlike at the futures what is asked is heeded."""
        wanted = asked_symbols(asked, self._venue.facts)
        return exchange_info([self._venue.facts[one] for one in wanted], self._limits, self._venue.clock.now_ns())

    def depth(self, asked: Asked) -> Json:
        """Edge: no times, and any number of levels up to the deepest."""
        instrument = self._shared.instrument(asked)
        quoted, facts = self._venue.market[instrument], self._venue.facts[instrument]
        limit = min(asked.whole("limit") or _USUAL_DEPTH, DEEPEST)
        return {
            "lastUpdateId": snapshot_id(quoted.version),
            "bids": levels(quoted, facts, Side.SELL, limit),
            "asks": levels(quoted, facts, Side.BUY, limit),
        }

    def average(self, asked: Asked) -> Json:
        """Of the last five minutes. Errors: `BinanceRefused` for one that never traded."""
        instrument = self._shared.instrument(asked)
        tape, facts, now_ns = (
            self._venue.market[instrument].tape,
            self._venue.facts[instrument],
            self._venue.clock.now_ns(),
        )
        last, span = tape.last(), over(tape.minutes(now_ns - _AVERAGED * MINUTE_NS, now_ns + 1))
        if last is None:
            raise BinanceRefused.unavailable()
        price = last.price
        if span is not None and span.volume:
            price = exact.divide(span.value, span.volume, facts.ticks[0].tick, Rounding.HALF_EVEN)
        return {"mins": _AVERAGED, "price": price_text(facts, price), "closeTime": last.at_ns // MS}

    def day(self, asked: Asked) -> Json:
        """With the best of the book beside it."""
        told = self._shared.days(asked)
        rows = told if isinstance(told, list) else [told]
        full: list[Json] = [self._with_top(row) for row in rows]
        return full if isinstance(told, list) else full[0]

    def _with_top(self, row: Json) -> Body:
        assert isinstance(row, dict)
        found = next(one for one in self._venue.facts if f"{one.base}{one.quote}" == row["symbol"])
        facts, quoted = self._venue.facts[found], self._venue.market[found]
        top = quotation.top_row(facts, quoted)
        return {**row, **top, "prevClosePrice": row["openPrice"]}
