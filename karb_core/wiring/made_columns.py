"""A pair's columns and its signal's features, made once for all runs that would make the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from karb_core.history.bars import Bars
from karb_core.history.pair_columns import PairColumns, pair_columns
from karb_core.history.points import Points
from karb_core.ports import PairSeries, Sharing, Signal

_KEPT = 48  # karb: constant because it bounds memory, not what is made


@dataclass(slots=True)
class MadeColumns:
    """What is asked for last is kept. Nobody changes a column, so sharing one changes no run.

    Features are shared between signals of one class that say they make them from the same (`Sharing`); a signal that does
    not say so is given its own. A key names columns by identity: they are kept beside it, so that no other can take it.
    """

    _columns: OrderedDict[Hashable, tuple[PairColumns, object]] = field(default_factory=OrderedDict)
    _features: OrderedDict[Hashable, tuple[Mapping[str, Any], object]] = field(default_factory=OrderedDict)

    def columns(
        self, bars: Sequence[Bars], length_ms: int, span: tuple[int, int], rate: Points | None, money: Points | None
    ) -> PairColumns:
        """As `pair_columns`."""
        of = (tuple(bars), rate, money)
        key = (tuple(map(id, bars)), id(rate), id(money), length_ms, span)
        if key not in self._columns:
            _keep(self._columns, key, (pair_columns(bars, length_ms, span, rate, money), of))
        self._columns.move_to_end(key)
        return self._columns[key][0]

    def features(self, signal: Signal, series: PairSeries) -> Mapping[str, Any]:
        """As `signal.features`."""
        if not isinstance(signal, Sharing):
            return signal.features(series)
        columns = (*series.closes, series.rate, series.money)
        key = (type(signal), signal.features_from(), series.pair, series.legs, tuple(map(id, columns)))
        if key not in self._features:
            _keep(self._features, key, (signal.features(series), columns))
        self._features.move_to_end(key)
        return self._features[key][0]


def _keep(table: OrderedDict[Hashable, tuple[Any, object]], key: Hashable, value: tuple[Any, object]) -> None:
    table[key] = value
    while len(table) > _KEPT:
        table.popitem(last=False)
