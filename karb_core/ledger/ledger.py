"""A ledger that is open: transactions on it, and the beginning of runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, select

from karb_core.errors import LedgerUnusable
from karb_core.ledger import runs, version
from karb_core.ledger.connect import WRITES, connect
from karb_core.ledger.journal import LedgerJournal
from karb_core.ledger.migrate import migrate
from karb_core.ledger.runs import RUNS, Run
from karb_core.ledger.unusable import refused, told
from karb_core.texts.text import Text

_WAIT_S = 5.0  # karb: constant because it waits for other programs, and nothing that is decided depends on it


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger. `name` is what the owner calls it, `version` the shape it has: an older one only where it is read.

    Errors: everything here raises `LedgerUnusable` and no other.
    """

    name: str
    engine: Engine
    version: str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the ledger, however long it is read."""
        with told(self.name), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield connection

    @contextmanager
    def frozen(self) -> Iterator[Ledger]:
        """The same ledger, to be read as it is now, whatever is asked of it and whoever writes meanwhile."""
        with self.reading() as connection:
            yield _Frozen(self.name, self.engine, self.version, connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of it durable when the block is left, or none of it."""
        with (
            told(self.name),
            self.engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def has(self, table: Table) -> bool:
        """False for an older ledger, only read, from before there was such a table."""
        return table in version.tables(self.version)

    def need(self, table: Table) -> None:
        """Errors: `LedgerUnusable` if this is an older ledger, only read, from before there was such a table."""
        if not self.has(table):
            args = {"name": self.name, "found": self.version, "needed": version.since(table)}
            raise LedgerUnusable(Text("ledger.older", args), Text("ledger.older_help"))

    def begin(self, run: Run, started_at_ns: int, *, batch_rows: int | None = None) -> LedgerJournal:
        """The journal of a run, whose row is durable. `journal.run` is the run, under an id that is not used yet.

        Without `batch_rows` the journal writes off the event loop, and `durable` waits for it. With it, rows are
        written in the caller's thread whenever so many wait, and when the run ends: a kill may lose the last of them.
        """
        with self.writing() as connection:
            taken, times = run, 1
            while connection.execute(select(RUNS.c.number).where(RUNS.c.run_id == taken.id)).first() is not None:
                times += 1
                taken = run.again(times)
            connection.execute(RUNS.insert(), runs.row(taken, started_at_ns))
        return LedgerJournal(self.writing, taken, batch_rows=batch_rows)

    def close(self) -> None:
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class _Frozen(Ledger):
    connection: Connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with told(self.name):
            yield self.connection


def open_ledger(
    where: str | Path, *, read_only: bool = False, wait_s: float = _WAIT_S, max_pages: int | None = None
) -> Ledger:
    """A ledger by the path of its file or by URL; a new one is made in its newest shape, an older one carried on to it.

    read_only: for whoever only looks; makes none and changes none. wait_s: how long another's transaction is waited for.
    max_pages: the most pages an SQLite file may grow to, None for as many as the disk takes.
    Errors: `LedgerUnusable` if it cannot be read, or (unless read_only) not be written.
    """
    engine, name = connect(where, wait_s=wait_s, read_only=read_only, max_pages=max_pages)
    ledger = Ledger(name, engine, version.HEAD)
    try:
        return replace(ledger, version=_need_shape(ledger, read_only))
    except BaseException:
        ledger.close()
        raise


def _need_shape(ledger: Ledger, read_only: bool) -> str:
    """The version that the ledger has now. One that is only read stays as it is."""
    with ledger.reading() as connection:
        there = version.found(connection, ledger.name)
    if read_only:
        if there is None:
            raise refused("missing", ledger.name)
        return there
    with ledger.writing() as connection:
        # Asked again: another process may have made it in between. A ledger that cannot be written fails here.
        if there is None and version.found(connection, ledger.name) is None:
            version.create(connection)
        elif there != version.HEAD:
            migrate(connection, ledger.name, ledger.engine)
    if ledger.engine.dialect.name == "sqlite":
        # Not before the file is known to be ours: the mode is written into the file.
        with told(ledger.name), ledger.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA journal_mode = WAL")
    return version.HEAD
