"""What round trips came to together, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.domain.trade import Trade


@dataclass(frozen=True, slots=True)
class Earned:
    """Sums in the book asset, exact. Of trades that are no premium's only `net` is known: `unsplit` of them."""

    trades: int
    premium: Amount
    rate: Amount
    fees: Amount
    funding: Amount
    net: Amount
    unsplit: int


def earned(trades: Sequence[Trade], book: str) -> Earned:
    parts = [trade.split for trade in trades if trade.split is not None]
    return Earned(
        trades=len(trades),
        premium=Amount.total((p.premium for p in parts), book),
        rate=Amount.total((p.rate for p in parts), book),
        fees=Amount.total((p.fees for p in parts), book),
        funding=Amount.total((p.funding for p in parts), book),
        net=Amount.total((trade.net for trade in trades), book),
        unsplit=len(trades) - len(parts),
    )
