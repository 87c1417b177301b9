"""The rows of one account as values, each with its place; a row that says nothing readable is a violation itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Table, select

from karb_core.domain import exact
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.ledger import decisions, fill_shares, fills, incomes, lots, orders, outcomes
from karb_core.ledger.checks.violation import Placed, Violation
from karb_core.ledger.columns import Row
from karb_core.ledger.decisions import Written
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import RUNS
from karb_core.ports.journal import Booked
from karb_core.texts.text import Text

T = TypeVar("T")

#: A fill's place, and what one lot has of it.
Share = tuple[tuple[int, int], str, Decimal]

_AT_ONCE = 1000  # rows fetched together; nothing that is read depends on it

# Of these a row's reader raises one when a column says what it cannot say.
UNREADABLE = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError)


@dataclass(slots=True)
class AccountBooks:
    """Everything that an account's runs wrote, in the order of writing. Answers of unknown orders are not in it."""

    runs: dict[str, Row]
    decisions: list[Placed[Written]] = field(default_factory=list)
    orders: list[Placed[Order]] = field(default_factory=list)
    outcomes: list[Placed[Outcome]] = field(default_factory=list)
    fills: list[Placed[Fill]] = field(default_factory=list)
    shares: list[Placed[Share]] = field(default_factory=list)
    incomes: list[Placed[Booked]] = field(default_factory=list)
    lots: list[Placed[Lot]] = field(default_factory=list)
    astray: list[Violation] = field(default_factory=list)
    unreadable: list[Violation] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many could be read."""
        answers = len(self.outcomes) + len(self.astray)
        traded = len(self.orders) + answers + len(self.fills) + len(self.shares)
        return len(self.decisions) + traded + len(self.incomes) + len(self.lots)

    def shares_of(self) -> dict[tuple[int, int], list[Placed[Share]]]:
        """By the place of their fill."""
        found: dict[tuple[int, int], list[Placed[Share]]] = {}
        for share in self.shares:
            found.setdefault(share.at, []).append(share)
        return found


def read_books(connection: Connection, account: str) -> AccountBooks:
    asked = select(RUNS).where(RUNS.c.account == account).order_by(RUNS.c.number)
    books = AccountBooks({row["run_id"]: dict(row) for row in connection.execute(asked).mappings()})

    def read(table: Table, reader: Callable[[Row], T]) -> list[Placed[T]]:
        return list(_placed(connection, account, table, reader, books))

    books.decisions = read(decisions.DECISIONS, decisions.read)
    books.orders = read(orders.ORDERS, orders.read)
    known = {placed.value.id: placed.value for placed in books.orders}
    for told in read(outcomes.OUTCOMES, dict):
        order = known.get(told.value["order_id"])
        if order is None:
            books.astray.append(told.broken(Text("broken.no_order", {"order": told.value["order_id"]})))
        else:
            books.outcomes += _one(told, partial(outcomes.read, order=order), books)
    books.fills = read(fills.FILLS, fills.read)
    books.shares = read(fill_shares.FILL_SHARES, _share(books.runs))
    books.incomes = read(incomes.INCOMES, incomes.read)
    books.lots = read(lots.LOTS, lots.read)
    return books


def _placed(
    connection: Connection, account: str, table: Table, reader: Callable[[Row], T], books: AccountBooks
) -> Iterator[Placed[T]]:
    asked = Whose(account).asked(table).execution_options(yield_per=_AT_ONCE)
    for found in connection.execute(asked).mappings():
        row = dict(found)
        at = (books.runs[row["run_id"]]["number"], row["ordinal"])
        yield from _one(Placed(table.name, row["run_id"], at, row["strategy"], row), reader, books)


def _one(row: Placed[Row], reader: Callable[[Row], T], books: AccountBooks) -> Iterator[Placed[T]]:
    try:
        yield Placed(row.table, row.run_id, row.at, row.strategy, reader(row.value))
    except UNREADABLE as error:
        said = {"why": f"{type(error).__name__}: {' '.join(str(error).split())}"}
        books.unreadable.append(row.broken(Text("broken.unreadable", said)))


def _share(runs: dict[str, Row]) -> Callable[[Row], Share]:
    def read(row: Row) -> Share:
        return (runs[row["run_id"]]["number"], row["ordinal"]), row["lot_id"], exact.finite(Decimal(row["amount"]))

    return read
