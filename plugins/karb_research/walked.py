"""What a walk forward came to: the out-of-sample stretches as one, and how much of what was seen in sample was left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from karb_core.domain.amount import Amount
from karb_core.domain.korean_day import day_ends
from karb_core.ports import PointCarried
from karb_research.equity_curve import ratio
from karb_research.figures import Figures, point_figures
from karb_research.walking import Walk


@dataclass(frozen=True, slots=True)
class WalkRow:
    """inside, outside: of the point that was taken, None without one. efficiency: see `efficiency`."""

    walk: Walk
    inside: Figures | None
    outside: Figures | None
    efficiency: float | None


@dataclass(frozen=True, slots=True)
class Walked:
    """rows: one for each window. days: of all out-of-sample stretches in their order, when each ended and the equity
    then; joined: the figures of these. Both None where nothing was carried out, as then there is no capital to begin with.
    """

    rows: tuple[WalkRow, ...]
    days: tuple[tuple[date, int, Amount], ...] | None
    joined: Figures | None
    efficiency: float | None


def walked(walks: Sequence[Walk]) -> Walked:
    rows = tuple(map(_row, walks))
    first = next((walk.carried for walk in walks if walk.carried is not None), None)
    if first is None:
        return Walked(rows, None, None, None)
    joined = _joined(walks, first)
    both = [(row.inside, row.outside) for row in rows if row.inside is not None and row.outside is not None]
    return Walked(
        rows, joined.by_day, point_figures(joined, None).whole, efficiency([i for i, _ in both], [o for _, o in both])
    )


def efficiency(inside: Sequence[Figures], outside: Sequence[Figures]) -> float | None:
    """Net a day out of sample over net a day in sample. None where nothing was earned in sample, or there is no day.

    Source: R. Pardo, The Evaluation and Optimization of Trading Strategies (2nd edition, 2008), walk-forward efficiency:
    the annualised profit out of sample over the one in sample; the days of a year fall out.
    """
    days = sum(each.days for each in inside), sum(each.days for each in outside)
    if not all(days):
        return None
    book = inside[0].net.asset
    earned, kept = (Amount.total((each.net for each in stretch), book) for stretch in (inside, outside))
    return ratio(kept, earned) * days[0] / days[1] if earned.value > 0 else None


def _row(walk: Walk) -> WalkRow:
    inside = None if walk.taken is None or walk.taken.figures is None else walk.taken.figures.judged
    outside = None if walk.carried is None else point_figures(walk.carried, None).whole
    told = None if inside is None or outside is None else efficiency([inside], [outside])
    return WalkRow(walk, inside, outside, told)


def _joined(walks: Sequence[Walk], first: PointCarried) -> PointCarried:
    """As one run. Each stretch began with the capital anew, so what they came to is added up, not multiplied."""
    return PointCarried.of_days(
        rules=first.rules,
        capital=first.capital,
        trades=tuple(trade for walk in walks if walk.carried is not None for trade in walk.carried.trades),
        by_day=tuple(_days(walks, first.capital)),
        open_lots=sum(walk.carried.open_lots for walk in walks if walk.carried is not None),
    )


def _days(walks: Sequence[Walk], capital: Amount) -> Iterator[tuple[date, int, Amount]]:
    """Where nothing was carried out, equity stays as it was."""
    before = capital
    for walk in walks:
        came = walk.carried
        if came is None:
            yield from ((day, at_ns, before) for day, at_ns in day_ends(walk.window.split_ns, walk.window.until_ns))
            continue
        for day, at_ns, equity in came.by_day:
            yield day, at_ns, before + (equity - came.capital)
        before = before + (came.equity.amount(-1) - came.capital)
