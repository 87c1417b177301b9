"""Which shape a ledger has, kept as Alembic keeps it, so that Alembic can carry older ones on."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from karb_core.errors import LedgerUnusable
from karb_core.ledger import (
    commands,
    decisions,
    fill_shares,
    fills,
    halts,
    incomes,
    leases,
    lots,
    notices,
    orders,
    outcomes,
    rulebooks,
    runs,
    sendings,
    tellings,
)
from karb_core.ledger.columns import TABLES
from karb_core.ledger.unusable import refused
from karb_core.texts.text import Text

#: The versions that this karb knows, oldest first; a new ledger is made as the last.
VERSIONS = ("0001", "0002", "0003", "0004")
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

_ROOM = (
    runs, rulebooks, decisions, orders, outcomes, fills, fill_shares, incomes, lots, halts, notices, commands, leases,
    sendings, tellings,
)  # fmt: skip


def found(connection: Connection, name: str) -> str | None:
    """The version of what is there; None where nothing is yet.

    Errors: `LedgerUnusable` for another's tables and for a newer karb's ledger.
    """
    there = set(inspect(connection).get_table_names())
    if not there:
        return None
    if VERSION_TABLE not in there:
        raise refused("no_ledger", name)
    return _known(list(connection.execute(select(_VERSION.c.version_num)).scalars()), name)


def locked(connection: Connection, name: str) -> str:
    """The version, which nobody else changes before the transaction ends. SQLite knows one writer anyway."""
    return _known(list(connection.execute(select(_VERSION.c.version_num).with_for_update()).scalars()), name)


def tables(at: str) -> list[Table]:
    """The tables that a ledger of this version has, each after those it names."""
    return [table for table in TABLES.sorted_tables if VERSIONS.index(since(table)) <= VERSIONS.index(at)]


def since(table: Table) -> str:
    """The version that brought the table."""
    told: str = table.info.get("since", VERSIONS[0])
    return told


def create(connection: Connection) -> None:
    """Every table in its newest shape, and the stamp that says so."""
    TABLES.create_all(connection, checkfirst=False)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert().values(version_num=HEAD))


def _known(stamps: list[str], name: str) -> str:
    if len(stamps) != 1:
        raise refused("no_ledger", name)
    if stamps[0] not in VERSIONS:
        told = {"name": name, "found": stamps[0], "known": HEAD}
        raise LedgerUnusable(Text("ledger.newer", told), Text("ledger.newer_help"))
    return stamps[0]
