"""A database's complaint as one sentence that the owner can act on: by its code, never by its words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from karb_core.errors import LedgerUnusable
from karb_core.texts.text import Text

Kind = Literal[
    "no_folder",
    "is_folder",
    "missing",
    "no_ledger",
    "no_url",
    "locked",
    "read_only",
    "full",
    "disk",
    "damaged",
    "unreachable",
]

_SQLITE: dict[int, Kind] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "read_only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "no_ledger",
}

# Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: dict[str, Kind] = {
    "55P03": "locked",  # karb: constant because PostgreSQL says so
    "25006": "read_only",
    "42501": "read_only",
    "53100": "full",
    "58030": "disk",
    "XX001": "damaged",
    "XX002": "damaged",
}
_AWAY = ("08", "28", "3D", "53", "57")


@contextmanager
def told(name: str) -> Iterator[None]:
    """Errors: `LedgerUnusable` for whatever the database complains about; `name` is what the owner calls the ledger."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise unusable(name, error) from error


def unusable(name: str, error: SQLAlchemyError | sqlite3.Error) -> LedgerUnusable:
    orig = error.orig if isinstance(error, DBAPIError) else error
    kind = _kind(orig)
    if kind is None and isinstance(error, OperationalError) and getattr(orig, "sqlstate", "") is None:
        # No answer came from the server at all.
        kind = "unreachable"
    if kind is None:
        first = str(orig).strip().partition("\n")[0]
        return LedgerUnusable(Text("ledger.failed", {"name": name, "detail": first}))
    return refused(kind, name)


def refused(kind: Kind, name: str) -> LedgerUnusable:
    """What is wrong with the ledger, and what to do about it."""
    return LedgerUnusable(Text(f"ledger.{kind}", {"name": name}), Text(f"ledger.{kind}_help"))


def _kind(orig: BaseException | None) -> Kind | None:
    code = getattr(orig, "sqlite_errorcode", None)
    if code is not None:
        # karb: constant because the upper bytes of an extended code only say more exactly what the lowest says
        return _SQLITE.get(code & 0xFF)
    state = getattr(orig, "sqlstate", None)
    if state is None:
        return None
    return _POSTGRES.get(state) or ("unreachable" if state[:2] in _AWAY else None)
