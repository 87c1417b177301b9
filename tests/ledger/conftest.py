"""One ledger for a test: an SQLite file, or a schema of its own on PostgreSQL that is dropped afterwards."""

from __future__ import annotations

import importlib.util
import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.ledger.ledger import Ledger, open_ledger

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


@pytest.fixture
def postgres_url() -> Iterator[str]:
    if NO_POSTGRES is not None:
        pytest.skip(NO_POSTGRES)
    import psycopg

    schema = f"karb_test_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE SCHEMA "{schema}"')
    yield f"{SERVER}?options=-csearch_path%3D{schema}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'DROP SCHEMA "{schema}" CASCADE')


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
