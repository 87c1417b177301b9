"""All figures of one run together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.ports import Backtested
from karb_research import risk_ratios
from karb_research.capture import Capture, capture_by_tier
from karb_research.drawdown import Drawdown, drawdown
from karb_research.equity_curve import EquityCurve
from karb_research.premiums import Premiums
from karb_research.tail_risk import conditional_value_at_risk, value_at_risk
from karb_research.trade_figures import TradeFigures, trade_figures
from karb_research.use_of_capital import UseOfCapital, use_of_capital


@dataclass(frozen=True, slots=True)
class Metrics:
    """Ratios are floats, None where a figure has no meaning. What each is: docs/reference/metrics.md."""

    days: int
    total_return: float | None
    annual_return: float | None
    volatility: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    drawdown: Drawdown | None
    value_at_risk: float | None
    conditional_value_at_risk: float | None
    trades: TradeFigures
    use: UseOfCapital
    capture: Mapping[str | None, Capture]
    equity: Amount


def metrics(came: Backtested, premiums: Mapping[str, Premiums]) -> Metrics:
    """`premiums`: by pair; of pairs that are no premium's none."""
    curve = EquityCurve.of(came)
    returns = curve.returns()
    priced = [trade for trade in came.trades if trade.lot.pair in premiums]
    return Metrics(
        days=curve.days,
        total_return=risk_ratios.total_return(curve),
        annual_return=risk_ratios.annual_return(curve),
        volatility=risk_ratios.volatility(returns),
        sharpe=risk_ratios.sharpe(returns),
        sortino=risk_ratios.sortino(returns),
        calmar=risk_ratios.calmar(curve),
        drawdown=drawdown(curve),
        value_at_risk=value_at_risk(returns),
        conditional_value_at_risk=conditional_value_at_risk(returns),
        trades=trade_figures(came.trades, came.capital.asset),
        use=use_of_capital(came),
        capture=capture_by_tier(priced, premiums),
        equity=curve.last,
    )
