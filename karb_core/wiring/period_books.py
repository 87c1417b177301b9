"""What closed lots came to, by period, by pair and by tier: each part and what none of them explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeVar

from karb_core.domain.amount import Amount
from karb_core.domain.korean_day import day_of
from karb_core.domain.trade import Trade
from karb_core.wiring.earned import Earned, earned

Period = Literal["day", "week", "month"]
K = TypeVar("K", str, date)
_WEEK = timedelta(days=6)  # karb: constant because the last day of a week is so many after its first
_PAST = timedelta(days=31)  # karb: constant because no month is longer


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """Of one period: a pair's, or one tier's of a pair; both None for all of it. Days are Korea's.

    won: lots whose net is above zero; held_ns: their mean time from the first fill to the last, rounded down.
    """

    began: date
    ended: date
    pair: str | None
    tier: str | None
    earned: Earned
    won: int
    held_ns: int

    @property
    def residual(self) -> Amount:
        """What of the net is in no part: that of lots that are no premium's, else nothing."""
        one = self.earned
        return one.net - one.premium - one.rate - one.fees - one.funding

    @property
    def win_rate(self) -> Fraction:
        """Errors: ZeroDivisionError for none, which no row has."""
        return Fraction(self.won, self.earned.trades)

    @property
    def mean(self) -> Fraction:
        """Net of a lot, in the book asset."""
        return Fraction(self.earned.net.value) / self.earned.trades


def period_rows(trades: Mapping[str, Sequence[Trade]], period: Period) -> Iterator[PeriodRow]:
    """By book and period, the oldest first: all of it, then each pair, each followed by its tiers. A lot counts where it
    ended; a period without one has no row.
    """
    for book, mine in trades.items():
        for began, closed in _by(mine, lambda trade: _begins(day_of(trade.closed_at_ns), period)).items():
            yield _row(began, period, None, None, closed, book)
            for pair, of_pair in _by(closed, lambda trade: trade.lot.pair).items():
                yield _row(began, period, pair, None, of_pair, book)
                for tier, of_tier in _by(of_pair, lambda trade: trade.lot.tier or "").items():
                    if tier:
                        yield _row(began, period, pair, tier, of_tier, book)


def _row(began: date, period: Period, pair: str | None, tier: str | None, trades: list[Trade], book: str) -> PeriodRow:
    won = sum(trade.net.value > 0 for trade in trades)
    held_ns = sum(trade.held_ns for trade in trades) // len(trades)
    return PeriodRow(began, _ends(began, period), pair, tier, earned(trades, book), won, held_ns)


def _by(trades: Iterable[Trade], key: Callable[[Trade], K]) -> dict[K, list[Trade]]:
    found: dict[K, list[Trade]] = {}
    for trade in trades:
        found.setdefault(key(trade), []).append(trade)
    return dict(sorted(found.items()))


def _begins(day: date, period: Period) -> date:
    """Edge: a week begins on Monday."""
    if period == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if period == "week" else day


def _ends(began: date, period: Period) -> date:
    """Its last day."""
    if period == "week":
        return began + _WEEK
    if period == "month":
        return (began + _PAST).replace(day=1) - timedelta(days=1)
    return began
