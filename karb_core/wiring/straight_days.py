"""What a run by the short way had at the end of each day of Korea: as the desk's own, open lots at the last prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.korean_day import day_ends
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.straight import Passage
from karb_core.wiring.straight_leg import StraightLeg

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_ONE = Decimal(1)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _DayEnd:
    """known_ns: what happened before it is counted. last: by instrument, in the book asset; worth: of each quote in it."""

    day: date
    at_ns: int
    known_ns: int
    last: Mapping[Instrument, Decimal]
    worth: Mapping[str, Decimal]


@dataclass(slots=True)
class StraightDays:
    """Of a run that is not begun; the days' prices are looked up once for all walks over it."""

    run: Backtest
    _ends: list[_DayEnd] = field(init=False)

    def __post_init__(self) -> None:
        began_ns, ended_ns = (at_ms * _MS for at_ms in self.run.span)
        self._ends = [self._end(day, at_ns, ended_ns) for day, at_ns in day_ends(began_ns, ended_ns)]

    def of(self, passages: Iterable[Passage]) -> tuple[tuple[date, int, Amount], ...] | None:
        """Each day, when it ended, and the equity then; None where something that is held has no price in the book asset."""
        capital = self.run.strategy.terms.capital
        steps = [(each.entered.at_ns, leg) for each in passages for leg in each.entered.legs]
        steps += [(each.left.at_ns, leg) for each in passages if each.left is not None for leg in each.left.legs]
        coming = sorted(steps, key=_time, reverse=True)
        paid, held = defaultdict[str, Decimal](Decimal), dict[Instrument, Decimal]()
        out = []
        for end in self._ends:
            while coming and coming[-1][0] < end.known_ns:
                _take(coming.pop()[1], paid, held)
            if not (paid.keys() <= end.worth.keys() and held.keys() <= end.last.keys()):
                return None
            out.append((end.day, end.at_ns, Amount(_equity(capital.value, end, paid, held), capital.asset)))
        return tuple(out)

    def _end(self, day: date, at_ns: int, ended_ns: int) -> _DayEnd:
        """Edge: what happens at midnight belongs to the day that begins then; at the run's own end everything counts."""
        book = self.run.strategy.terms.book
        rate = self.run.rates_at(at_ns).get("money")
        worth = {book: _ONE} | ({rate.base: rate.rate} if rate is not None and rate.quote == book else {})
        closes = [each for rows in self.run.pairs.values() for each in rows.last_closes(at_ns // _MS)]
        last = {leg: exact.mul(close, worth[leg.quote]) for leg, close in closes if leg.quote in worth}
        return _DayEnd(day, at_ns, at_ns + 1 if at_ns == ended_ns else at_ns, last, worth)


def _equity(capital: Decimal, end: _DayEnd, paid: Mapping[str, Decimal], held: Mapping[Instrument, Decimal]) -> Decimal:
    total, worth = capital, end.worth
    for quote, cost in paid.items():
        one = worth[quote]
        total = exact.sub(total, cost if one is _ONE else exact.mul(cost, one))
    for instrument, amount in held.items():
        total = exact.add(total, exact.mul(amount, end.last[instrument]))
    return total


def _take(leg: StraightLeg, paid: defaultdict[str, Decimal], held: dict[Instrument, Decimal]) -> None:
    paid[leg.instrument.quote] = exact.add(paid[leg.instrument.quote], exact.add(leg.cost, leg.fee))
    amount = exact.add(held.pop(leg.instrument, _NOTHING), leg.amount)
    if amount:
        held[leg.instrument] = amount


def _time(step: tuple[int, StraightLeg]) -> int:
    return step[0]
