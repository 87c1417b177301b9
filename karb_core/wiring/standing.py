"""How a strategy stands, by what its ledger says: what is halted, told, open and under way, and what was decided last."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.lots import Lot
from karb_core.ledger import reading
from karb_core.ledger.commands import COMMANDS, Command
from karb_core.ledger.decisions import Written
from karb_core.ledger.halts import Halted
from karb_core.ledger.lease import Held, held
from karb_core.ledger.leases import LEASES
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Lived
from karb_core.ledger.telling import waiting
from karb_core.wiring.kept_lots import kept_lots
from karb_core.wiring.standing_halts import standing_halts
from karb_core.wiring.under_way import UnderWay, under_way
from karb_core.wiring.whose_books import Books


@dataclass(frozen=True, slots=True)
class PairStands:
    """`uneven`: as `KeptLots`. The last decision is one to do something; a refusal stands apart."""

    pair: str
    lots: tuple[Lot, ...]
    uneven: dict[str, tuple[Amount, ...]]
    last: Written | None
    refused: Written | None


@dataclass(frozen=True, slots=True)
class Stands:
    """One strategy. `told`: what the owner told it and no desk took yet."""

    strategy: str
    lived: Lived
    halted: tuple[Halted, ...]
    told: tuple[Command, ...]
    pairs: tuple[PairStands, ...]
    under_way: tuple[UnderWay, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All strategies of an account, looked at `now_ns`. `until_ns`: up to when ages count (`known_until`)."""

    ledger: str
    books: Books
    holder: Held | None
    stands: tuple[Stands, ...]
    now_ns: int
    until_ns: int


def standing(ledger: Ledger, books: Books, strategy: str) -> Stands:
    """Errors: `LedgerUnusable`."""
    whose = Whose(books.account, strategy)
    told = waiting(ledger, books.account) if ledger.has(COMMANDS) else []
    return Stands(
        strategy,
        books.last(strategy),
        tuple(standing_halts(ledger, books.account, strategy)),
        tuple(command for command in told if command.strategy in (None, strategy)),
        tuple(_pairs(ledger, whose)),
        tuple(under_way(ledger, whose)),
    )


def holder(ledger: Ledger, account: str) -> Held | None:
    """Who has or had the account; None where nobody ever, or where no ledger knew it yet."""
    return held(ledger, account) if ledger.has(LEASES) else None


def known_until(ledger: Ledger, books: Books, now_ns: int) -> int:
    """Up to when ages count: now, or over recorded data as far as they were run. Unit: ns of UTC."""
    last = books.runs[-1]
    if not books.replayed:
        return now_ns
    if last.ended == "done" and last.run.until_ns is not None:
        return last.run.until_ns
    # karb: constant because data of which nothing was decided have no age yet
    began_ns = last.run.from_ns or 0
    return max([began_ns, *(d.last_at_ns for d in reading.decisions(ledger, books.whose))])


def _pairs(ledger: Ledger, whose: Whose) -> list[PairStands]:
    """Those of which anything was ever decided, in the order of their names."""
    last: dict[str, Written] = {}
    refused: dict[str, Written] = {}
    for decision in reading.decisions(ledger, whose):
        if decision.kind is DecisionKind.REMINDER:
            continue
        by = refused if decision.kind is DecisionKind.REFUSAL else last
        if decision.pair not in by or decision.last_at_ns >= by[decision.pair].last_at_ns:
            by[decision.pair] = decision
    kept = kept_lots(ledger, whose)
    out = []
    for pair in sorted({*last, *refused}):
        lots = tuple(lot for lot in kept.open if lot.pair == pair)
        uneven = {lot.id: kept.uneven[lot.id] for lot in lots if lot.id in kept.uneven}
        out.append(PairStands(pair, lots, uneven, last.get(pair), refused.get(pair)))
    return out
