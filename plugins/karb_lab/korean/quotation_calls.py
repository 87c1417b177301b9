"""What is asked about markets, whatever the venue. Source: Upbit's and Bithumb's pages of their quotation APIs."""

from __future__ import annotations

from collections.abc import Mapping

from karb_core.domain.instrument import Instrument
from karb_lab.account import Account
from karb_lab.json_text import Json
from karb_lab.korean import candles, quotation
from karb_lab.korean.asked import Asked
from karb_lab.korean.quotation import Body
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import moment, quoted_of, utc
from karb_lab.venue import Venue

_MOST_TRADES = 500  # karb: constant because neither venue lists more trades at once
_CLOCKS = ("%H%M%S", "%H:%M:%S")


class QuotationCalls:
    """`ahead_ns`: how far the clock by which a venue's days begin, and `to` is read, is ahead of UTC. Errors: `Refused`."""

    def __init__(self, venue: Venue, ahead_ns: int) -> None:
        self._venue = venue
        self._ahead_ns = ahead_ns

    def tickers(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        return list(self.ticker_rows(self.asked_markets(asked)))

    def all_tickers(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        quotes = asked.many("quote_currencies")
        return list(self.ticker_rows([one for one in self._venue.facts if not quotes or one.quote in quotes]))

    def ticker_rows(self, instruments: list[Instrument]) -> list[Body]:
        now_ns = self._venue.clock.now_ns()
        return [quotation.ticker_row(one, self._venue.market[one], now_ns, self._ahead_ns) for one in instruments]

    def asked_markets(self, asked: Asked) -> list[Instrument]:
        return [self._quoted(market) for market in named(asked)]

    def minutes(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        unit = path["unit"]
        if not unit.isdecimal() or int(unit) not in candles.MINUTES:
            raise Refused.no_quotation(f"unit: {', '.join(map(str, candles.MINUTES))}")
        instrument = self._asked_market(asked)
        until_ns, count = self._until(asked), asked.count("count", 1, candles.MOST)
        return list(
            candles.minutes(instrument, self._venue.market[instrument], int(unit), until_ns, count, self._ahead_ns)
        )

    def candles(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        instrument, word = self._asked_market(asked), path["word"]
        quoted, until_ns = self._venue.market[instrument], self._until(asked)
        count = asked.count("count", 1, candles.MOST)
        match word:
            case "days":
                return list(candles.days(instrument, quoted, until_ns, count, self._ahead_ns))
            case "weeks":
                return list(candles.weeks(instrument, quoted, until_ns, count, self._ahead_ns))
            case "months" | "years":
                return list(candles.long(word, instrument, quoted, until_ns, count, self._ahead_ns))
        raise Refused.no_code()

    def trades(self, asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG002
        instrument = self._asked_market(asked)
        quoted, cursor = self._venue.market[instrument], asked.one("cursor")
        before = quotation.closed_before(quoted, self._venue.clock.now_ns(), self._ahead_ns)
        until_ns = self._clocked(asked.one("to"))
        found = [
            quotation.trade_row(instrument, done, before)
            for done in quoted.tape.prints()
            if (cursor is None or quotation.sequential(done) < int(cursor)) and done.at_ns < until_ns
        ]
        return found[: asked.count("count", 1, _MOST_TRADES)]

    def _quoted(self, market: str) -> Instrument:
        return quoted_of(market, self._venue.facts)

    def _asked_market(self, asked: Asked) -> Instrument:
        market = asked.one("market")
        if market is None:
            raise Refused.no_quotation("market")
        return self._quoted(market)

    def _until(self, asked: Asked) -> int:
        """What candles start before; one nanosecond after now where nothing is asked."""
        told = asked.one("to")
        try:
            return self._venue.clock.now_ns() + 1 if told is None else moment(told, self._ahead_ns)
        except ValueError as wrong:
            raise Refused.no_quotation("to") from wrong

    def _clocked(self, told: str | None) -> int:
        """A time of today by UTC, as trades are asked up to."""
        now_ns = self._venue.clock.now_ns()
        for form in _CLOCKS if told is not None else ():
            try:
                at = utc(now_ns).strptime(told or "", form)
            except ValueError:
                continue
            return moment(f"{utc(now_ns):%Y-%m-%d}T{at:%H:%M:%S}")
        if told is not None:
            raise Refused.no_quotation("to")
        return now_ns + 1


def named(asked: Asked) -> list[str]:
    markets = [market for told in asked.many("markets") for market in told.split(",") if market]
    if not markets:
        raise Refused.no_quotation("markets")
    return markets
