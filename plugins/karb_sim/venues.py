"""Simulated venues over bars: the executor that `sim.bars` opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from karb_core.domain import exact
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind
from karb_core.domain.market import Top
from karb_core.domain.orders import Fill, Order, Outcome, Side
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.bar_market import BarMarket
from karb_core.venue.book import VenueBook
from karb_core.venue.refusals import Refusal

if TYPE_CHECKING:
    from karb_core.history.columns import Floats


@dataclass(frozen=True, slots=True)
class Model:
    """What the file states. Unit: slippage a ratio."""

    slippage: Decimal
    legs_apart_ns: int

    def against_us(self, price: Decimal, side: Side) -> Decimal:
        """The price moved by the slippage: up to buy, down to sell; exact."""
        return exact.mul(price, exact.add(Decimal(1), exact.mul(side.sign, self.slippage)))


class VenuesOverBars:
    """Every venue of a run, each with a book of its own, over one market of bars.

    An order is carried out when it is placed: at the open of the bar that opens at the time it is, and nowhere if an
    instrument that is traded together with its own has no such bar; a later leg at the open of the bar that opens
    `legs_apart` later (on the next time of its own bars), stamped with that time. Prices are moved against us. Nothing
    rests, so there is nothing to cancel. No method suspends.
    """

    def __init__(self, model: Model, market: BarMarket, books: Mapping[str, VenueBook]) -> None:
        self._model = model
        self._market = market
        self._books = {venue: books[venue] for venue in sorted(books)}
        self._facts = {i: f for book in self._books.values() for i, f in sorted(book.terms.facts.items())}
        self._perpetuals = [i for i, facts in self._facts.items() if facts.kind is InstrumentKind.PERPETUAL]
        self._now_ns = 0

    @property
    def books(self) -> Mapping[str, VenueBook]:
        """By venue: what a check of the ledger is held against."""
        return self._books

    def at(self, now_ns: int) -> None:
        """Sets the time at which orders are placed."""
        self._now_ns = now_ns

    def whole_at_opens(self) -> bool:
        return not self._model.legs_apart_ns

    def top(self, instrument: Instrument, close: Decimal, at_ns: int) -> Top:
        """What we would trade at, where there is only a close: both sides moved against us by the slippage.

        Amounts are the volume of the instrument's bar that closed then; 0 where there is none, which is no sound top.
        """
        traded = self._market.volume_at(instrument, at_ns)
        volume = Decimal(0) if traded is None else traded
        bid, ask = self._model.against_us(close, Side.SELL), self._model.against_us(close, Side.BUY)
        return Top(instrument, bid, volume, ask, volume, at_ns, at_ns)

    def sides(self, closes: Floats, side: Side) -> Floats:
        """As `top`, of many closes at once and of one side; floats, to look ahead with and never to trade at."""
        return closes * float(self._model.against_us(Decimal(1), side))

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

    async def place(self, order: Approved[Order]) -> Outcome:
        item = order.item
        price, at_ns = self._open_for(item)
        moved = None if price is None else self._model.against_us(price, item.side)
        tradable = moved if moved is not None and moved > 0 else None
        return self._books[item.instrument.venue].trade(item, tradable, at_ns).outcome

    async def cancel(self, order: Order) -> None:
        """Nothing rests here."""

    async def find(self, order: Order) -> Outcome:
        known = self._books[order.instrument.venue].outcome_of(order.id)
        return Refusal.NOT_FOUND.of(order, f"{order.id} never came") if known is None else known

    async def open_orders(self) -> Sequence[Order]:
        return ()

    async def balances(self) -> Mapping[Account, Balance]:
        return {account: balance for book in self._books.values() for account, balance in book.balances().items()}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {what: position for book in self._books.values() for what, position in book.positions().items()}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        fills = [fill for book in self._books.values() for fill in book.fills_since(venue_at_ns)]
        return sorted(fills, key=lambda fill: fill.venue_at_ns)

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        income = [each for book in self._books.values() for each in book.income_since(venue_at_ns)]
        return sorted(income, key=lambda each: each.venue_at_ns)

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return self._facts

    def _open_for(self, order: Order) -> tuple[Decimal | None, int]:
        """The open an order meets, and when; None where a bar is missing."""
        instrument, at_ns = order.instrument, self._now_ns
        if instrument not in self._facts or not self._market.opens_together(instrument, at_ns):
            return None, at_ns
        if order.leg > 0 and self._model.legs_apart_ns:
            at_ns = self._market.grid_from(instrument, at_ns + self._model.legs_apart_ns)
        return self._market.open_at(instrument, at_ns), at_ns

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
