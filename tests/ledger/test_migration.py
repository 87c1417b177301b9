"""An older ledger is carried on when it is written to, whole, with a copy beside it, and only read otherwise."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select

from karb_core.errors import LedgerUnusable
from karb_core.ledger import version
from karb_core.ledger.check import check
from karb_core.ledger.connect import connect
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.lease import held
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import (
    Whose,
    decisions,
    fills,
    incomes,
    opened_lots,
    orders,
    outcomes,
    rulebook,
    runs,
    sendings,
)
from karb_core.ledger.telling import waiting
from karb_core.texts.text import Text
from tests.ledger.conftest import OLD
from tests.ledger.words import RUN, entry

HOUSE = Path(__file__).parents[2]
#: What karb 0.1.0 itself read from its ledger.
LOG = "eb463d2be55c229e52e5485bb710546119424dae6051b8bcab1552dd2114a845"
COUNTS = {"runs": 1, "rulebooks": 1, "decisions": 17, "orders": 23, "outcomes": 23, "fills": 22, "fill_shares": 22}
COUNTS |= {"incomes": 11, "lots": 6, "halts": 0, "notices": 0}


def content(where: str) -> dict[str, list[Any]]:
    """Every row of the tables of 0001, as the database has it."""
    engine, _ = connect(where, wait_s=1, read_only=True, max_pages=None)
    with engine.begin() as connection:
        told = {t.name: list(map(tuple, connection.execute(select(t)))) for t in version.tables("0001")}
    engine.dispose()
    return told


def shape(connection: Connection) -> dict[str, Any]:
    """What the database itself says of every table."""
    looks = inspect(connection)
    told: dict[str, Any] = {}
    for name in sorted(looks.get_table_names()):
        columns = [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in looks.get_columns(name)]
        unique = sorted((u["name"] or "", u["column_names"]) for u in looks.get_unique_constraints(name))
        told[name] = (columns, looks.get_pk_constraint(name), unique, looks.get_indexes(name))
    return told


def test_todays_karb_reads_a_ledger_of_the_first_version(old: str) -> None:
    before = content(old)
    assert {name: len(rows) for name, rows in before.items()} == COUNTS
    ledger = open_ledger(old, read_only=True)
    (run,) = runs(ledger)
    whose = Whose.of(run)
    assert hashlib.sha256(decision_log_bytes(ledger, run)).hexdigest() == LOG
    counts = [len(list(read(ledger, whose))) for read in (decisions, orders, outcomes, fills, incomes, opened_lots)]
    assert counts == [COUNTS[n] for n in ("decisions", "orders", "outcomes", "fills", "incomes", "lots")]
    assert "quickstart" in (rulebook(ledger, run.rules_digest) or "")
    assert ledger.version == "0001"
    ledger.close()
    assert content(old) == before


def test_a_ledger_that_is_only_read_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    shutil.copy(OLD / "ledger-0001.sqlite", path)
    before = path.read_bytes()
    open_ledger(path, read_only=True).close()
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if "before" in p.name] == []


def test_it_is_carried_on_when_it_is_written_to_and_no_row_changes(old: str) -> None:
    before = content(old)
    ledger = open_ledger(old)
    assert ledger.version == version.HEAD
    (run,) = runs(ledger)
    assert hashlib.sha256(decision_log_bytes(ledger, run)).hexdigest() == LOG
    assert content(old) == before
    journal = ledger.begin(RUN, 5)
    journal.decision(entry())
    journal.end("done", 6)
    ledger.close()
    after = content(old)
    assert {name: rows[: len(before[name])] for name, rows in after.items()} == before
    assert len(after["runs"]) == len(before["runs"]) + 1


def test_its_shape_is_then_that_of_a_new_one(old: str) -> None:
    carried = open_ledger(old)
    with carried.writing() as connection:
        migrated = shape(connection)
        for name in reversed(migrated):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        version.create(connection)
        assert migrated == shape(connection)
    carried.close()


def test_one_of_the_version_before_is_carried_on_too(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    open_ledger(path).close()
    with closing(sqlite3.connect(path)) as made:
        made.execute("DROP TABLE sendings")
        made.execute("DROP TABLE tellings")
        made.execute("UPDATE ledger_version SET version_num = '0002'")
        made.commit()
    looking = open_ledger(path, read_only=True)
    assert (looking.version, list(sendings(looking, Whose("main")))) == ("0002", [])
    assert all(not proved.broken for proved in check(looking))
    looking.close()
    carried = open_ledger(path)
    assert (carried.version, list(sendings(carried, Whose("main")))) == ("0004", [])
    carried.close()


def test_opening_again_carries_nothing_on(old: str) -> None:
    open_ledger(old).close()
    before = content(old)
    open_ledger(old).close()
    assert content(old) == before


def test_the_file_is_copied_before(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    shutil.copy(OLD / "ledger-0001.sqlite", path)
    path.chmod(0o600)
    before = content(str(path))
    open_ledger(path).close()
    kept = tmp_path / "karb.ledger.before-0004"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["karb.ledger", "karb.ledger.before-0004"]
    assert kept.stat().st_mode == path.stat().st_mode
    again = open_ledger(kept, read_only=True)
    assert again.version == "0001"
    again.close()
    assert content(str(kept)) == before


def test_what_another_left_in_the_write_ahead_log_is_in_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    shutil.copy(OLD / "ledger-0001.sqlite", path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("UPDATE runs SET ended = 'interrupted'")
        other.commit()
        open_ledger(path).close()
    with closing(sqlite3.connect(tmp_path / "karb.ledger.before-0004")) as kept:
        assert kept.execute("SELECT ended FROM runs").fetchall() == [("interrupted",)]


def test_an_earlier_copy_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    for _ in range(3):
        shutil.copy(OLD / "ledger-0001.sqlite", path)
        open_ledger(path).close()
    kept = sorted(p.name for p in tmp_path.iterdir() if "before" in p.name)
    assert kept == [f"karb.ledger.before-0004{n}" for n in ("", "-2", "-3")]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(old: str) -> None:
    """Somebody put a table of that name there: nothing of the step is done, and it is said in one sentence."""
    engine, _ = connect(old, wait_s=1, read_only=False, max_pages=None)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE leases (x INTEGER)")
    engine.dispose()
    before = content(old)
    with pytest.raises(LedgerUnusable) as raised:
        open_ledger(old)
    assert len(str(raised.value).splitlines()) == 1
    assert content(old) == before
    reader = open_ledger(old, read_only=True)
    with reader.reading() as connection:
        assert "commands" not in inspect(connection).get_table_names()
    reader.close()


def test_a_ledger_that_another_program_holds_is_not_carried_on(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    shutil.copy(OLD / "ledger-0001.sqlite", path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnusable) as raised:
            open_ledger(path, wait_s=0)
    assert isinstance(raised.value.said, Text)
    assert raised.value.said.key == "ledger.locked"
    assert list(tmp_path.glob("*.before*")) == []


DIES = """
import os, sys
from sqlalchemy import Engine, event
from karb_core.ledger import migrate
from karb_core.ledger.ledger import open_ledger
steps = migrate._steps
def die(connection):
    steps(connection)
    os._exit(9)
migrate._steps = die
open_ledger(sys.argv[1])
"""


def test_killed_on_the_way_it_is_as_it_was_and_is_carried_on_the_next_time(old: str) -> None:
    before = content(old)
    died = subprocess.run([sys.executable, "-c", DIES, old], capture_output=True, cwd=HOUSE, check=False)
    assert (died.returncode, died.stderr) == (9, b"")
    reader = open_ledger(old, read_only=True)
    assert reader.version == "0001"
    reader.close()
    assert content(old) == before
    open_ledger(old).close()
    assert content(old) == before


OPENS = """
import sys
from karb_core.ledger.ledger import open_ledger
sys.stdin.readline()
open_ledger(sys.argv[1], wait_s=60).close()
"""


def test_two_that_open_it_at_once_carry_it_on_once(old: str) -> None:
    both = [
        subprocess.Popen([sys.executable, "-c", OPENS, old], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOUSE)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in both] == [b"", b""]
    ledger: Ledger = open_ledger(old, read_only=True)
    assert ledger.version == version.HEAD
    ledger.close()
    if "://" not in old:
        assert len(list(Path(old).parent.glob("*.before*"))) == 1


def test_alembic_is_imported_only_to_carry_a_ledger_on(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    shutil.copy(OLD / "ledger-0001.sqlite", path)
    script = (
        "import sys\nfrom karb_core.ledger.ledger import open_ledger\n"
        "open_ledger(sys.argv[1], read_only=sys.argv[2] == 'look').close()\nprint('alembic' in sys.modules)"
    )
    seen = [
        subprocess.run(
            [sys.executable, "-c", script, str(path), how], capture_output=True, encoding="utf-8", cwd=HOUSE, check=True
        ).stdout.strip()
        for how in ("look", "write", "write")
    ]
    assert seen == ["False", "True", "False"]


def test_what_an_old_ledger_does_not_have_is_refused_in_one_sentence(old: str) -> None:
    ledger = open_ledger(old, read_only=True)
    for ask in (held, waiting):
        with pytest.raises(LedgerUnusable, match="its version is 0001, this needs 0002") as raised:
            ask(ledger, "main")
        assert raised.value.help is not None
    ledger.close()
    carried = open_ledger(old)
    assert (held(carried, "main"), waiting(carried, "main")) == (None, [])
    carried.close()
