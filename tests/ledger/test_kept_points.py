"""What was found out of points outlives the process, is written once, and is no ledger."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from karb_core.errors import LedgerUnusable
from karb_core.ledger.kept_points import open_point_store


def test_what_is_kept_is_there_when_it_is_opened_again(where: str) -> None:
    store = open_point_store(where)
    assert store.found(["a", "b"]) == {}
    store.keep({"a": "one", "b": "김프"})
    store.keep({})
    store.close()
    again = open_point_store(where)
    assert again.found(["a", "b", "c"]) == {"a": "one", "b": "김프"}
    again.close()


def test_a_key_that_is_there_stays_as_it_is(where: str) -> None:
    one, other = open_point_store(where), open_point_store(where)
    one.keep({"a": "one"})
    other.keep({"a": "two", "b": "three"})
    assert one.found(["a", "b"]) == {"a": "one", "b": "three"}
    one.close()
    other.close()


def test_more_keys_than_a_database_takes_at_once_are_found(where: str) -> None:
    store = open_point_store(where)
    told = {f"key-{n}": str(n) for n in range(2500)}
    store.keep(told)
    assert store.found([*told, "another"]) == told
    store.close()


def test_a_place_that_cannot_be_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnusable):
        open_point_store(tmp_path / "nowhere" / "sweeps.sqlite")
    other = tmp_path / "text.sqlite"
    other.write_text("no database, whatever its name says " * 40, "utf-8")
    with pytest.raises(LedgerUnusable):
        open_point_store(other)


def test_it_is_one_table_that_anything_can_read(tmp_path: Path) -> None:
    path = tmp_path / "sweeps.sqlite"
    store = open_point_store(path)
    store.keep({"a": "one"})
    store.close()
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT key, told FROM sweep_points").fetchall() == [("a", "one")]
    plain.close()
