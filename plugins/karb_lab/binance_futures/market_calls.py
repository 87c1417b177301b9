"""Market data of Binance's futures as it is asked for. Source: Binance's pages of market data, USD-M futures."""

from __future__ import annotations

from karb_core.domain.instrument import Instrument
from karb_lab.binance.asked import Asked
from karb_lab.binance.limits import Limits
from karb_lab.binance.market_calls import MarketCalls, Rows
from karb_lab.binance.refused import BinanceRefused
from karb_lab.binance_futures import quotation
from karb_lab.binance_futures.exchange_info import exchange_info
from karb_lab.binance_futures.weights import DEPTHS
from karb_lab.json_text import Json
from karb_lab.venue import Venue

_MOST_CANDLES = 1500  # karb: constant because Binance lists no more candles at once
_MOST = 1000
_USUAL = 500  # karb: constant because Binance lists so many where nothing is asked
_FUNDING_ROWS = 100
ROWS = Rows(
    quotation.trade_row,
    quotation.joined_row,
    quotation.price_row,
    quotation.top_row,
    _MOST_CANDLES,
    heeds_symbols=False,
)


class FuturesCalls:
    """What only futures are asked, beside what `MarketCalls` answers. Errors: `BinanceRefused`."""

    def __init__(self, shared: MarketCalls, limits: Limits, venue: Venue) -> None:
        self._limits = limits
        self._shared = shared
        self._venue = venue

    def exchange_info(self, asked: Asked) -> Json:  # noqa: ARG002 - Binance passes what is asked over
        return exchange_info(list(self._venue.facts.values()), self._limits, self._venue.clock.now_ns())

    def depth(self, asked: Asked) -> Json:
        instrument = self._shared.instrument(asked)
        limit = asked.whole("limit") or _USUAL
        if limit not in DEPTHS:
            message = f"{limit} is not valid depth limit."
            raise BinanceRefused(-4021, message)  # karb: constant because it is Binance's code
        return quotation.depth(
            self._venue.market[instrument], self._venue.facts[instrument], limit, self._venue.clock.now_ns()
        )

    def premium(self, asked: Asked) -> Json:
        return self._shared.one_or_all(asked, self._premium_row)

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
        wanted = list(self._venue.facts) if name is None else [self._shared.instrument(asked)]
        since_ns, until_ns = asked.between()
        found = [
            (settled.settles_at_ns, quotation.funding_row(self._venue.facts[one], settled, mark))
            for one in wanted
            for settled, mark in self._venue.market[one].settled
            if since_ns <= settled.settles_at_ns <= until_ns
        ]
        found.sort(key=lambda row: row[0])
        return [row for _, row in found][-asked.count(_FUNDING_ROWS, _MOST) :]
