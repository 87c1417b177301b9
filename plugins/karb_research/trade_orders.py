"""The same trades in other orders: how deep equity would have fallen, had they come otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karb_core.domain.amount import Amount
from karb_research.spread import Spread, spread_of


@dataclass(frozen=True, slots=True)
class TradeOrders:
    """trades: how many; net: what they came to, in any order; fell: deepest drawdown in the order in which they ended,
    from trade to trade, the capital the first peak; falls: the same over the orders drawn; as_deep: the part of those that
    fell as deep or deeper."""

    trades: int
    net: Amount
    fell: float
    falls: Spread
    as_deep: float


def trade_orders(nets: Sequence[Amount], capital: Amount, draws: int, seed: int) -> TradeOrders | None:
    """Draws of all orders alike, NumPy's PCG64. None without a trade. Edge: one trade has one order."""
    if not nets:
        return None
    random = np.random.Generator(np.random.PCG64(seed))
    changes: Any = np.array([float(net.value) for net in nets], dtype=np.float64)
    whole = float(capital.value)
    fell = _fell(changes, whole)
    falls = [_fell(random.permutation(changes), whole) for _ in range(draws)]
    spread = spread_of(falls)
    assert spread is not None
    return TradeOrders(
        len(nets), Amount.total(nets, capital.asset), fell, spread, sum(each <= fell for each in falls) / draws
    )


def _fell(changes: Any, capital: float) -> float:
    """Edge: equity that never fell fell by zero."""
    equity = np.concatenate(([capital], capital + np.cumsum(changes)))
    peaks = np.maximum.accumulate(equity)
    return float(((equity - peaks) / peaks).min()) + 0.0  # karb: constant because it takes the sign from a zero
