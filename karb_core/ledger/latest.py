"""The latest rows of somebody's books, the newest first, and no more of them than are asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, select

from karb_core.domain.orders import Order, Outcome
from karb_core.ledger import orders as order_rows
from karb_core.ledger import outcomes as outcome_rows
from karb_core.ledger.columns import Row
from karb_core.ledger.decisions import DECISIONS, Written
from karb_core.ledger.decisions import read as read_decision
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.notices import NOTICES
from karb_core.ledger.orders import ORDERS
from karb_core.ledger.outcomes import OUTCOMES
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import RUNS


def latest_decisions(ledger: Ledger, whose: Whose, most: int) -> list[Written]:
    return [read_decision(row) for row in _latest(ledger, whose, DECISIONS, most)]


def latest_notices(ledger: Ledger, whose: Whose, most: int) -> list[Row]:
    """As they are written."""
    return _latest(ledger, whose, NOTICES, most)


def latest_orders(ledger: Ledger, whose: Whose, most: int) -> list[tuple[Order, int, tuple[tuple[Outcome, int], ...]]]:
    """Each with when it was written, and all answers about it in the order in which they came."""
    written = [(order_rows.read(row), int(row["at_ns"])) for row in _latest(ledger, whose, ORDERS, most)]
    known = {order.id: order for order, _ in written}
    answers: dict[str, list[tuple[Outcome, int]]] = {}
    asked = select(OUTCOMES).join(RUNS, RUNS.c.run_id == OUTCOMES.c.run_id).where(OUTCOMES.c.order_id.in_(known))
    with ledger.reading() as connection:
        ordered = asked.order_by(RUNS.c.number, *OUTCOMES.primary_key.columns.values()[1:])
        for row in connection.execute(ordered).mappings():
            told = outcome_rows.read(dict(row), known[row["order_id"]])
            answers.setdefault(told.order.id, []).append((told, int(row["at_ns"])))
    return [(order, at_ns, tuple(answers.get(order.id, ()))) for order, at_ns in written]


def _latest(ledger: Ledger, whose: Whose, table: Table, most: int) -> list[Row]:
    columns: list[Any] = [RUNS.c.number, *table.primary_key.columns.values()[1:]]
    asked = whose.asked(table).order_by(None).order_by(*(column.desc() for column in columns)).limit(most)
    with ledger.reading() as connection:
        return [dict(row) for row in connection.execute(asked).mappings()]
