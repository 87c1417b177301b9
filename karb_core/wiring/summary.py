"""What a run came to, as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.exact import Rounding, divide
from karb_core.domain.trade import Trade
from karb_core.ledger.decisions import Written
from karb_core.wiring.earned import earned

_FUNDS = "/balances/"
_SHOWN = Decimal("0.0001")  # karb: constant because it is a step of display


@dataclass(frozen=True, slots=True)
class Summary:
    """Money in the book asset. `refusals`: by the line that denied, episodes counted once; `starved`: entries that
    were denied for want of money, by tier and side; `open_lots`: what the run ended with."""

    trades: int
    by_side: dict[str, int]
    by_tier: dict[str, int]
    premium: Amount
    rate: Amount
    fees: Amount
    funding: Amount
    net: Amount
    drawdown: Decimal
    longest_ns: int
    worst_loss: Decimal | None
    refusals: dict[str, int]
    starved: dict[str, int]
    open_lots: int


def summary_of(
    trades: list[Trade], decided: Iterable[Written], open_lots: int, capital: Amount, worst_loss: Decimal | None,
    longest_open_ns: int,
) -> Summary:  # fmt: skip
    """decided: the run's decisions as its ledger has them, a refusal that went on counted once."""
    book = capital.asset
    sums = earned(trades, book)
    gates: Counter[str] = Counter()
    starved: Counter[str] = Counter()
    for decision in decided:
        if decision.kind is not DecisionKind.REFUSAL:
            continue
        rules = {str(denied["rule"]) for denied in decision.document()["denied"]}
        gates.update(rules)
        if any(rule.startswith(_FUNDS) for rule in rules):
            starved[f"{decision.tier or '·'} {decision.side}"] += 1
    return Summary(
        trades=len(trades),
        by_side=dict(Counter(trade.lot.side for trade in trades)),
        by_tier=dict(Counter(trade.lot.tier or "·" for trade in trades)),
        premium=sums.premium,
        rate=sums.rate,
        fees=sums.fees,
        funding=sums.funding,
        net=sums.net,
        drawdown=_drawdown(trades, capital),
        longest_ns=max([longest_open_ns, *(trade.held_ns for trade in trades)], default=0),
        worst_loss=worst_loss,
        refusals=dict(gates),
        starved=dict(starved),
        open_lots=open_lots,
    )


def _drawdown(trades: list[Trade], capital: Amount) -> Decimal:
    """The deepest fall of booked results below their highest point, as a ratio of the capital; at trade ends."""
    total = peak = deepest = Amount.zero(capital.asset)
    for trade in trades:
        total = total + trade.net
        peak = max(peak, total)
        deepest = max(deepest, peak - total)
    return divide(deepest.value, capital.value, _SHOWN, Rounding.HALF_EVEN)
