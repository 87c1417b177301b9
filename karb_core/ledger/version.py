"""Which shape a ledger has, kept as Alembic keeps it, so that Alembic can carry older ones on."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from karb_core.errors import LedgerUnusable
from karb_core.ledger import (
    decisions,
    fill_shares,
    fills,
    halts,
    incomes,
    lots,
    notices,
    orders,
    outcomes,
    rulebooks,
    runs,
)
from karb_core.ledger.columns import TABLES
from karb_core.ledger.unusable import refused
from karb_core.texts.text import Text

#: The versions that this karb knows, oldest first; a new ledger is made as the last.
VERSIONS = ("0001",)
HEAD = VERSIONS[-1]

#: The name that Alembic is given as its `version_table`.
VERSION_TABLE = "ledger_version"

_VERSION = Table(
    VERSION_TABLE,
    MetaData(),
    # karb: constant because Alembic's own column is so long
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)

_ROOM = (runs, rulebooks, decisions, orders, outcomes, fills, fill_shares, incomes, lots, halts, notices)


def is_new(connection: Connection, name: str) -> bool:
    """Whether nothing is there yet. Errors: `LedgerUnusable` for another's tables and for a newer karb's ledger."""
    there = set(inspect(connection).get_table_names())
    if not there:
        return True
    if VERSION_TABLE not in there:
        raise refused("no_ledger", name)
    found = list(connection.execute(select(_VERSION.c.version_num)).scalars())
    if len(found) != 1:
        raise refused("no_ledger", name)
    if found[0] not in VERSIONS:
        told = {"name": name, "found": found[0], "known": HEAD}
        raise LedgerUnusable(Text("ledger.newer", told), Text("ledger.newer_help"))
    return False


def create(connection: Connection) -> None:
    """Every table in its newest shape, and the stamp that says so."""
    TABLES.create_all(connection, checkfirst=False)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert().values(version_num=HEAD))
