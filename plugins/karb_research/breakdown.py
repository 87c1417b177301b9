"""What a run came to by pair, by tier and by month: open lots at the last prices, so that the sums are the run's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from karb_core.domain.korean_day import day_of
from karb_core.domain.parts import Parts
from karb_core.domain.trade import Trade
from karb_core.ports import Backtested, Tier
from karb_research.trade_figures import TradeFigures, trade_figures

#: What stands for a signal without tiers.
NO_TIER = "·"


@dataclass(frozen=True, slots=True)
class Group:
    """One row. figures: of the trades that ended in it; parts: of everything in it, open lots included."""

    name: str
    figures: TradeFigures
    parts: Parts


def by_pair(came: Backtested) -> list[Group]:
    return _by(came, lambda key: key[0], came.series)


def by_tier(came: Backtested) -> list[Group]:
    return _by(came, tier_name, ())


def by_month(came: Backtested) -> list[Group]:
    """Of Korea, as `2025-01`; a trade counts in the month in which it ended, equity as it changed in each."""
    book, out = came.capital.asset, []
    ends = {f"{day.day:%Y-%m}": day for day in came.days}
    before = Parts.none(book)
    for name, end in ends.items():
        ended = [trade for trade in came.trades if f"{day_of(trade.closed_at_ns):%Y-%m}" == name]
        out.append(Group(name, trade_figures(ended, book), end.parts - before))
        before = end.parts
    return out


def tier_name(key: Tier) -> str:
    return key[1] or NO_TIER


def _by(came: Backtested, named: Callable[[Tier], str], first: Iterable[str]) -> list[Group]:
    """In the order of `first`, then as they ended the run."""
    book = came.capital.asset
    by: Mapping[Tier, Parts] = came.days[-1].by if came.days else {}
    parts = dict.fromkeys(first, Parts.none(book))
    for key, mine in by.items():
        parts[named(key)] = parts.get(named(key), Parts.none(book)) + mine
    trades: dict[str, list[Trade]] = {}
    for trade in came.trades:
        trades.setdefault(named((trade.lot.pair, trade.lot.tier)), []).append(trade)
    return [Group(name, trade_figures(trades.get(name, []), book), mine) for name, mine in parts.items()]
