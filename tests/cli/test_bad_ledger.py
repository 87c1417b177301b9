"""Ledgers that cannot be written: one sentence each, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from tests.cli.conftest import Karb
from tests.cli.hourly import FILE, LEDGER, content, furnished, one_sentence, run


@pytest.fixture
def csv(home: Path) -> Path:
    return furnished(home, "csv")


def unusable(karb: Karb, *more: str) -> str:
    return one_sentence(karb("run", FILE, "--quiet", *more), 8)


def test_a_file_that_is_no_ledger_is_left_as_it_is(karb: Karb, csv: Path) -> None:
    notes = csv / "notes.txt"
    notes.write_text("my notes\n" * 200, "utf-8")
    before = notes.read_bytes()
    assert "is not a ledger of karb's" in unusable(karb, "--ledger", "notes.txt")
    assert notes.read_bytes() == before


def test_a_folder_is_no_ledger(karb: Karb, csv: Path) -> None:
    assert "is a folder, not a ledger" in unusable(karb, "--ledger", "data")


def test_a_newer_ledger_is_left_as_it_is(karb: Karb, csv: Path) -> None:
    assert run(karb).code == 0
    with closing(sqlite3.connect(csv / LEDGER)) as ledger:
        ledger.execute("UPDATE ledger_version SET version_num = '9999'")
        ledger.commit()
    before = content(csv)
    told = unusable(karb, "--ledger", LEDGER)
    assert "newer karb" in told
    assert "9999" in told
    assert content(csv) == before


def test_a_ledger_that_another_program_holds(karb: Karb, csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """karb waits for it, as another run may be writing, and then says so; a few seconds, here not at all."""
    kept = open_ledger.__kwdefaults__
    assert kept["wait_s"] <= 5
    monkeypatch.setitem(kept, "wait_s", 0)
    assert run(karb).code == 0
    before = content(csv)
    with closing(sqlite3.connect(csv / LEDGER, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = unusable(karb, "--ledger", LEDGER)
        other.execute("ROLLBACK")
    assert "is locked by another program" in told
    assert content(csv) == before


def test_a_ledger_that_is_full(karb: Karb, csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the ledger had is there; of what came, whole transactions or nothing."""
    assert run(karb).code == 0
    before = content(csv)
    with closing(sqlite3.connect(csv / LEDGER)) as ledger:
        (pages,) = ledger.execute("PRAGMA page_count").fetchone()
    monkeypatch.setitem(open_ledger.__kwdefaults__, "max_pages", pages)
    assert "its disk is full" in unusable(karb, "--ledger", LEDGER)
    assert [line for line in before if line not in content(csv)] == []
    monkeypatch.setitem(open_ledger.__kwdefaults__, "max_pages", None)
    assert run(karb).code == 0


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write anything; see tests/ledger")
@pytest.mark.parametrize("what", [LEDGER, "."])
def test_a_read_only_ledger_or_folder(what: str, karb: Karb, csv: Path) -> None:
    assert run(karb).code == 0
    before = (csv / LEDGER).read_bytes()
    mode = (csv / what).stat().st_mode
    (csv / what).chmod(0o444 if what == LEDGER else 0o555)
    told = unusable(karb, "--ledger", LEDGER)
    (csv / what).chmod(mode)
    assert "cannot be written" in told
    assert (csv / LEDGER).read_bytes() == before


def test_a_server_that_does_not_answer(karb: Karb, csv: Path) -> None:
    pytest.importorskip("psycopg", reason="PostgreSQL: the driver psycopg is not installed")
    told = unusable(karb, "--ledger", "postgresql://karb:secret@127.0.0.1:1/karb")
    assert "does not answer" in told
    assert "secret" not in told


def test_a_driver_that_is_not_installed_is_named_by_its_extra(
    karb: Karb, csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    told = unusable(karb, "--ledger", "postgresql://karb:secret@127.0.0.1:1/karb")
    assert "karb[postgres]" in told
    assert "secret" not in told
