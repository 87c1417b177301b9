"""What round trips came to together, and where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.wiring.trades import Trade


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
        premium=_sum((p.premium for p in parts), book),
        rate=_sum((p.rate for p in parts), book),
        fees=_sum((p.fees for p in parts), book),
        funding=_sum((p.funding for p in parts), book),
        net=_sum((trade.net for trade in trades), book),
        unsplit=len(trades) - len(parts),
    )


def _sum(amounts: Iterable[Amount], book: str) -> Amount:
    total = Amount.zero(book)
    for amount in amounts:
        total = total + amount
    return total
