"""What holds for the whole room: its words, what it imports, and that Alembic can take a ledger over."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import karb_core
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.version import HEAD, VERSION_TABLE
from tests.ledger.words import RUN

CORE = Path(karb_core.__file__).parent
FILES = sorted(path for room in ("engine", "ledger") for path in (CORE / room).rglob("*.py"))
PAIRS_ONLY = re.compile(r"\b(near|far|KRW|USDT)\b", re.IGNORECASE)
AMBIENT = re.compile(r"getcontext|localcontext|setcontext|\bround\(|\bfloat\(|\.now\(|time\.time")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_file_knows_which_leg_is_which_or_in_what_money(path: Path) -> None:
    assert PAIRS_ONLY.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted((CORE / "ledger").glob("*.py")), ids=lambda path: path.stem)
def test_nothing_reads_an_ambient_context_or_a_clock(path: Path) -> None:
    assert AMBIENT.findall(path.read_text(encoding="utf-8")) == []


WRITES = """
import asyncio, sys
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions
from tests.ledger.words import RUN, entry
for _ in range(2):
    ledger = open_ledger(sys.argv[1])
    journal = ledger.begin(RUN, 5)
    journal.decision(entry())
    asyncio.run(journal.durable())
    journal.end("done", 9)
    assert list(decisions(ledger, Whose.of(RUN)))
    ledger.close()
print(*sorted(name.partition(".")[0] for name in sys.modules))
"""


def test_a_ledger_in_its_newest_shape_needs_only_sqlalchemy(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", WRITES, str(tmp_path / "karb.ledger")],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=CORE.parent,
    ).stdout.split()
    assert "sqlalchemy" in told
    assert {"alembic", "psycopg", "numpy", "polars", "yaml", "click", "structlog"}.isdisjoint(told)


def test_alembic_finds_the_version_where_it_would_have_put_it(ledger: Ledger) -> None:
    from alembic import autogenerate
    from alembic.runtime import migration

    from karb_core.ledger.columns import TABLES

    with ledger.reading() as connection:
        context = migration.MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert context.get_current_revision() == HEAD
        assert autogenerate.compare_metadata(context, TABLES) == []


def test_opening_again_makes_nothing_new(where: str) -> None:
    first = open_ledger(where)
    first.begin(RUN, 5).end("done", 6)
    first.close()
    again = open_ledger(where)
    with again.reading() as connection:
        assert connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalars().all() == [HEAD]
        assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one() == 1
    again.close()


def test_a_commit_on_sqlite_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "karb.ledger")
    with ledger.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    ledger.close()


def test_every_row_says_whose_it_is() -> None:
    from karb_core.ledger.columns import TABLES

    assert {table.name for table in TABLES.sorted_tables} == {
        "runs",
        "rulebooks",
        "decisions",
        "orders",
        "outcomes",
        "fills",
        "fill_shares",
        "incomes",
        "lots",
        "halts",
        "notices",
        "commands",
        "leases",
        "sendings",
        "tellings",
    }
    for table in TABLES.sorted_tables:
        if table.name in {"commands", "leases"}:
            assert not table.c["account"].nullable  # of an account, whichever run comes to know of it
            continue
        assert {"run_id", "strategy", "account"} <= set(table.columns.keys())
        assert not any(table.c[name].nullable for name in ("run_id", "strategy", "account"))
