"""Carrying an older ledger on to the newest version: a copy of the file first, then all of it in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from shutil import copymode

from sqlalchemy import Connection, Engine

from karb_core.ledger import version
from karb_core.ledger.unusable import refused


def migrate(connection: Connection, name: str, engine: Engine) -> None:
    """To the newest version, in the caller's transaction; nothing where another process was faster.

    connection: one that may write, in a transaction that no other writer shares. An SQLite file is copied beside
    itself before (`NAME.before-0004`). Errors: `LedgerUnusable` if there is no room for the copy.
    """
    if version.locked(connection, name) == version.HEAD:
        return
    if connection.dialect.name == "sqlite":
        _copy(connection, name, engine)
    _steps(connection)


def _steps(connection: Connection) -> None:
    # Only here: whoever opens a ledger of the newest version does without.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "karb_core.ledger:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, version.HEAD)


def _copy(connection: Connection, name: str, engine: Engine) -> None:
    """The file as it is, with what its write-ahead log has; under its own name only once it is whole, for no more eyes than it."""
    path = Path(connection.exec_driver_sql("PRAGMA database_list").mappings().one()["file"])
    part = path.with_name(f"{path.name}.before-{version.HEAD}.part")
    try:
        part.unlink(missing_ok=True)
        with engine.connect() as reader, closing(sqlite3.connect(part)) as made:
            source = reader.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(made)
        copymode(path, part)
        part.rename(_free(path))
    except OSError as error:
        raise refused("read_only", name) from error


def _free(path: Path) -> Path:
    """A name that nothing has: an earlier copy is never written over."""
    first = path.with_name(f"{path.name}.before-{version.HEAD}")
    others = (first.with_name(f"{first.name}-{n}") for n in count(2))
    return first if not first.exists() else next(other for other in others if not other.exists())
