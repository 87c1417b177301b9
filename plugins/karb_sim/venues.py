"""Simulated venues over bars: the executor that `sim.bars` opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from karb_core.domain import exact
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Top
from karb_core.domain.orders import Fill, Order, Outcome, Side
from karb_core.domain.statement import Balance, Income, VenuePosition
from karb_core.venue.bar_market import BarMarket
from karb_core.venue.book import VenueBook
from karb_core.venue.refusals import Refusal
from karb_sim.over_marks import OverMarks

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
        self._marks = OverMarks(market, self._books)
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
        return self._marks.next_wake(after_ns, until_ns)

    def wake(self, at_ns: int) -> None:
        self._marks.wake(at_ns)

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
