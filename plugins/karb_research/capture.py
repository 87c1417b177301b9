"""How much of what the premium offered each tier took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.premium import Direction
from karb_core.domain.trade import Trade
from karb_research.premiums import Premiums


@dataclass(frozen=True, slots=True)
class Capture:
    """Of one tier's trades, in points of premium (0.01 is 1 %). taken: what the premium moved for us between entry and
    exit, as traded, added up; offered: the best it had moved for us by any close of a bar in between, at least what was
    taken; ratio: taken over offered, below zero where it moved against us, None where nothing was ever offered.

    Edge: trades that are no premium's are left out. Source: our own (docs/reference/metrics.md).
    """

    trades: int
    taken: Decimal
    offered: Decimal

    @property
    def ratio(self) -> float | None:
        return float(self.taken) / float(self.offered) if self.offered > 0 else None


def capture_by_tier(trades: Sequence[Trade], premiums: Mapping[str, Premiums]) -> dict[str | None, Capture]:
    """By tier, in the order in which each first ended a trade. `premiums`: by pair, on the basis that judged."""
    out: dict[str | None, Capture] = {}
    for trade in trades:
        if trade.entry_premium is None or trade.exit_premium is None:
            continue
        sign = Direction(trade.lot.side).sign
        taken = exact.mul(sign, exact.sub(trade.exit_premium, trade.entry_premium))
        best = premiums[trade.lot.pair].best(sign, trade.lot.opened_at_ns, trade.closed_at_ns)
        offered = taken if best is None else max(taken, exact.mul(sign, exact.sub(best, trade.entry_premium)))
        so_far = out.get(trade.lot.tier, Capture(0, Decimal(0), Decimal(0)))
        offered_all = exact.add(so_far.offered, max(offered, Decimal(0)))
        out[trade.lot.tier] = Capture(so_far.trades + 1, exact.add(so_far.taken, taken), offered_all)
    return out
