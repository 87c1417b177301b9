"""Binance's market data as it is asked for. Source: Binance's pages of market data, USD-M futures."""

from __future__ import annotations

from collections.abc import Callable

from karb_core.domain.instrument import Instrument
from karb_lab.binance_futures import quotation
from karb_lab.binance_futures.asked import Asked
from karb_lab.binance_futures.exchange_info import exchange_info
from karb_lab.binance_futures.refused import BinanceRefused
from karb_lab.binance_futures.weights import DEPTHS
from karb_lab.binance_futures.words import MS, SPANS_NS, instrument_of, price_text, symbol
from karb_lab.json_text import Json
from karb_lab.tape import Print
from karb_lab.venue import Venue

_MOST_CANDLES = 1500  # karb: constant because Binance lists no more candles at once
_MOST = 1000
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked
_FUNDING_ROWS = 100


class MarketCalls:
    """What needs no key. Errors: `BinanceRefused`."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def exchange_info(self, asked: Asked) -> Json:  # noqa: ARG002 - Binance passes what is asked over
        return exchange_info(list(self._venue.facts.values()), self._venue.clock.now_ns())

    def depth(self, asked: Asked) -> Json:
        instrument = self._instrument(asked)
        limit = asked.whole("limit") or _USUAL
        if limit not in DEPTHS:
            message = f"{limit} is not valid depth limit."
            raise BinanceRefused(-4021, message)  # karb: constant because it is Binance's code
        return quotation.depth(
            self._venue.market[instrument], self._venue.facts[instrument], limit, self._venue.clock.now_ns()
        )

    def trades(self, asked: Asked) -> Json:
        instrument = self._instrument(asked)
        facts = self._venue.facts[instrument]
        return [quotation.trade_row(facts, done) for done in self._last(asked, instrument)]

    def joined(self, asked: Asked) -> Json:
        instrument = self._instrument(asked)
        facts, first = self._venue.facts[instrument], asked.whole("fromId")
        since_ns, until_ns = asked.between()
        found = [
            done
            for done in list(self._venue.market[instrument].tape.prints())[::-1]
            if since_ns <= done.at_ns <= until_ns and (first is None or done.id >= first)
        ]
        most = asked.count(_USUAL, _MOST)
        chosen = found[:most] if first is not None or asked.one("startTime") else found[-most:]
        return [quotation.joined_row(facts, done) for done in chosen]

    def _last(self, asked: Asked, instrument: Instrument) -> list[Print]:
        newest = list(self._venue.market[instrument].tape.prints())[: asked.count(_USUAL, _MOST)]
        return newest[::-1]

    def candles(self, asked: Asked) -> Json:
        instrument, word = self._instrument(asked), asked.need("interval")
        if word not in SPANS_NS:
            raise BinanceRefused(-1120, "Invalid interval.")  # karb: constant because it is Binance's code
        since_ns, until_ns = asked.between()
        return quotation.candle_rows(
            self._venue.market[instrument],
            self._venue.facts[instrument],
            word,
            since_ns,
            min(until_ns, self._venue.clock.now_ns()) + 1,
            asked.count(_USUAL, _MOST_CANDLES),
        )

    def premium(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._premium_row)

    def _premium_row(self, instrument: Instrument) -> Json:
        quoted = self._venue.market[instrument]
        if quoted.mark is None:
            raise BinanceRefused.unavailable()
        return quotation.premium_row(
            self._venue.facts[instrument], quoted.mark, quoted.funding, self._venue.clock.now_ns()
        )

    def funding(self, asked: Asked) -> Json:
        """Ascending, of one symbol or all."""
        name = asked.one("symbol")
        wanted = list(self._venue.facts) if name is None else [self._instrument(asked)]
        since_ns, until_ns = asked.between()
        found = [
            (settled.settles_at_ns, quotation.funding_row(self._venue.facts[one], settled, mark))
            for one in wanted
            for settled, mark in self._venue.market[one].settled
            if since_ns <= settled.settles_at_ns <= until_ns
        ]
        found.sort(key=lambda row: row[0])
        return [row for _, row in found][-asked.count(_FUNDING_ROWS, _MOST) :]

    def days(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._day)

    def _day(self, instrument: Instrument) -> Json:
        quoted = self._venue.market[instrument]
        return quotation.day_row(
            self._venue.facts[instrument], quoted, self._traded(instrument), self._venue.clock.now_ns()
        )

    def prices(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._price)

    def _price(self, instrument: Instrument) -> Json:
        last = self._traded(instrument)
        facts = self._venue.facts[instrument]
        return {"symbol": symbol(instrument), "price": price_text(facts, last.price), "time": last.at_ns // MS}

    def tops(self, asked: Asked) -> Json:
        return self._one_or_all(asked, self._top)

    def _top(self, instrument: Instrument) -> Json:
        return quotation.top_row(
            self._venue.facts[instrument], self._venue.market[instrument], self._venue.clock.now_ns()
        )

    def _one_or_all(self, asked: Asked, row: Callable[[Instrument], Json]) -> Json:
        if asked.one("symbol") is not None:
            return row(self._instrument(asked))
        return [row(instrument) for instrument in self._venue.facts]

    def _instrument(self, asked: Asked) -> Instrument:
        return instrument_of(asked.one("symbol"), self._venue.facts)

    def _traded(self, instrument: Instrument) -> Print:
        """Errors: `BinanceRefused` for one that never traded."""
        last = self._venue.market[instrument].tape.last()
        if last is None:
            raise BinanceRefused.unavailable()
        return last
