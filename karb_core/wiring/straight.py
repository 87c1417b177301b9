"""The short way over data, for many sets of rules: lots of a pair one after the other, each entered and left whole.

Where that is all that happens, what becomes of a lot follows from columns, and lots that begin and end alike are the same
lot whatever the rules were. Everything else (a gate, a settlement, a liquidation, an order that is not filled whole,
money that is short) is the desk's: then `walk` says None, and nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Side
from karb_core.engine.strategy import Strategy
from karb_core.history.columns import floats, rows_of
from karb_core.ports import Entering, Entries, Held, Lone, Signal, Straight
from karb_core.venue.bar_market import WholeAtOpens
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.straight_leg import NotStraight
from karb_core.wiring.straight_lot import Entered, Left, entered, left
from karb_core.wiring.straight_rows import StraightRows

_NOTHING = Decimal(0)  # karb: constant because an account that never was has nothing

#: The pair, the row at which it is entered, by which tier and on which side: whatever its target, it is the same lot.
_Key = tuple[str, int, str | None, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """One lot from its entry on. left: None where it is open at the end."""

    pair: str
    entered: Entered
    left: Left | None


@dataclass(slots=True)
class StraightWay:
    """What sets of rules share that differ in their signal's only. Made from a run that is not begun.

    `_entered`, `_left`: what is known of lots by now; None where a row comes to nothing.
    """

    run: Backtest
    _rows: StraightRows = field(init=False)
    _entered: dict[_Key, Entered | None] = field(init=False, default_factory=dict)
    _left: dict[tuple[_Key, int], Left | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._rows = StraightRows(self.run)

    def walk(self, signal: Signal) -> tuple[Passage, ...] | None:
        """Every lot: those that came to their end in the order in which they did, then what is open; None where only
        the desk can tell. The signal must make the same columns as the run's own.
        """
        strategy = replace(self.run.strategy, signal=signal)
        if not isinstance(signal, Straight) or not self._admits(strategy):
            return None
        passages: list[Passage] = []
        try:
            for name, rows in self.run.pairs.items():
                entries = signal.enters(rows.features, rows.pair, strategy.terms)
                if entries is None or not _sized_alone(strategy, entries):
                    return None
                passages += self._walk_pair(strategy, signal, name, entries)
        except NotStraight:
            return None
        if not self._is_paid_for(passages):
            return None
        ended = [each for each in passages if each.left is not None]
        ended.sort(
            key=lambda each: each.left.at_ns if each.left is not None else 0
        )  # pairs of a time stay in their order
        return (*ended, *(each for each in passages if each.left is None))

    def _admits(self, strategy: Strategy) -> bool:
        """Whether nothing but the rows decides: no gate, all fills at opens, each account and market one pair's own."""
        venues, facts = self.run.venues, strategy.terms.facts
        legs = [leg for pair in strategy.terms.pairs.values() for leg in pair.legs]
        coins = [(leg.venue, leg.base) for leg in legs if facts[leg].kind is InstrumentKind.SPOT]
        unmoved = all(float(venues.sides(floats(1, 1.0), side)[0]) == 1 for side in Side)
        apart = len(set(legs)) == len(legs) and len(set(coins)) == len(coins)
        whole = isinstance(venues, WholeAtOpens) and venues.whole_at_opens()
        return whole and unmoved and apart and not strategy.gates and strategy.terms.funds is None

    def _walk_pair(self, strategy: Strategy, signal: Straight, name: str, entries: Entries) -> Iterator[Passage]:
        found = rows_of((entries.rows >= 0) & self._rows.judged[name])
        kinds, row = entries.rows[found].tolist(), 0
        while (at := int(found.searchsorted(row))) < len(found):
            row, kind = int(found[at]), entries.kinds[kinds[at]]
            key = name, row, kind.tier, kind.side
            lot = self._enter(strategy, key, kind)
            if lot is not None:
                held = Held(self.run.pairs[name].pair, kind, lot.premium, lot.at_ns)
                row, end = self._leave(strategy, signal, key, held, lot)
                yield Passage(name, lot, end)
            row += 1

    def _enter(self, strategy: Strategy, key: _Key, kind: Entering) -> Entered | None:
        if key not in self._entered:
            seen = self._rows.at(key[0], key[1])
            judged = self._rows.judged_at(key[0], key[1])
            self._entered[key] = None if seen is None else entered(strategy, kind, seen, judged)
        return self._entered[key]

    def _leave(
        self, strategy: Strategy, signal: Straight, key: _Key, held: Held, lot: Entered
    ) -> tuple[int, Left | None]:
        """At which row it was left and what came of it; None and the last row where it is open at the end."""
        name, row = key[:2]
        judged, features = self._rows.judged[name], self.run.pairs[name].features
        while (found := signal.leaves(features, judged, held, strategy.terms, row + 1)) is not None:
            row = found
            end = self._end(strategy, key, lot, row)
            if end is not None:
                return row, end
        last = len(judged)
        self._rows.need_quiet(lot, self._rows.closed_at_ns(name, last - 1))
        return last, None

    def _end(self, strategy: Strategy, key: _Key, lot: Entered, row: int) -> Left | None:
        if (key, row) not in self._left:
            self._rows.need_quiet(lot, self._rows.closed_at_ns(key[0], row))
            seen = self._rows.at(key[0], row)
            self._left[key, row] = None if seen is None else left(strategy, lot, seen)
        return self._left[key, row]

    def _is_paid_for(self, passages: list[Passage]) -> bool:
        """Whether every account had what each order needed when it came to it, whatever else was open then.

        Of one time entries are counted first: that asks for more than the desk would, never for less.
        """
        steps = [(each.entered.at_ns, False, each.entered.came, each.entered.slack) for each in passages]
        steps += [
            (each.left.at_ns, True, each.left.came, self._rows.balances) for each in passages if each.left is not None
        ]
        change: defaultdict[Account, Decimal] = defaultdict(Decimal)
        for _, out, came, room in sorted(steps, key=itemgetter(0, 1)):
            for account, value in came.items():
                before = change[account]
                change[account] = exact.add(before, value)
                if out and exact.add(room.get(account, _NOTHING), change[account]) < 0:
                    return False
                if not out and account in room and exact.add(room[account], before) < 0:
                    return False
        return True


def _sized_alone(strategy: Strategy, entries: Entries) -> bool:
    sizing = strategy.sizing
    return isinstance(sizing, Lone) and all(sizing.alone(kind.tier) for kind in entries.kinds)
