"""Connections: an SQLite file, or PostgreSQL by URL, with the same promises about what a commit means."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from karb_core.errors import LedgerUnusable
from karb_core.ledger.unusable import refused
from karb_core.texts.text import Text

WRITES = "karb_writes"


def connect(where: str | Path, *, wait_s: float, read_only: bool, max_pages: int | None) -> tuple[Engine, str]:
    """The engine, and what the owner calls the ledger (no password in it)."""
    if isinstance(where, Path) or "://" not in where:
        return _sqlite(Path(where), wait_s, read_only, max_pages), str(where)
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise refused("no_url", where) from error
    if url.get_backend_name() == "sqlite" and url.database:
        return _sqlite(Path(url.database), wait_s, read_only, max_pages), url.database
    return _postgres(url, wait_s, read_only), url.render_as_string(hide_password=True)


def _sqlite(path: Path, wait_s: float, read_only: bool, max_pages: int | None) -> Engine:
    _need_place(path, read_only)
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"

    def opened() -> sqlite3.Connection:
        made = sqlite3.connect(uri, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False)
        made.execute("PRAGMA synchronous = FULL")
        if max_pages is not None:
            made.execute(f"PRAGMA max_page_count = {max_pages:d}")
        return made

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write says so at once: one that turns to writing later can be refused half-way.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _need_place(path: Path, read_only: bool) -> None:
    if path.is_dir():
        raise refused("is_folder", str(path))
    if not path.parent.is_dir():
        raise refused("no_folder", str(path))
    if read_only and not path.exists():
        raise refused("missing", str(path))


def _postgres(url: URL, wait_s: float, read_only: bool) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "postgresql":
        raise refused("no_url", url.render_as_string(hide_password=True))
    try:
        engine = create_engine(url)
    except (ImportError, NoSuchModuleError) as error:
        said = {"name": url.render_as_string(hide_password=True), "driver": url.get_driver_name()}
        raise LedgerUnusable(Text("ledger.no_driver", said), Text("ledger.no_driver_help")) from error

    def settled(made: Any, _record: Any) -> None:
        with made.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {max(1, int(wait_s * 1000)):d}")
            cursor.execute("SET synchronous_commit = on")
            if read_only:
                cursor.execute("SET default_transaction_read_only = on")
        made.commit()

    event.listen(engine, "connect", settled)
    return engine
