"""How a run over data stood at the end of each day of Korea, folded from its ledger, open lots at the last prices."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.equity import Valuation, equity
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.korean_day import day_ends
from karb_core.domain.lots import Lot
from karb_core.domain.parts import Parts
from karb_core.engine.books import ClosedLot
from karb_core.ledger import folds
from karb_core.ledger.reading import Shared
from karb_core.ports import Booked, DayEnd, Tier
from karb_core.wiring.marked import marked
from karb_core.wiring.trades import trades_of

Rates = tuple[tuple[str, Price], ...]
Kinds = Mapping[Instrument, InstrumentKind]
Last = Callable[[Instrument], Decimal]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a run's ledger has of lots, each kind in the order in which it was written."""

    opened: tuple[Lot, ...]
    fills: tuple[Shared, ...]
    incomes: tuple[Booked, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """What things were worth at a time of the run. last: the close of the last bar; rates: by seat; both as known then."""

    book: str
    kinds: Kinds
    last: Callable[[Instrument, int], Decimal]
    rates: Callable[[int], Rates]


def run_day_ends(rows: Rows, closed: Iterable[ClosedLot], prices: Prices, began_ns: int, ended_ns: int) -> list[DayEnd]:
    """One for each day that the run touched. Edge: what happens at midnight belongs to the day which begins then; at the
    run's own end everything is counted. Errors: LookupError where something held has no price.
    """
    standing = _Standing(rows, {one.lot.id: one for one in closed}, prices)
    out = []
    for day, at_ns in day_ends(began_ns, ended_ns):
        standing.until(at_ns + 1 if at_ns == ended_ns else at_ns)
        out.append(standing.end_of(day, at_ns))
    return out


@dataclass(slots=True)
class _Standing:
    """Lots and holdings as of a time. Lots that ended are kept as sums, so that a day costs what is open then.

    lots: those that were filled and did not end; opened: every lot of the run, before its first fill.
    ended: by tier, what they came to at the rate of each exit, less what their other assets were worth there; left:
    those assets, which are added again at the rate of the day.
    """

    rows: Rows
    closed: Mapping[str, ClosedLot]
    prices: Prices
    lots: dict[str, Lot] = field(init=False, default_factory=dict)
    opened: dict[str, Lot] = field(init=False)
    holdings: Holdings = field(init=False)
    coming: deque[tuple[int, Shared | Booked]] = field(init=False)
    ended: dict[Tier, Parts] = field(init=False, default_factory=dict)
    left: dict[Tier, dict[str, Decimal]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.opened = {lot.id: lot for lot in self.rows.opened}
        self.holdings = Holdings({})
        filled: list[tuple[int, Shared | Booked]] = [(one[0].venue_at_ns, one) for one in self.rows.fills]
        settled = [(one.at_ns, one) for one in self.rows.incomes]
        self.coming = deque(sorted([*filled, *settled], key=lambda one: one[0]))

    def until(self, before_ns: int) -> None:
        """Takes in what happened before a time."""
        while self.coming and self.coming[0][0] < before_ns:
            self._take(self.coming.popleft()[1])

    def end_of(self, day: date, at_ns: int) -> DayEnd:
        rates, book = self.prices.rates(at_ns), self.prices.book
        last = cache(lambda instrument: self.prices.last(instrument, at_ns))
        money = dict(rates).get("money")
        by = {key: parts + _by_rate(self.left[key], money, book) for key, parts in self.ended.items()}
        exposed: dict[Tier, Amount] = {}
        for lot in self.lots.values():
            key, left = (lot.pair, lot.tier), marked(lot, last)
            (trade,) = trades_of([ClosedLot(left, at_ns, rates)], book)
            by[key] = by.get(key, Parts.none(book)) + Parts.of(trade)
            exposed[key] = exposed.get(key, Amount.zero(book)) + _exposed(lot, book, last, money)
        lots = Amount.total((parts.net for parts in by.values()), book)
        return DayEnd(day, at_ns, by, equity(self.holdings, self._valuation(last, money)) - lots, exposed)

    def _take(self, one: Shared | Booked) -> None:
        fills, incomes = ((one,), ()) if isinstance(one, tuple) else ((), (one,))
        touched = [lot_id for lot_id, _ in (one[1] if isinstance(one, tuple) else one.lots)]
        changed = folds.lots([self.lots.get(lot_id) or self.opened[lot_id] for lot_id in touched], fills, incomes)
        self.lots |= changed
        self.holdings = folds.holdings(self.holdings, fills, incomes, self.prices.kinds)
        for lot_id, lot in changed.items():
            if lot_id in self.closed and self.closed[lot_id].lot == lot:
                self._end(self.closed[lot_id])

    def _end(self, closed: ClosedLot) -> None:
        lot, book = self.lots.pop(closed.lot.id), self.prices.book
        key, left = (lot.pair, lot.tier), _left_behind(lot, book)
        (trade,) = trades_of([closed], book)
        then = _by_rate(left, dict(closed.rates).get("money"), book)
        self.ended[key] = self.ended.get(key, Parts.none(book)) + Parts.of(trade) - then
        mine = self.left.setdefault(key, {})
        for asset, value in left.items():
            mine[asset] = exact.add(mine.get(asset, Decimal(0)), value)

    def _valuation(self, last: Last, money: Price | None) -> Valuation:
        """Of all that the books hold: coins at the last price of the instrument that traded them."""
        values: dict[Account, Price] = {}
        for account in self.holdings.balances:
            if money is not None and account.asset == money.base:
                values[account] = money
        for instrument, kind in self.prices.kinds.items():
            coin = Account(instrument.venue, instrument.base)
            if kind is InstrumentKind.SPOT and coin in self.holdings.balances:
                values[coin] = _price_in_book(instrument.price(last(instrument)), money, self.prices.book)
        marks = {i: i.price(last(i)) for i in self.holdings.positions}
        values |= {Account(i.venue, i.quote): money for i in marks if money is not None and i.quote == money.base}
        return Valuation(self.prices.book, values, marks)


def _exposed(lot: Lot, book: str, last: Last, money: Price | None) -> Amount:
    first = lot.legs[0]
    if not first.open.value:
        return Amount.zero(book)
    price = _price_in_book(first.instrument.price(last(first.instrument)), money, book)
    return abs(first.open).at(price)


def _left_behind(lot: Lot, book: str) -> dict[str, Decimal]:
    """By asset other than the book's, what a lot that ended left: results, funding, less fees."""
    amounts = [*(leg.result for leg in lot.legs), *lot.funding, *(-fee for fee in lot.charged)]
    out: dict[str, Decimal] = {}
    for amount in amounts:
        if amount.asset != book:
            out[amount.asset] = exact.add(out.get(amount.asset, Decimal(0)), amount.value)
    return out


def _by_rate(left: Mapping[str, Decimal], money: Price | None, book: str) -> Parts:
    """What these are worth, as a part of `rate`. Errors: LookupError without a rate; `MixedAssets` for another asset."""
    worth = Amount.zero(book)
    for asset, value in left.items():
        if money is None:
            raise LookupError(f"{asset} has no rate to {book}")
        worth = worth + Amount(value, asset).at(money)
    none = Parts.none(book)
    return replace(none, rate=worth)


def _price_in_book(price: Price, money: Price | None, book: str) -> Price:
    """A price in the book asset. Errors: LookupError where no rate leads there."""
    if price.quote == book:
        return price
    if money is None or (money.base, money.quote) != (price.quote, book):
        raise LookupError(f"{price.text()} has no rate to {book}")
    return Price(exact.mul(price.value, money.value), price.base, book)
