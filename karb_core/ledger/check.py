"""Proving a whole ledger: each thing that must hold, how often it was looked at, and every row that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from karb_core.ledger.checks import of_decisions, of_holdings, of_lots, of_orders, of_rows
from karb_core.ledger.checks.account_books import AccountBooks, read_books
from karb_core.ledger.checks.violation import Violation
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import RUNS

_Proof = Callable[[AccountBooks], Iterator[Violation | None]]

#: In the order in which they are told. A proof yields once for each thing that it looks at.
_OF_BOOKS: dict[str, _Proof] = {
    "readable": lambda books: iter([*books.unreadable, *[None] * books.rows]),
    "decisions": of_decisions.digests,
    "refusals": of_decisions.refusals,
    "orders": of_orders.approved,
    "ids": of_orders.ids,
    "answers": of_orders.answers,
    "fills": of_orders.fills,
    "shares": of_lots.shares,
    "lots": of_lots.lots,
    "incomes": of_lots.incomes,
    "holdings": of_holdings.holdings,
}


@dataclass(frozen=True, slots=True)
class Proved:
    """One thing that must hold, by its name; how many were looked at; what breaks it."""

    name: str
    count: int
    broken: tuple[Violation, ...]


def check(ledger: Ledger) -> list[Proved]:
    """All of one state of the ledger, whoever writes to it meanwhile. Errors: `LedgerUnusable`."""
    found: dict[str, list[Violation | None]] = {}
    # An older ledger that is only read lacks what came later.
    written = [table for table in of_rows.WRITTEN if ledger.has(table)]
    with ledger.reading() as connection:
        found["belong"] = list(of_rows.belong(connection, written))
        found["numbered"] = list(of_rows.numbered(connection, written))
        found["rulebooks"] = list(of_rows.rulebooks(connection))
        asked = select(RUNS.c.account).group_by(RUNS.c.account).order_by(RUNS.c.account)
        for account in list(connection.execute(asked).scalars()):
            books = read_books(connection, account)
            for name, prove in _OF_BOOKS.items():
                found.setdefault(name, []).extend(prove(books))
    return [_proved(name, found.get(name, [])) for name in ("belong", "numbered", "rulebooks", *_OF_BOOKS)]


def _proved(name: str, looked_at: list[Violation | None]) -> Proved:
    return Proved(name, len(looked_at), tuple(v for v in looked_at if v is not None))
