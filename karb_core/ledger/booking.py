"""Booking: new rows are written, rows that are there already change nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Insert, Table, select

from karb_core.errors import LedgerUnusable
from karb_core.ledger.columns import Row
from karb_core.texts.text import Text


def book(connection: Connection, table: Table, rows: Sequence[Row]) -> frozenset[int]:
    """Writes rows of one run. Returns the ordinals of those that named what is booked already.

    Errors: `LedgerUnusable` if one names what is booked, and says something else of it: one of both would be lost.
    """
    if not rows:
        return frozenset()
    written = connection.execute(_new_only(connection, table), rows, execution_options={"preserve_rowcount": True})
    if written.rowcount == len(rows) or "key" not in table.info:
        return frozenset()
    return frozenset(row["ordinal"] for row in rows if _was_booked(connection, table, row))


def _new_only(connection: Connection, table: Table) -> Insert:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).on_conflict_do_nothing()


def _was_booked(connection: Connection, table: Table, row: Row) -> bool:
    key, facts = table.info["key"], table.info["facts"]
    same = [table.c[column] == row[column] for column in key]
    found = connection.execute(select(table).where(*same)).mappings().one()
    if any(found[column] != row[column] for column in facts):
        what = " ".join(str(row[column]) for column in key if column != "account")
        raise LedgerUnusable(
            Text("ledger.contradiction", {"table": table.name, "what": what}),
            Text("ledger.contradiction_help"),
        )
    return (found["run_id"], found["ordinal"]) != (row["run_id"], row["ordinal"])
