"""A point by the short way, where its file admits it: what lies beside the signal is made once for all points that share it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from karb_core.domain.amount import Amount
from karb_core.engine.strategy import Strategy
from karb_core.ports import Sharing
from karb_core.ports.points import PointCarried
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.canonical import digest
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.straight import StraightWay
from karb_core.wiring.straight_days import StraightDays

_MOST = 8  # karb: constant because it bounds memory, not what is found
#: Lines that no point follows from.
_UNSAID = frozenset({"/name", "/about"})


@dataclass(frozen=True, slots=True)
class _Prepared:
    way: StraightWay
    days: StraightDays


@dataclass(slots=True)
class ShortWay:
    """Points of one stretch of data. It keeps what all of them share that differ in the signal alone, and nothing of which
    a result could depend on what was asked before."""

    _prepared: dict[Hashable, _Prepared] = field(default_factory=dict)

    def carried(self, rulebook: Rulebook, strategy: Strategy, run: Callable[[], Backtest]) -> PointCarried | None:
        """What the desk would come to; None where only the desk can tell. `run`: makes one that is not begun."""
        signal = strategy.signal
        if not isinstance(signal, Sharing):
            return None
        key = (type(signal), signal.rows(), signal.features_from(), _beside_the_signal(rulebook))
        if key not in self._prepared:
            if len(self._prepared) >= _MOST:
                self._prepared.pop(next(iter(self._prepared)))
            made = run()
            self._prepared[key] = _Prepared(StraightWay(made), StraightDays(made))
        prepared = self._prepared[key]
        passages = prepared.way.walk(signal)
        equity = None if passages is None else prepared.days.of(passages)
        if passages is None or equity is None:
            return None
        book = strategy.terms.book
        ended = [passage.left for passage in passages if passage.left is not None]
        return PointCarried(
            rules=rulebook.digests.rules,
            capital=strategy.terms.capital,
            trades=tuple((left.at_ns, Amount(left.net, book)) for left in ended),
            days=prepared.days.ends,
            equity=equity,
            open_lots=len(passages) - len(ended),
        )


def _beside_the_signal(rulebook: Rulebook) -> str:
    return digest(
        {
            line.pointer: line.value
            for line in rulebook.lines
            if line.section != "signal" and line.pointer not in _UNSAID
        }
    )
