"""A book made of a snapshot and the changes after it, exactly or not at all. Pure.

A change holds the new amounts of what changed after the change before it (`before`, Binance's `pu`) up to itself (`last`,
`u`). So one with `before <= L <= last` leads on from a snapshot of id L, whatever of it the snapshot holds already, and
from then on each must name the last one as the one before it. Source: Binance USD-M futures, how to manage a local order
book correctly; its rule `U <= L <= u` is the narrower one, and passes over a change that follows right upon the snapshot.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level

_TOLD = 100  # karb: constant because a book is told so deep, far beyond what one of our orders takes
_WAITING = 1000  # karb: constant because it bounds memory: what waits longer for a snapshot is of no use


@dataclass(frozen=True, slots=True)
class Change:
    """New amounts, absolute; one of zero is of a level that is gone."""

    last: int
    before: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    venue_at_ns: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`asked_levels`: a side with so many may go on, and what lies beyond is not known."""

    last: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    venue_at_ns: int
    asked_levels: int


@dataclass(slots=True)
class BookBuilding:
    """`changed` and `begin_from` say whether all is well; where it is not, a snapshot must be asked for."""

    instrument: Instrument
    _bids: _Side = field(init=False)
    _asks: _Side = field(init=False)
    _last: int | None = field(init=False, default=None)
    _leads_on: bool = field(init=False, default=False)
    _venue_at_ns: int = field(init=False, default=0)
    _waiting: list[Change] = field(init=False, default_factory=list)

    def begin(self) -> None:
        """A new line: nothing is known, and nothing of before counts."""
        self._last, self._leads_on = None, False
        self._waiting.clear()

    def changed(self, change: Change) -> bool:
        """False where it does not lead on: there is no book any more, and the change waits for a snapshot."""
        if self._last is None:
            self._wait(change)
            return True
        if self._apply(change):
            return True
        self.begin()
        self._wait(change)
        return False

    def begin_from(self, snapshot: Snapshot) -> bool:
        """False where it is older than the first change that waits: a newer one is needed."""
        waiting, self._waiting = self._waiting, []
        self._bids = _Side.of(snapshot.bids, snapshot.asked_levels, rising=False)
        self._asks = _Side.of(snapshot.asks, snapshot.asked_levels, rising=True)
        self._last, self._leads_on, self._venue_at_ns = snapshot.last, False, snapshot.venue_at_ns
        if all(self._apply(change) for change in waiting):
            return True
        self.begin()
        self._waiting = waiting
        return False

    def told(self, received_at_ns: int) -> Depth | None:
        """The best levels. None while there is no book, before a change has led on from the snapshot, where a side has
        fewer levels left than are told and what lies beyond them is not known, and where the book is crossed.
        """
        if self._last is None or not self._leads_on:
            return None
        bids, asks = self._bids.best(), self._asks.best()
        if bids is None or asks is None or (bids and asks and bids[0].price >= asks[0].price):
            return None
        return Depth(self.instrument, bids, asks, self._venue_at_ns, received_at_ns)

    @property
    def leads_on(self) -> bool:
        """Whether there is a book that a change has led on from: where it is not told then, it is of no use."""
        return self._leads_on

    def _wait(self, change: Change) -> None:
        if self._waiting and self._waiting[-1].last != change.before:
            self._waiting.clear()
        self._waiting.append(change)
        del self._waiting[:-_WAITING]

    def _apply(self, change: Change) -> bool:
        assert self._last is not None
        if change.last < self._last or (self._leads_on and change.last == self._last):
            return True  # the book holds it already
        if self._leads_on and change.before != self._last:
            return False
        if not change.before <= self._last:
            return False
        self._bids.take(change.bids)
        self._asks.take(change.asks)
        self._last, self._leads_on = change.last, True
        self._venue_at_ns = max(self._venue_at_ns, change.venue_at_ns)
        return True


@dataclass(slots=True)
class _Side:
    """Prices in rising order. known_to: the worst price up to which every level is known; None where all are."""

    rising: bool
    known_to: Decimal | None
    amounts: dict[Decimal, Decimal]
    prices: list[Decimal]

    @classmethod
    def of(cls, levels: Iterable[Level], asked_levels: int, *, rising: bool) -> _Side:
        amounts = {level.price: level.amount for level in levels if level.amount}
        prices = sorted(amounts)
        whole = len(prices) < asked_levels
        return cls(rising, None if whole else prices[-1 if rising else 0], amounts, prices)

    def take(self, levels: Iterable[Level]) -> None:
        for price, amount in levels:
            if price in self.amounts and not amount:
                del self.amounts[price]
                del self.prices[bisect_left(self.prices, price)]
            elif amount:
                if price not in self.amounts:
                    insort(self.prices, price)
                self.amounts[price] = amount

    def best(self) -> tuple[Level, ...] | None:
        """None where fewer are known than are told, and there may be more."""
        prices = self.prices[:_TOLD] if self.rising else self.prices[: -_TOLD - 1 : -1]
        if self.known_to is not None:
            end = self.known_to
            prices = [price for price in prices if (price <= end if self.rising else price >= end)]
            if len(prices) < _TOLD:
                return None
        return tuple([Level(price, self.amounts[price]) for price in prices])
