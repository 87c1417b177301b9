"""Rows of some runs from one ledger into another, as they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from karb_core.ledger import version
from karb_core.ledger.ledger import Ledger

_AT_ONCE = 1000  # rows fetched together; nothing that is written depends on it


def copy_runs(ledger: Ledger, run_ids: Sequence[str], into: Ledger) -> None:
    """Everything that these runs wrote, the runs themselves included; `into` has none of them yet.

    What processes say to each other (commands, leases) is no run's, and stays. Errors: `LedgerUnusable`.
    """
    if not run_ids:
        return
    with ledger.reading() as reads, into.writing() as writes:
        for table in version.tables(ledger.version):
            if "run_id" not in table.columns:
                continue
            asked = select(table).where(table.c.run_id.in_(run_ids)).order_by(*table.primary_key.columns)
            found = reads.execute(asked.execution_options(yield_per=_AT_ONCE)).mappings()
            for rows in found.partitions():
                writes.execute(table.insert(), [dict(row) for row in rows])
