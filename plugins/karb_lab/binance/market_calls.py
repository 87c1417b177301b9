"""Binance's market data as it is asked for, whatever the product. Source: Binance's pages, spot and USD-M futures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_lab.binance import quotation
from karb_lab.binance.asked import Asked
from karb_lab.binance.quotation import Body
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance.words import SPANS_NS, instrument_of
from karb_lab.json_text import Json
from karb_lab.market import Quoted
from karb_lab.tape import Print
from karb_lab.venue import Venue

_MOST = 1000
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked


@dataclass(frozen=True, slots=True)
class Rows:
    """How one product tells them. `top`: its last argument is the time; `most_candles`: no more are listed at once;
    `heeds_symbols`: whether several can be asked for.
    """

    trade: Callable[[InstrumentFacts, Print], Body]
    joined: Callable[[InstrumentFacts, Print], Body]
    price: Callable[[InstrumentFacts, Print], Body]
    top: Callable[[InstrumentFacts, Quoted, int], Body]
    most_candles: int
    heeds_symbols: bool


def asked_symbols(asked: Asked, traded: Iterable[Instrument]) -> list[Instrument]:
    """`symbol`, or `symbols` as JSON; all where neither is named.

    Errors: `BinanceRefused` -1121 for one that is not traded, -1100 for a list that cannot be read.
    """
    traded = list(traded)
    one, several = asked.one("symbol"), asked.one("symbols")
    if one is None and several is None:
        return traded
    try:
        names = [one] if one is not None else json.loads(several or "")
    except ValueError as wrong:
        message = "Illegal characters found in parameter 'symbols'."
        raise BinanceRefused(-1100, message) from wrong  # karb: constant because it is Binance's code
    return [instrument_of(str(name), traded) for name in names]


class MarketCalls:
    """What needs no key. Errors: `BinanceRefused`."""

    def __init__(self, rows: Rows, venue: Venue) -> None:
        self._rows = rows
        self._venue = venue

    def trades(self, asked: Asked) -> Json:
        instrument = self.instrument(asked)
        facts = self._venue.facts[instrument]
        return [self._rows.trade(facts, done) for done in self._last(asked, instrument)]

    def joined(self, asked: Asked) -> Json:
        instrument = self.instrument(asked)
        facts, first = self._venue.facts[instrument], asked.whole("fromId")
        since_ns, until_ns = asked.between()
        found = [
            done
            for done in list(self._venue.market[instrument].tape.prints())[::-1]
            if since_ns <= done.at_ns <= until_ns and (first is None or done.id >= first)
        ]
        most = asked.count(_USUAL, _MOST)
        chosen = found[:most] if first is not None or asked.one("startTime") else found[-most:]
        return [self._rows.joined(facts, done) for done in chosen]

    def _last(self, asked: Asked, instrument: Instrument) -> list[Print]:
        newest = list(self._venue.market[instrument].tape.prints())[: asked.count(_USUAL, _MOST)]
        return newest[::-1]

    def candles(self, asked: Asked) -> Json:
        instrument, word = self.instrument(asked), asked.need("interval")
        if word not in SPANS_NS:
            raise BinanceRefused(-1120, "Invalid interval.")  # karb: constant because it is Binance's code
        since_ns, until_ns = asked.between()
        return quotation.candle_rows(
            self._venue.market[instrument],
            self._venue.facts[instrument],
            word,
            since_ns,
            min(until_ns, self._venue.clock.now_ns()) + 1,
            asked.count(_USUAL, self._rows.most_candles),
        )

    def days(self, asked: Asked) -> Json:
        return self.one_or_all(asked, self._day)

    def _day(self, instrument: Instrument) -> Json:
        quoted = self._venue.market[instrument]
        return quotation.day_row(
            self._venue.facts[instrument], quoted, self._traded(instrument), self._venue.clock.now_ns()
        )

    def prices(self, asked: Asked) -> Json:
        return self.one_or_all(asked, self._price)

    def _price(self, instrument: Instrument) -> Json:
        return self._rows.price(self._venue.facts[instrument], self._traded(instrument))

    def tops(self, asked: Asked) -> Json:
        return self.one_or_all(asked, self._top)

    def _top(self, instrument: Instrument) -> Json:
        return self._rows.top(self._venue.facts[instrument], self._venue.market[instrument], self._venue.clock.now_ns())

    def one_or_all(self, asked: Asked, row: Callable[[Instrument], Json]) -> Json:
        if asked.one("symbol") is not None:
            return row(self.instrument(asked))
        wanted = asked_symbols(asked, self._venue.facts) if self._rows.heeds_symbols else list(self._venue.facts)
        return [row(instrument) for instrument in wanted]

    def instrument(self, asked: Asked) -> Instrument:
        return instrument_of(asked.one("symbol"), self._venue.facts)

    def _traded(self, instrument: Instrument) -> Print:
        """Errors: `BinanceRefused` for one that never traded."""
        last = self._venue.market[instrument].tape.last()
        if last is None:
            raise BinanceRefused.unavailable()
        return last
