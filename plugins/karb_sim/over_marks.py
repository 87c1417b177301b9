"""What venues over recorded data do by themselves: settlements, and positions taken away at the mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.venue.bar_market import BarMarket
from karb_core.venue.book import VenueBook


class OverMarks:
    """Over one market of marks and funding, for the perpetuals of all books."""

    def __init__(self, market: BarMarket, books: Mapping[str, VenueBook]) -> None:
        self._market = market
        self._books = books
        facts = [each for venue in sorted(books) for each in sorted(books[venue].terms.facts.items())]
        self._perpetuals = [i for i, stated in facts if stated.kind is InstrumentKind.PERPETUAL]

    def next_wake(self, after_ns: int, until_ns: int | None = None) -> int | None:
        """The first funding settlement or liquidation after that time, and not after `until_ns`, of what is open; None
        if there is none.

        Edge: a liquidation is known when the mark bar that reached its price closes; only bars that opened at or after
        the position's last fill count. A wake may turn out to change nothing.
        """
        settlements = [self._settlement(instrument, after_ns) for instrument in self._perpetuals]
        first = _first(settlements)
        crossings = [self._crossing(instrument, after_ns, _first((first, until_ns))) for instrument in self._perpetuals]
        found = _first((first, *crossings))
        return None if found is None or (until_ns is not None and found > until_ns) else found

    def wake(self, at_ns: int) -> None:
        """Applies what falls on that time: first what the bar that closed did, then the settlement at its mark.

        The settlement's mark is the open of the mark bar that spans it; where the mark has none, of the traded bar;
        where neither has, the last close known. Edge: what was traded at or after that time is not settled.
        """
        for instrument in self._perpetuals:
            book = self._books[instrument.venue]
            worst = self._worst(instrument, at_ns)
            if worst is not None:
                book.mark_to(instrument, worst, at_ns)
            rate, mark = self._market.funding_at(instrument, at_ns), self._market.mark_at(instrument, at_ns)
            if rate is not None and mark is not None:
                book.settle_funding(instrument, rate, mark, at_ns)
                book.mark_to(instrument, mark, at_ns)

    def _settlement(self, instrument: Instrument, after_ns: int) -> int | None:
        """The first settlement after a time at which the instrument is held."""
        book = self._books[instrument.venue]
        traded_at = book.traded_at(instrument)
        if traded_at is None or (traded_at <= after_ns and not book.amount(instrument)):
            return None
        at_ns = self._market.next_funding(instrument, after_ns)
        while at_ns is not None and not book.held(instrument, at_ns):
            # a leg that fills later may be held at a settlement after the next
            later = at_ns <= traded_at
            at_ns = self._market.next_funding(instrument, at_ns) if later else None
        return at_ns

    def _crossing(self, instrument: Instrument, after_ns: int, until_ns: int | None) -> int | None:
        book = self._books[instrument.venue]
        price, since = book.liquidation_price(instrument), book.traded_at(instrument)
        if price is None or since is None:
            return None
        rising = book.amount(instrument) < 0
        return self._market.first_crossing(
            instrument, price, rising=rising, opened_from_ns=since, after_ns=after_ns, until_ns=until_ns
        )

    def _worst(self, instrument: Instrument, at_ns: int) -> Decimal | None:
        """The worst mark of the bar that closed then, for what has been open since before it opened."""
        book = self._books[instrument.venue]
        amount, since = book.amount(instrument), book.traded_at(instrument)
        if not amount or since is None:
            return None
        return self._market.extreme(instrument, at_ns, rising=amount < 0, opened_from_ns=since)


def _first(times: Iterable[int | None]) -> int | None:
    return min((at_ns for at_ns in times if at_ns is not None), default=None)
