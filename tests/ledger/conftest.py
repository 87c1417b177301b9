"""One ledger for a test: an SQLite file, or a schema of its own on PostgreSQL that is dropped afterwards."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from karb_core.ledger import version
from karb_core.ledger.ledger import Ledger, open_ledger

#: What karb 0.1.0 wrote.
OLD = Path(__file__).parents[1] / "golden" / "0.1.0"

SERVER = os.environ.get("KARB_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def why_no_postgres() -> str | None:
    if importlib.util.find_spec("psycopg") is None:
        return "PostgreSQL: the driver psycopg is not installed"
    from sqlalchemy import make_url

    url = make_url(SERVER)
    try:
        socket.create_connection((url.host or "127.0.0.1", url.port or 5432), timeout=1).close()
    except OSError as error:
        return f"PostgreSQL: no server at {url.host}:{url.port} ({error.strerror})"
    return None


NO_POSTGRES = why_no_postgres()


@contextmanager
def postgres_schema() -> Iterator[str]:
    """The URL of a schema of its own, dropped afterwards."""
    import psycopg

    schema = f"karb_test_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE SCHEMA "{schema}"')
    try:
        yield f"{SERVER}?options=-csearch_path%3D{schema}"
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture
def postgres_url() -> Iterator[str]:
    if NO_POSTGRES is not None:
        pytest.skip(NO_POSTGRES)
    with postgres_schema() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger that is not there yet can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "karb.ledger")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    opened = open_ledger(where)
    yield opened
    opened.close()


@pytest.fixture
def old(where: str) -> str:
    """A ledger as karb 0.1.0 made it: its own file, or its own tables on PostgreSQL with the rows of that file."""
    if "://" not in where:
        shutil.copy(OLD / "ledger-0001.sqlite", where)
        return where
    import psycopg

    with psycopg.connect(where) as server, closing(sqlite3.connect(OLD / "ledger-0001.sqlite")) as file:
        for statement in (OLD / "ledger-0001.postgresql.sql").read_text("utf-8").split(";\n"):
            server.execute(statement)  # type: ignore[arg-type]
        file.row_factory = sqlite3.Row
        for table in version.tables("0001"):
            for row in file.execute(f"SELECT * FROM {table.name}"):
                values = [bool(row[c.name]) if str(c.type) == "BOOLEAN" else row[c.name] for c in table.c]
                marks = ", ".join(["%s"] * len(values))
                server.execute(f"INSERT INTO {table.name} VALUES ({marks})", values)  # type: ignore[arg-type]
        server.execute("SELECT setval(pg_get_serial_sequence('runs', 'number'), 1)")
    return where
