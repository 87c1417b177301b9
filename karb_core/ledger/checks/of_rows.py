"""What holds of rows of any table: each belongs to a run, and what a run wrote is numbered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Table, or_, select

from karb_core.domain import canonical
from karb_core.ledger.checks.violation import Violation
from karb_core.ledger.columns import TABLES
from karb_core.ledger.fill_shares import FILL_SHARES
from karb_core.ledger.rulebooks import RULEBOOKS
from karb_core.ledger.runs import RUNS
from karb_core.texts.text import Text

#: The tables whose rows a run writes.
WRITTEN = [table for table in TABLES.sorted_tables if "ordinal" in table.c]


def belong(connection: Connection, tables: Sequence[Table] = WRITTEN) -> Iterator[Violation | None]:
    for table in tables:
        both = table.outerjoin(RUNS, RUNS.c.run_id == table.c.run_id)
        strays = or_(RUNS.c.run_id.is_(None), RUNS.c.strategy != table.c.strategy, RUNS.c.account != table.c.account)
        asked = select(table.c.run_id, table.c.ordinal, strays.label("stray")).select_from(both)
        for run_id, ordinal, stray in connection.execute(asked.order_by(table.c.run_id, table.c.ordinal)):
            yield Violation(table.name, run_id, ordinal, Text("broken.stray")) if stray else None


def numbered(connection: Connection, tables: Sequence[Table] = WRITTEN) -> Iterator[Violation | None]:
    """Once over all tables. Without gaps where a run has books of its own: in books that runs share, what is told
    again is numbered and not written again. Shares have the number of their fill."""
    rules = set(connection.execute(select(RULEBOOKS.c.rules_digest)).scalars())
    for run in connection.execute(select(RUNS).order_by(RUNS.c.number)).mappings():
        # A text of rules that an earlier run brought is numbered by this one too, and not written again.
        first = 1 if run["rules_digest"] in rules else 0
        yield from _of_run(connection, run["run_id"], first if run["account"] == run["run_id"] else None, tables)


def rulebooks(connection: Connection) -> Iterator[Violation | None]:
    """The text of the owner's rules is the text that ran."""
    for found in connection.execute(select(RULEBOOKS).order_by(RULEBOOKS.c.run_id)).mappings():
        fine = canonical.digest_of_text(found["source"]) == found["source_digest"]
        said = Text("broken.decision", {"column": "source_digest"})
        yield None if fine else Violation("rulebooks", found["run_id"], found["ordinal"], said)


def _of_run(
    connection: Connection, run_id: str, first: int | None, tables: Sequence[Table]
) -> Iterator[Violation | None]:
    """first: the lowest number that cannot be missing; None where any may."""
    seen: dict[int, str] = {}
    for table in tables:
        if table is FILL_SHARES:
            continue
        for ordinal in _ordinals(connection, table, run_id):
            twice = seen.setdefault(ordinal, table.name)
            said = Text("broken.numbered_twice", {"other": twice})
            yield Violation(table.name, run_id, ordinal, said) if twice != table.name else None
    if first is not None:
        missing = set(range(first, max(seen, default=0))) - seen.keys()
        for ordinal in sorted(missing):
            yield Violation("runs", run_id, ordinal, Text("broken.missing"))


def _ordinals(connection: Connection, table: Table, run_id: str) -> list[int]:
    asked = select(table.c.ordinal).where(table.c.run_id == run_id).order_by(table.c.ordinal)
    return list(connection.execute(asked).scalars())
