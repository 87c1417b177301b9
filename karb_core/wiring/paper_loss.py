"""The worst a position looked while it was open."""

from __future__ import annotations

from decimal import Decimal

from karb_core.engine.books import ClosedLot
from karb_core.history.pair_columns import PairColumns
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.trades import trades_of

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_STEP = Decimal("0.0001")  # karb: constant because it is a step of display


def worst_paper_loss(run: Backtest) -> Decimal | None:
    """In points of premium against the entry, at bar closes, costs and funding apart, below zero; None without trades.

    A figure to look at: it is made from float columns and decides nothing.
    """
    worst: Decimal | None = None
    for closed in run.desk.books.closed:
        rows = run.pairs[closed.lot.pair]
        entered = trades_of([closed], run.strategy.terms.book)[0].entry_premium
        if entered is None or "premium" not in rows.features:
            continue
        loss = _loss(rows.columns, rows.features["premium"], closed, entered)
        worst = loss if worst is None or loss < worst else worst
    return worst


def _loss(columns: PairColumns, premium: object, closed: ClosedLot, entered: Decimal) -> Decimal:
    first = int(columns.closed_at_ms.searchsorted(closed.lot.opened_at_ns // _NS))
    stop = int(columns.closed_at_ms.searchsorted(closed.closed_at_ns // _NS, side="right"))
    seen = premium[first:stop][columns.whole[first:stop]]  # type: ignore[index]
    if not len(seen):
        return Decimal(0)
    extreme = int(seen.max()) if closed.lot.side == "short_premium" else int(seen.min())
    sign = -1 if closed.lot.side == "short_premium" else 1
    # karb: constant because premium columns are in units of 1e-8
    return min(sign * (Decimal(extreme).scaleb(-8) - entered), Decimal(0)).quantize(_STEP)
