"""What was found out of points: a table of its own, which is no book. What is lost of it is only found out again.

It stands in an SQLite file of its own, or beside anything in a PostgreSQL database. Its rows are never changed; another
shape would be another table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, Table, Text, select

from karb_core.ledger.connect import WRITES, connect
from karb_core.ledger.unusable import told

_WAIT_S = 30.0  # karb: constant because it waits for other programs, and nothing that is decided depends on it
_AT_ONCE = 500  # karb: constant because databases bound how many values one question has

POINTS = Table("sweep_points", MetaData(), Column("key", Text, primary_key=True), Column("told", Text, nullable=False))


@dataclass(frozen=True, slots=True)
class PointStore:
    """`ports.KeptPoints`. `name` is what the owner calls it."""

    name: str
    engine: Engine

    def found(self, keys: Sequence[str]) -> dict[str, str]:
        """Errors: `LedgerUnusable`."""
        out: dict[str, str] = {}
        with told(self.name), self.engine.begin() as connection:
            for part in _parts(keys):
                asked = select(POINTS.c.key, POINTS.c.told).where(POINTS.c.key.in_(part))
                out |= {row.key: row.told for row in connection.execute(asked)}
        return out

    def keep(self, told_by_key: dict[str, str]) -> None:
        """All of it durable, or none. Edge: another process may have kept the same meanwhile: theirs stays.

        Errors: `LedgerUnusable`.
        """
        if not told_by_key:
            return
        with (
            told(self.name),
            self.engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            insert = POINTS.insert().prefix_with("OR IGNORE", dialect="sqlite")
            if connection.dialect.name == "postgresql":
                from sqlalchemy.dialects.postgresql import insert as insert_or_not

                connection.execute(insert_or_not(POINTS).on_conflict_do_nothing(), _values(told_by_key))
            else:
                connection.execute(insert, _values(told_by_key))

    def close(self) -> None:
        self.engine.dispose()


def open_point_store(where: str | Path) -> PointStore:
    """By the path of a file or by URL; made where it is not there. Errors: `LedgerUnusable`."""
    engine, name = connect(where, wait_s=_WAIT_S, read_only=False, max_pages=None)
    store = PointStore(name, engine)
    try:
        with told(name), engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            POINTS.create(connection, checkfirst=True)
    except BaseException:
        store.close()
        raise
    return store


def _values(told_by_key: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "told": each} for key, each in told_by_key.items()]


def _parts(keys: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
