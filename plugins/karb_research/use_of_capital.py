"""How hard the capital worked: turnover, exposure, time in trade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import fmean

from karb_core.domain.amount import Amount
from karb_core.domain.lots import Lot
from karb_core.ports import Backtested
from karb_research.equity_curve import ratio
from karb_research.risk_ratios import YEAR


@dataclass(frozen=True, slots=True)
class UseOfCapital:
    """turnover: what the first legs traded, both ways, over the capital, of a year; exposure: what of them was open at
    the ends of days, over the capital, their mean; time_in_trade: the part of the run in which any lot was open.

    None without a day. Source: our own; the first leg is the one that an owner's `counts: near_leg` counts.
    """

    turnover: float | None
    exposure: float | None
    time_in_trade: float | None


def use_of_capital(came: Backtested) -> UseOfCapital:
    if not came.days:
        return UseOfCapital(None, None, None)
    book, lots = came.capital.asset, [*(trade.lot for trade in came.trades), *came.open_lots]
    traded = Amount.total((each for lot in lots for each in _traded(lot, book)), book)
    open_ = [Amount.total(day.exposed.values(), book) for day in came.days]
    return UseOfCapital(
        turnover=ratio(traded, came.capital) * YEAR / len(came.days),
        exposure=fmean(ratio(each, came.capital) for each in open_),
        time_in_trade=_covered(_held(came)) / (came.ended_ns - came.began_ns),
    )


def _traded(lot: Lot, book: str) -> Iterator[Amount]:
    """Of the first leg, in and out. Edge: one that is priced in another asset is taken at the rate of its entry."""
    money = dict(lot.rates).get("money")
    for cost in (lot.legs[0].entered_cost, lot.legs[0].left_cost):
        yield abs(cost) if cost.asset == book or money is None else abs(cost).at(money)


def _held(came: Backtested) -> Iterator[tuple[int, int]]:
    yield from ((trade.lot.opened_at_ns, trade.closed_at_ns) for trade in came.trades)
    yield from ((lot.opened_at_ns, came.ended_ns) for lot in came.open_lots)


def _covered(stretches: Iterable[tuple[int, int]]) -> int:
    """How much time they cover together, what overlaps counted once."""
    covered = until = 0
    for first, last in sorted(stretches):
        covered += max(last - max(first, until), 0)
        until = max(until, last)
    return covered
