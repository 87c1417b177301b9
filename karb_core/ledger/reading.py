"""Reading a ledger's rows back, in the order in which they were written: run after run, each in its own order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Table, select

from karb_core.domain.amount import Amount
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Fill, Order, Outcome
from karb_core.ledger import decisions as decision_rows
from karb_core.ledger import fills as fill_rows
from karb_core.ledger import halts as halt_rows
from karb_core.ledger import incomes as income_rows
from karb_core.ledger import lots as lot_rows
from karb_core.ledger import orders as order_rows
from karb_core.ledger import outcomes as outcome_rows
from karb_core.ledger import runs as run_rows
from karb_core.ledger import sendings as sending_rows
from karb_core.ledger.columns import Row
from karb_core.ledger.decisions import Written
from karb_core.ledger.fill_shares import FILL_SHARES
from karb_core.ledger.halts import Halted
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.rulebooks import RULEBOOKS
from karb_core.ledger.runs import RUNS, Lived, Run
from karb_core.ledger.sendings import Sending
from karb_core.ports.journal import Booked

_AT_ONCE = 1000  # rows fetched together; nothing that is read depends on it

#: A fill, and how much of its base, signed, each lot has of it.
Shared = tuple[Fill, tuple[tuple[str, Amount], ...]]


@dataclass(frozen=True, slots=True)
class Whose:
    """Which rows: of one account's books, and there of one strategy or one run where these are named."""

    account: str
    strategy: str | None = None
    run_id: str | None = None

    @classmethod
    def of(cls, run: Run) -> Whose:
        """All that the run's strategy has in the run's books, from earlier runs too."""
        return cls(run.account, run.strategy)

    def rows(self, ledger: Ledger, table: Table) -> Iterator[Row]:
        yield from _read(ledger, self.asked(table))

    def asked(self, table: Table) -> Select[Any]:
        """The question for these rows of one table."""
        # Asked of the few runs, so that the rows are found by their key and come in its order.
        asked = select(table).join(RUNS, RUNS.c.run_id == table.c.run_id).where(RUNS.c.account == self.account)
        if self.strategy is not None:
            asked = asked.where(RUNS.c.strategy == self.strategy)
        if self.run_id is not None:
            asked = asked.where(RUNS.c.run_id == self.run_id)
        return asked.order_by(RUNS.c.number, *table.primary_key.columns.values()[1:])


def runs(ledger: Ledger) -> Iterator[Run]:
    """Every run, in the order in which they began."""
    return (run_rows.read(row) for row in _read(ledger, select(RUNS).order_by(RUNS.c.number)))


def lived(ledger: Ledger) -> Iterator[Lived]:
    """As `runs`, with when each was there."""
    return (run_rows.read_lived(row) for row in _read(ledger, select(RUNS).order_by(RUNS.c.number)))


def rulebook(ledger: Ledger, rules_digest: str) -> str | None:
    """The text of a strategy file with these rules, as it was first written down; None where none was."""
    asked = (
        select(RULEBOOKS)
        .join(RUNS, RUNS.c.run_id == RULEBOOKS.c.run_id)
        .where(RULEBOOKS.c.rules_digest == rules_digest)
    )
    found = list(_read(ledger, asked.order_by(RUNS.c.number, RULEBOOKS.c.ordinal).limit(1)))
    return str(found[0]["source"]) if found else None


def decisions(ledger: Ledger, whose: Whose) -> Iterator[Written]:
    return map(decision_rows.read, whose.rows(ledger, decision_rows.DECISIONS))


def orders(ledger: Ledger, whose: Whose) -> Iterator[tuple[Order, int]]:
    """Each with when it was written."""
    return ((order_rows.read(row), int(row["at_ns"])) for row in whose.rows(ledger, order_rows.ORDERS))


def sendings(ledger: Ledger, whose: Whose) -> Iterator[Sending]:
    """None of what was sent before ledgers kept it."""
    if ledger.has(sending_rows.SENDINGS):
        yield from map(sending_rows.read, whose.rows(ledger, sending_rows.SENDINGS))


def outcomes(ledger: Ledger, whose: Whose) -> Iterator[tuple[Outcome, int]]:
    """Each with when it came. Errors: KeyError for an answer about an order that was never written."""
    known = {order.id: order for order, _ in orders(ledger, Whose(whose.account))}
    for row in whose.rows(ledger, outcome_rows.OUTCOMES):
        yield outcome_rows.read(row, known[row["order_id"]]), int(row["at_ns"])


def fills(ledger: Ledger, whose: Whose) -> Iterator[Shared]:
    shares: dict[tuple[str, int], list[tuple[str, Decimal]]] = {}
    for row in whose.rows(ledger, FILL_SHARES):
        shares.setdefault((row["run_id"], row["ordinal"]), []).append((row["lot_id"], Decimal(row["amount"])))
    for row in whose.rows(ledger, fill_rows.FILLS):
        fill = fill_rows.read(row)
        mine = shares.get((row["run_id"], row["ordinal"]), [])
        yield fill, tuple((lot_id, fill.instrument.amount(amount)) for lot_id, amount in mine)


def incomes(ledger: Ledger, whose: Whose) -> Iterator[Booked]:
    return map(income_rows.read, whose.rows(ledger, income_rows.INCOMES))


def opened_lots(ledger: Ledger, whose: Whose) -> Iterator[Lot]:
    """Each before its first fill."""
    return map(lot_rows.read, whose.rows(ledger, lot_rows.LOTS))


def halts(ledger: Ledger, whose: Whose) -> Iterator[Halted]:
    return map(halt_rows.read, whose.rows(ledger, halt_rows.HALTS))


def _read(ledger: Ledger, asked: Select[Any]) -> Iterator[Row]:
    with ledger.reading() as connection:
        for row in connection.execute(asked.execution_options(yield_per=_AT_ONCE)).mappings():
            yield dict(row)
