"""What a run by the short way had at the end of each day of Korea: as the desk's own, open lots at the last prices."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, Inexact
from itertools import accumulate

from karb_core.domain import exact
from karb_core.domain.in_steps import InSteps, counted, places_of
from karb_core.domain.instrument import Instrument
from karb_core.domain.korean_day import day_ends
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.straight_leg import StraightLeg
from karb_core.wiring.straight_lot import Entered, Left, Passage

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_ONE = Decimal(1)

#: From which day end on something counts, and by how many steps more of each column: what was paid of a quote, or what is
#: held of an instrument.
_Step = tuple[int, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True)
class _Column:
    """What one of something is worth in the book asset at each end, in steps; gaps: the ends at which nobody knows."""

    places: int
    counts: list[int]
    gaps: list[int]

    @classmethod
    def of(cls, worth: Sequence[Decimal | None]) -> _Column:
        places = max((places_of(each) for each in worth if each is not None), default=0)
        counts = [0 if each is None else counted(each, places) for each in worth]
        return cls(places, counts, [at for at, each in enumerate(worth) if each is None])


@dataclass(slots=True)
class StraightDays:
    """Of a run that is not begun. The days' prices are looked up once for all walks over it, and so is what each lot
    changes. Money is counted in steps here, so small that all of it is whole (`_places`): they shrink where they must.
    """

    run: Backtest
    ends: tuple[tuple[date, int], ...] = field(init=False)
    _known_ns: list[int] = field(init=False)
    _columns: list[_Column] = field(init=False)
    _of: dict[str | Instrument, int] = field(init=False)
    _quotes: int = field(init=False)
    _places: int = field(init=False)
    _steps: dict[int, tuple[Entered | Left, _Step]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        began_ns, ended_ns = (at_ms * _MS for at_ms in self.run.span)
        self.ends = tuple(day_ends(began_ns, ended_ns))
        # what happens at midnight belongs to the day that begins then; at the run's own end everything counts
        self._known_ns = [at_ns + 1 if at_ns == ended_ns else at_ns for _, at_ns in self.ends]
        legs = [leg for rows in self.run.pairs.values() for leg in rows.pair.legs]
        quotes = list(dict.fromkeys(leg.quote for leg in legs))
        worth = [self._worth(at_ns) for _, at_ns in self.ends]
        self._of = {quote: at for at, quote in enumerate(quotes)}
        self._of |= {leg: at for at, leg in enumerate(legs, len(quotes))}
        self._quotes = len(quotes)
        self._columns = [_Column.of([end.get(each) for end in worth]) for each in self._of]
        capital = self.run.strategy.terms.capital
        self._places = max(places_of(capital.value), *(column.places for column in self._columns))

    def of(self, passages: Iterable[Passage]) -> InSteps | None:
        """The capital, then the equity at each end; None where something that is held has no price in the book asset."""
        changes = self._changes([lot for each in passages for lot in (each.entered, each.left) if lot is not None])
        capital = self.run.strategy.terms.capital
        first = counted(capital.value, self._places)
        worth = [first] * len(self.ends)
        for at, (column, changed) in enumerate(zip(self._columns, changes, strict=True)):
            held = list(accumulate(changed[:-1]))
            # what was once paid in a quote has to be known from then on
            if any(held[gap] or (at < self._quotes and any(changed[: gap + 1])) for gap in column.gaps):
                return None
            worth = [before + many * one for before, many, one in zip(worth, held, column.counts, strict=True)]
        return InSteps(capital.asset, self._places, (first, *worth))

    def _changes(self, lots: Sequence[Entered | Left]) -> list[list[int]]:
        """By column and end; behind the last end what no end knows of."""
        while True:
            places, out = self._places, [[0] * (len(self.ends) + 1) for _ in self._columns]
            for lot in lots:
                first, changes = self._step(lot)
                for at, change in changes:
                    out[at][first] += change
            if places == self._places:
                return out

    def _step(self, lot: Entered | Left) -> _Step:
        known = self._steps.get(id(lot))
        if known is None:
            parts = [part for leg in lot.legs for part in self._parts(leg)]
            try:
                changes = self._counted(parts)
            except Inexact:
                self._places = max(places_of(many) + self._columns[at].places for at, many in parts)
                self._steps.clear()  # what was counted in larger steps is counted again
                changes = self._counted(parts)
            known = lot, (bisect_right(self._known_ns, lot.at_ns), changes)
            self._steps[id(lot)] = known  # the lot is kept, so that no other has its id
        return known[1]

    def _parts(self, leg: StraightLeg) -> Iterator[tuple[int, Decimal]]:
        yield self._of[leg.instrument.quote], exact.negate(exact.add(leg.cost, leg.fee))
        yield self._of[leg.instrument], leg.amount

    def _counted(self, parts: Sequence[tuple[int, Decimal]]) -> tuple[tuple[int, int], ...]:
        return tuple([(at, counted(many, self._places - self._columns[at].places)) for at, many in parts])

    def _worth(self, at_ns: int) -> dict[str | Instrument, Decimal]:
        """Of one of each quote, and of each instrument at its last price; nothing of what has none."""
        book = self.run.strategy.terms.book
        rate = self.run.rates_at(at_ns).get("money")
        worth: dict[str | Instrument, Decimal] = {book: _ONE}
        if rate is not None and rate.quote == book:
            worth[rate.base] = rate.rate
        closes = [each for rows in self.run.pairs.values() for each in rows.last_closes(at_ns // _MS)]
        return worth | {leg: exact.mul(close, worth[leg.quote]) for leg, close in closes if leg.quote in worth}
