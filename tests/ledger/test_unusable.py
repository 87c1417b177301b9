"""A ledger that cannot be used is one clear sentence, the exit code of ledgers, and nothing lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from karb_core.errors import LedgerUnusable
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, fills
from karb_core.texts.text import Text, render
from tests.ledger.words import RUN, SPOT, backtest, entry, fill, order

HOUSE = Path(__file__).parents[2]


def complaint(error: LedgerUnusable) -> str:
    assert error.exit_code == 8
    for said in (error.said, error.help):
        if said is not None:
            assert all(len(render(said, lang).splitlines()) == 1 for lang in ("en", "ko"))
    assert isinstance(error.said, Text)
    return error.said.key


def why(where: str | Path, *, read_only: bool = False) -> str:
    with pytest.raises(LedgerUnusable) as raised:
        open_ledger(where, read_only=read_only, wait_s=0)
    assert str(where) in str(raised.value)
    return complaint(raised.value)


def test_wrong_places(tmp_path: Path) -> None:
    assert why(tmp_path / "missing" / "karb.ledger") == "ledger.no_folder"
    assert why(tmp_path) == "ledger.is_folder"
    assert why(tmp_path / "karb.ledger", read_only=True) == "ledger.missing"
    assert not (tmp_path / "karb.ledger").exists()
    assert why("mysql://root@localhost/karb") == "ledger.no_url"
    assert why("://") == "ledger.no_url"


@pytest.mark.parametrize("content", [b"time,open\n1,2\n" * 100, b"SQLite format 3\0" + b"\xff" * 4096, b"\0" * 8192])
def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert why(path) in {"ledger.no_ledger", "ledger.damaged"}
    assert path.read_bytes() == content


def test_a_database_of_somebody_elses_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE orders (id)")
    before = path.read_bytes()
    assert why(path) == "ledger.no_ledger"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_tables_of_somebody_elses_in_postgres_are_left_alone(postgres_url: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url) as other:
        other.execute("CREATE TABLE orders (id int)")
    with pytest.raises(LedgerUnusable) as raised:
        open_ledger(postgres_url)
    assert complaint(raised.value) == "ledger.no_ledger"


def test_a_newer_ledger_is_not_touched(where: str) -> None:
    made = open_ledger(where)
    with made.writing() as connection:
        connection.exec_driver_sql("UPDATE ledger_version SET version_num = '9999'")
    made.close()
    with pytest.raises(LedgerUnusable, match=r"version is 9999, this karb knows 0004") as raised:
        open_ledger(where)
    assert complaint(raised.value) == "ledger.newer"


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    path.touch()
    open_ledger(path).close()
    open_ledger(path, read_only=True).close()


def test_a_locked_file_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert why(path) == "ledger.locked"
    open_ledger(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert why(path) == "ledger.locked"


@pytest.mark.parametrize("batch_rows", [None, 2])
def test_what_waits_while_the_ledger_is_locked_is_written_once_it_is_free(
    tmp_path: Path, batch_rows: int | None
) -> None:
    path = tmp_path / "karb.ledger"
    ledger = open_ledger(path, wait_s=0)
    journal = ledger.begin(RUN, 5, batch_rows=batch_rows)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for at in range(4):
            try:
                journal.decision(entry(at, intent=f"i{at}"))
                asyncio.run(journal.durable())
            except LedgerUnusable as error:
                assert complaint(error) == "ledger.locked"
            else:
                assert (at, batch_rows) == (0, 2)
            assert journal.waiting == at + 1
    asyncio.run(journal.durable())
    assert journal.waiting == 0
    assert [w.intent_id for w in decisions(ledger, Whose.of(RUN))] == ["i0", "i1", "i2", "i3"]
    ledger.close()


@pytest.mark.parametrize("batch_rows", [None, 100])
def test_a_full_disk_loses_nothing(tmp_path: Path, batch_rows: int | None) -> None:
    path = tmp_path / "karb.ledger"
    ledger = open_ledger(path, max_pages=80)
    journal = ledger.begin(RUN, 5, batch_rows=batch_rows)
    with pytest.raises(LedgerUnusable) as raised:
        for at in range(1000):
            journal.decision(entry(at, intent=f"i{at}"))
            asyncio.run(journal.durable())
    assert complaint(raised.value) == "ledger.full"
    written = [w.intent_id for w in decisions(ledger, Whose.of(RUN))]
    assert len(written) + journal.waiting == at + 1
    assert written == [f"i{n}" for n in range(len(written))]
    with ledger.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    journal.end("done", 9)
    assert [w.intent_id for w in decisions(ledger, Whose.of(RUN))] == [f"i{n}" for n in range(at + 1)]
    ledger.close()


def test_no_room_for_a_new_ledger_leaves_none(tmp_path: Path) -> None:
    path = tmp_path / "karb.ledger"
    with pytest.raises(LedgerUnusable) as raised:
        open_ledger(path, max_pages=3)
    assert complaint(raised.value) == "ledger.full"
    open_ledger(path).close()


@pytest.fixture
def anybodys_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="karb-read-only-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


OPENS = """
import os, sys
import sqlalchemy.dialects.sqlite  # before the step down: nobody may not read what root's Python is made of
from karb_core.errors import LedgerUnusable
from karb_core.ledger.ledger import open_ledger
if os.geteuid() == 0:
    os.setuid(65534)
try:
    open_ledger(sys.argv[1])
except LedgerUnusable as error:
    print(error.said.key, error.exit_code)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions as on POSIX")
@pytest.mark.parametrize("there", [True, False], ids=["file", "folder"])
def test_a_read_only_file_or_folder(anybodys_folder: Path, there: bool) -> None:
    path = anybodys_folder / "karb.ledger"
    if there:
        open_ledger(path).close()
        path.chmod(0o444)
    anybodys_folder.chmod(0o555)
    # Somebody else, who may not write where coverage keeps its figures either.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    told = subprocess.run(
        [sys.executable, "-c", OPENS, str(path)], capture_output=True, encoding="utf-8", cwd=HOUSE, check=False, env=env
    )
    assert (told.stdout, told.stderr) == ("ledger.read_only 8\n", "")


def test_a_ledger_that_is_only_read_cannot_be_written(where: str) -> None:
    open_ledger(where).close()
    reader = open_ledger(where, read_only=True)
    with pytest.raises(LedgerUnusable) as raised:
        reader.begin(RUN, 5)
    assert complaint(raised.value) == "ledger.read_only"
    reader.close()


def test_a_server_that_is_not_there() -> None:
    pytest.importorskip("psycopg", reason="PostgreSQL: the driver psycopg is not installed")
    with pytest.raises(LedgerUnusable) as raised:
        open_ledger("postgresql://karb:secret@127.0.0.1:1/karb")
    assert complaint(raised.value) == "ledger.unreachable"
    assert "secret" not in str(raised.value)


def test_a_database_that_is_not_there(postgres_url: str) -> None:
    with pytest.raises(LedgerUnusable) as raised:
        open_ledger(postgres_url.partition("?")[0] + "_that_is_not_there")
    assert complaint(raised.value) == "ledger.unreachable"


def test_a_lost_connection_loses_nothing(postgres_url: str) -> None:
    import psycopg

    ledger = open_ledger(postgres_url)
    journal = ledger.begin(RUN, 5)
    journal.decision(entry(1, intent="i1"))
    asyncio.run(journal.durable())
    with ledger.reading() as connection:
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s)", (mine,))
    journal.decision(entry(2, intent="i2"))
    with pytest.raises(LedgerUnusable) as raised:
        asyncio.run(journal.durable())
    assert complaint(raised.value) == "ledger.unreachable"
    asyncio.run(journal.durable())
    assert [w.intent_id for w in decisions(ledger, Whose.of(RUN))] == ["i1", "i2"]
    ledger.close()


def test_a_commit_whose_answer_was_lost_is_not_written_twice(ledger: Ledger) -> None:
    """The second journal is the first as it would try again: the same run, the same rows, the same ordinals."""
    first = ledger.begin(backtest(), 5)
    from karb_core.ledger.journal import LedgerJournal

    second = LedgerJournal(ledger.writing, first.run, batch_rows=None)
    for journal in (first, second):
        journal.decision(entry())
        journal.order(order(), 20)
        journal.fill(fill(), [("lot1", SPOT.amount(SPOT_SOLD))])
        journal.halt("no-entries", "why", "desk", 40)
        journal.flush()
    mine = Whose.of(first.run)
    assert len(list(decisions(ledger, mine))) == 1
    assert list(fills(ledger, mine)) == [(fill(), (("lot1", SPOT.amount(SPOT_SOLD)),))]


SPOT_SOLD = -fill().amount.value


def test_one_trade_id_for_two_trades_is_never_taken_for_one(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5)
    journal.fill(fill(), ())
    journal.flush()
    journal.fill(fill(price=fill().price.value * 2), ())
    with pytest.raises(LedgerUnusable, match="korbit t1 in fills") as raised:
        journal.flush()
    assert complaint(raised.value) == "ledger.contradiction"
    assert [f for f, _ in fills(ledger, Whose.of(RUN))] == [fill()]
    assert journal.waiting == 1
