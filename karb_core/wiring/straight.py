"""The short way over data, for many sets of rules: lots of a pair one after the other, each entered and left whole.

Where that is all that happens, what becomes of a lot follows from columns, and lots that begin and end alike are the same
lot whatever the rules were. Everything else (a gate, a settlement, a liquidation, an order that is not filled whole,
money that is short) is the desk's: then `walk` says None, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from karb_core.domain.instrument import InstrumentKind
from karb_core.domain.orders import Side
from karb_core.engine.strategy import Strategy
from karb_core.history.columns import floats
from karb_core.ports import Entering, Entries, Held, Leaves, Lone, Signal, Straight
from karb_core.venue.bar_market import WholeAtOpens
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.straight_leg import NotStraight
from karb_core.wiring.straight_lot import Entered, Left, Passage, entered, left
from karb_core.wiring.straight_payment import is_paid_for
from karb_core.wiring.straight_rows import StraightRows

#: The pair, the row at which it is entered, by which tier and on which side: whatever its target, it is the same lot.
_Key = tuple[str, int, str | None, str]


@dataclass(slots=True)
class StraightWay:
    """What sets of rules share that differ in their signal's only. Made from a run that is not begun.

    `_entered`, `_left`: what is known of lots by now; None where a row comes to nothing.
    """

    run: Backtest
    _rows: StraightRows = field(init=False)
    _entered: dict[_Key, Entered | None] = field(init=False, default_factory=dict)
    _left: dict[_Key, dict[int, Left | None]] = field(init=False, default_factory=dict)

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
        if not is_paid_for(passages, self._rows.lowest(), len(self.run.pairs)):
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
        judged = self._rows.judged[name]
        looked_at = judged[entries.rows]
        found, which = entries.rows[looked_at], entries.which[looked_at]
        rows, row = self.run.pairs[name], 0
        leaves = signal.leaves(rows.features, judged, rows.pair, strategy.terms)
        while (at := int(found.searchsorted(row))) < len(found):
            row = int(found[at])
            kind = entries.kinds[int(which[at])]
            key = name, row, kind.tier, kind.side
            lot = self._enter(strategy, key, kind)
            if lot is not None:
                row, end = self._leave(strategy, leaves, key, Held(kind, lot.premium, lot.at_ns), lot)
                yield Passage(name, lot, end)
            row += 1

    def _enter(self, strategy: Strategy, key: _Key, kind: Entering) -> Entered | None:
        if key not in self._entered:
            seen = self._rows.at(key[0], key[1])
            judged = self._rows.judged_at(key[0], key[1])
            self._entered[key] = None if seen is None else entered(strategy, kind, seen, judged, self._rows.number)
        return self._entered[key]

    def _leave(
        self, strategy: Strategy, leaves: Leaves, key: _Key, held: Held, lot: Entered
    ) -> tuple[int, Left | None]:
        """At which row it was left and what came of it; None and the last row where it is open at the end."""
        name, row = key[:2]
        while (found := leaves(held, row + 1)) is not None:
            row = found
            end = self._end(strategy, key, lot, row)
            if end is not None:
                return row, end
        last = len(self._rows.judged[name])
        self._rows.need_quiet(lot, self._rows.closed_at_ns(name, last - 1))
        return last, None

    def _end(self, strategy: Strategy, key: _Key, lot: Entered, row: int) -> Left | None:
        known = self._left.setdefault(key, {})
        if row not in known:
            self._rows.need_quiet(lot, self._rows.closed_at_ns(key[0], row))
            seen = self._rows.at(key[0], row)
            known[row] = None if seen is None else left(strategy, lot, seen)
        return known[row]


def _sized_alone(strategy: Strategy, entries: Entries) -> bool:
    sizing = strategy.sizing
    return isinstance(sizing, Lone) and all(sizing.alone(kind.tier) for kind in entries.kinds)
