"""What one point came to, in figures: over all its days, in sample, and out of sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean
from typing import Literal

from karb_core.domain.amount import Amount
from karb_core.ports import PointCarried
from karb_research import risk_ratios
from karb_research.drawdown import drawdown
from karb_research.equity_curve import EquityCurve
from karb_research.tail_risk import conditional_value_at_risk, value_at_risk
from karb_research.trade_figures import figures_of_nets

#: What a goal, a heat map or a sampler may be about.
Measure = Literal[
    "net", "trades", "sharpe", "sortino", "calmar", "max_drawdown", "annual_return", "volatility", "win_rate",
    "profit_factor",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one stretch of days. net: what equity changed, open lots at the last prices; trades: those that ended in it.

    skewness, kurtosis: of daily returns, by the moments of all of them (a normal distribution's kurtosis is 3). The
    others, and where they are None: docs/reference/metrics.md.
    """

    days: int
    trades: int
    net: Amount
    total_return: float | None
    annual_return: float | None
    volatility: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    max_drawdown: float | None
    max_drawdown_days: int | None
    value_at_risk: float | None
    conditional_value_at_risk: float | None
    win_rate: float | None
    profit_factor: float | None
    skewness: float | None
    kurtosis: float | None

    def measure(self, name: Measure) -> Decimal | float | None:
        """Money and counts exact. None where it has no meaning."""
        value: object = getattr(self, name)
        if isinstance(value, Amount):
            return value.value
        return Decimal(value) if isinstance(value, int) else value  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class PointFigures:
    """rules: the digest of the point's rules; booked: what trades that ended came to; open_lots: what it ended with;
    inside, outside: None where the study has no days out of sample."""

    rules: str
    booked: Amount
    open_lots: int
    whole: Figures
    inside: Figures | None
    outside: Figures | None

    @property
    def judged(self) -> Figures:
        """What may be looked at before the rules are settled: in sample."""
        return self.whole if self.inside is None else self.inside


def point_figures(came: PointCarried, out_of_sample: date | None) -> PointFigures:
    """The days are those of Korea; the first day out of sample begins where the last one in sample ended."""
    inside = outside = None
    if out_of_sample is not None:
        first = sum(day < out_of_sample for day, _ in came.days)
        inside, outside = _figures(came, 0, first), _figures(came, first, len(came.days))
    return PointFigures(
        rules=came.rules,
        booked=Amount.total((net for _, net in came.trades), came.capital.asset),
        open_lots=came.open_lots,
        whole=_figures(came, 0, len(came.days)),
        inside=inside,
        outside=outside,
    )


def _figures(came: PointCarried, first: int, stop: int) -> Figures:
    """Of the days from one row to before another. A trade belongs to the day on which it ended."""
    curve = EquityCurve(came.equity.part(first, stop + 1))
    after_ns = came.days[first - 1][1] if first else -1
    until_ns = came.days[stop - 1][1] if stop else -1
    last = stop == len(came.days)
    nets = [
        net for at, net in came.trades if _belongs(at, after_ns, until_ns, first=not first, last=last) and stop > first
    ]
    returns, trades, fell = curve.returns(), figures_of_nets(nets, came.capital.asset), drawdown(curve)
    skewness, kurtosis = shape(returns)
    grown = risk_ratios.annual_return(curve)
    return Figures(
        days=curve.days,
        trades=trades.trades,
        net=curve.last - curve.first,
        total_return=risk_ratios.total_return(curve),
        annual_return=grown,
        volatility=risk_ratios.volatility(returns),
        sharpe=risk_ratios.sharpe(returns),
        sortino=risk_ratios.sortino(returns),
        calmar=risk_ratios.calmar_of(fell, grown),
        max_drawdown=None if fell is None else fell.deepest,
        max_drawdown_days=None if fell is None else fell.days,
        value_at_risk=value_at_risk(returns),
        conditional_value_at_risk=conditional_value_at_risk(returns),
        win_rate=trades.win_rate,
        profit_factor=trades.profit_factor,
        skewness=skewness,
        kurtosis=kurtosis,
    )


def _belongs(at: int, after_ns: int, until_ns: int, *, first: bool, last: bool) -> bool:
    """A day ends before its midnight; at the run's own end everything is counted."""
    return (first or at >= after_ns) and (last or at < until_ns)


def shape(returns: Sequence[float]) -> tuple[float | None, float | None]:
    """Skewness and kurtosis by the moments of all the returns. None for fewer than two, and where all are alike."""
    if risk_ratios.is_flat(returns):
        return None, None
    mean = fmean(returns)
    apart = [each - mean for each in returns]
    # karb: constant because the third and the fourth moment are of those powers
    second, third, fourth = (fmean([each**power for each in apart]) for power in (2, 3, 4))
    return third / math.pow(second, 1.5), fourth / second**2  # karb: constant because the definition says so
