"""What round trips came to, counted one by one: win rate, expectancy, profit factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding, divide
from karb_core.domain.trade import Trade
from karb_research.equity_curve import ratio

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is a step of display


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """Of trades that ended; what is open is in none of these. Money in the asset of the capital.

    win_rate: how many ended above zero, a ratio; expectancy: the mean of their results, to 1e-8; profit_factor: what the
    winners won over what the losers lost, None where none lost; best, worst: single results. None without a trade.
    """

    trades: int
    win_rate: float | None
    expectancy: Amount | None
    profit_factor: float | None
    best: Amount | None
    worst: Amount | None


def trade_figures(trades: Sequence[Trade], book: str) -> TradeFigures:
    return figures_of_nets([trade.net for trade in trades], book)


def figures_of_nets(nets: Sequence[Amount], book: str) -> TradeFigures:
    """Of what each trade came to. Edge: a trade of exactly zero is no win and no loss."""
    if not nets:
        return TradeFigures(0, None, None, None, None, None)
    won, lost = ([net for net in nets if net.value > 0], [net for net in nets if net.value < 0])
    mean = divide(Amount.total(nets, book).value, Decimal(len(nets)), _STEP, Rounding.HALF_EVEN)
    return TradeFigures(
        trades=len(nets),
        win_rate=len(won) / len(nets),
        expectancy=Amount(mean, book),
        profit_factor=ratio(Amount.total(won, book), -Amount.total(lost, book)) if lost else None,
        best=max(nets),
        worst=min(nets),
    )
