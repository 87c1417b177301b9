"""How alike the days of pairs and tiers were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation

from karb_core.domain.amount import Amount
from karb_core.domain.parts import Parts
from karb_core.ports import DayEnd, Tier
from karb_research.breakdown import tier_name

_LEAST = 3  # karb: constant because two days always lie on one line


@dataclass(frozen=True, slots=True)
class Correlations:
    """Pearson's of daily results in money, open lots at the last prices. Shape: one row and one column a name; None
    where one of the two never moved, or there are fewer than three days."""

    names: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]


def of_pairs(days: Sequence[DayEnd]) -> Correlations:
    return _correlations(days, lambda key: key[0])


def of_tiers(days: Sequence[DayEnd]) -> Correlations:
    return _correlations(days, tier_name)


def _correlations(days: Sequence[DayEnd], named: Callable[[Tier], str]) -> Correlations:
    names = tuple(dict.fromkeys(named(key) for day in days for key in day.by))
    daily = {name: _daily(days, name, named) for name in names}
    return Correlations(names, tuple(tuple(_pearson(daily[a], daily[b]) for b in names) for a in names))


def _daily(days: Sequence[DayEnd], name: str, named: Callable[[Tier], str]) -> list[float]:
    before, out = None, []
    for day in days:
        now = _net(day.by, name, named, day.beside.asset)
        out.append(float((now if before is None else now - before).value))
        before = now
    return out


def _net(by: Mapping[Tier, Parts], name: str, named: Callable[[Tier], str], book: str) -> Amount:
    return Amount.total((parts.net for key, parts in by.items() if named(key) == name), book)


def _pearson(a: Sequence[float], b: Sequence[float]) -> float | None:
    if len(a) < _LEAST:
        return None
    try:
        return correlation(a, b)
    except StatisticsError:
        return None
