"""The worst a position looked while it was open."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.lots import Lot
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.pair_rows import PairRows
from karb_core.wiring.trades import entry_premium

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_STEP = Decimal("0.0001")  # karb: constant because it is a step of display


def worst_paper_loss(run: Backtest) -> Decimal | None:
    """In points of premium against the entry, at bar closes, costs and funding apart, below zero; None without a lot.

    Of lots that ended and of those that are still open: what nobody left is where the worst of it stands. A figure to
    look at: it is made from float columns and decides nothing.
    """
    books = run.desk.books
    held = [(one.lot, one.closed_at_ns) for one in books.closed]
    held += [(lot, run.span[1] * _NS) for lot in books.open_lots()]
    losses = (_loss_of(run.pairs[lot.pair], lot, until_ns) for lot, until_ns in held)
    return min((loss for loss in losses if loss is not None), default=None)


def _loss_of(rows: PairRows, lot: Lot, until_ns: int) -> Decimal | None:
    entered = entry_premium(lot)
    if entered is None or "premium" not in rows.features:
        return None
    columns, premium = rows.columns, rows.features["premium"]
    first = int(columns.closed_at_ms.searchsorted(lot.opened_at_ns // _NS))
    stop = int(columns.closed_at_ms.searchsorted(until_ns // _NS, side="right"))
    seen = premium[first:stop][columns.whole_in(slice(first, stop))]
    if not len(seen):
        return Decimal(0)
    extreme = int(seen.max()) if lot.side == "short_premium" else int(seen.min())
    sign = -1 if lot.side == "short_premium" else 1
    # karb: constant because premium columns are in units of 1e-8
    return min(sign * (Decimal(extreme).scaleb(-8) - entered), Decimal(0)).quantize(_STEP)
