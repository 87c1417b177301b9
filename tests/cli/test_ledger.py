"""`karb ledger`: a whole ledger proved, and taken out."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Karb
from tests.cli.hourly import LEDGER, furnished, one_sentence, run
from tests.cli.shipped import ROOT

OLD = ROOT / "tests" / "golden" / "0.1.0" / "ledger-0001.sqlite"


@pytest.fixture
def good(karb: Karb, home: Path) -> Path:
    furnished(home, "csv")
    assert run(karb).code == 0
    return home / LEDGER


def broken(path: Path) -> tuple[str, int]:
    """Breaks one order; its run and ordinal."""
    with closing(sqlite3.connect(path)) as ledger:
        place: tuple[str, int] = ledger.execute("SELECT run_id, min(ordinal) FROM orders").fetchone()
        ledger.execute("UPDATE orders SET order_id = 'mine-1' WHERE run_id = ? AND ordinal = ?", place)
        ledger.commit()
    return place


def test_what_holds_is_told_with_its_count(karb: Karb, good: Path) -> None:
    told = karb("ledger", "check", LEDGER)
    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    assert lines[0] == f"{LEDGER}  version 0004, 1 runs"
    assert lines[-1] == "all of it holds"
    assert len(lines) == 16
    assert all(line.split()[0] == "ok" and int(line.split()[1]) > 0 for line in lines[1:-1])


def test_what_is_broken_is_named_by_table_run_and_ordinal(karb: Karb, good: Path) -> None:
    run_id, ordinal = broken(good)
    told = karb("ledger", "check", LEDGER)
    assert told.code == 8
    assert "rows break what must hold" in told.err
    assert f"      orders, run {run_id}, ordinal {ordinal}: mine-1 is not the id of this intent and leg" in told.out
    assert "broken" in told.out
    assert "Traceback" not in told.all


def test_as_json_it_is_one_document(karb: Karb, good: Path) -> None:
    said = json.loads(karb("ledger", "check", LEDGER, "--format", "json").out)
    assert list(said) == ["format_version", "name", "version", "runs", "holds", "proved"]
    assert said["holds"] is True
    run_id, ordinal = broken(good)
    answer = karb("ledger", "check", LEDGER, "--format", "json")
    assert (answer.code, answer.err) == (8, "")
    said = json.loads(answer.out)
    assert said["holds"] is False
    (ids,) = [p for p in said["proved"] if p["name"] == "ids"]
    assert [(v["table"], v["run"], v["ordinal"]) for v in ids["broken"]] == [("orders", run_id, ordinal)]


def test_speaks_korean(karb: Karb, good: Path) -> None:
    assert "모두 맞습니다" in karb("--lang", "ko", "ledger", "check", LEDGER).out
    broken(good)
    told = karb("--lang", "ko", "ledger", "check", LEDGER)
    assert "어긋난 행이" in told.err
    assert "이 의도와 다리의 번호가 아닙니다" in told.out


def test_the_ledger_of_home_is_the_default(karb: Karb, home: Path) -> None:
    assert "there is no ledger at" in one_sentence(karb("ledger", "check"), 8)
    furnished(home, "csv")
    assert karb("run", "tiny.yaml", "--quiet").code == 0
    assert karb("ledger", "check").code == 0


@pytest.mark.parametrize("what", [("check",), ("export", "--to", "rows")])
def test_the_ledger_is_named_first_or_behind_its_option(karb: Karb, good: Path, what: tuple[str, ...]) -> None:
    assert karb("ledger", *what, "--ledger", LEDGER).code == 0
    told = karb("ledger", what[0], "a.sqlite", *what[1:], "--ledger", "b.sqlite")
    assert "two ledgers are named, a.sqlite and behind --ledger b.sqlite: name one" in one_sentence(told, 2)


@pytest.mark.parametrize("what", [("check",), ("export", "--to", "rows")])
def test_what_is_no_ledger_is_one_sentence(karb: Karb, home: Path, what: tuple[str, ...]) -> None:
    (home / "notes.txt").write_text("my notes\n" * 200, "utf-8")
    for path, said in (("notes.txt", "is not a ledger"), (".", "is a folder"), ("no.sqlite", "there is no ledger")):
        assert said in one_sentence(karb("ledger", what[0], path, *what[1:]), 8)


def test_an_old_ledger_is_looked_at_and_left_as_it_is(karb: Karb, home: Path) -> None:
    shutil.copy(OLD, "old.sqlite")
    before = Path("old.sqlite").read_bytes()
    assert "version 0001, 1 runs" in karb("ledger", "check", "old.sqlite").out
    assert karb("ledger", "export", "old.sqlite", "--to", "rows").code == 0
    assert not Path("rows/leases.csv").exists()
    assert Path("old.sqlite").read_bytes() == before


def test_an_old_ledger_goes_on_with_the_next_run(karb: Karb, home: Path) -> None:
    furnished(home, "csv")
    shutil.copy(OLD, LEDGER)
    assert run(karb).code == 0
    told = karb("ledger", "check", LEDGER)
    assert (told.code, f"{LEDGER}  version 0004, 2 runs" in told.out) == (0, True), told.all
    assert (home / f"{LEDGER}.before-0004").is_file()


def rows_of(table: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(LEDGER)) as ledger:
        ledger.row_factory = sqlite3.Row
        return [dict(row) for row in ledger.execute(f"SELECT * FROM {table} ORDER BY rowid")]


def test_csv_has_every_row_to_the_last_digit(karb: Karb, good: Path) -> None:
    told = karb("ledger", "export", LEDGER, "--to", "rows")
    assert told.code == 0, told.all
    assert len(list(Path("rows").iterdir())) == 15
    for table in ("decisions", "orders", "fills", "fill_shares", "incomes", "lots", "runs", "rulebooks", "outcomes"):
        with Path(f"rows/{table}.csv").open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        wanted = rows_of(table)
        for row in wanted:
            row.update(
                {name: str(bool(row[name])).lower() for name in ("final", "reduce_only") if row.get(name) in (0, 1)}
            )
        assert found == [{k: "" if v is None else str(v) for k, v in row.items()} for row in wanted]
        assert wanted
    assert Path("rows/leases.csv").read_text("utf-8").count("\n") == 1


def test_lines_of_json_keep_nothing_apart_from_no_text(karb: Karb, good: Path) -> None:
    assert karb("ledger", "export", LEDGER, "--to", "new/rows", "--format", "jsonl").code == 0
    lines = Path("new/rows/outcomes.jsonl").read_text("utf-8").splitlines()
    found, wanted = [json.loads(line) for line in lines], rows_of("outcomes")
    assert found == wanted
    assert any(row["final"] is True for row in found)
    assert any(row["code"] is None for row in found)
    assert "전" not in lines[0]


def test_nothing_is_written_over(karb: Karb, good: Path) -> None:
    Path("rows").mkdir()
    assert karb("ledger", "export", LEDGER, "--to", "rows").code == 0
    before = {path.name: path.read_bytes() for path in Path("rows").iterdir()}
    assert "rows is not empty" in one_sentence(karb("ledger", "export", LEDGER, "--to", "rows"), 2)
    assert {path.name: path.read_bytes() for path in Path("rows").iterdir()} == before
    assert "cannot be written" in one_sentence(karb("ledger", "export", LEDGER, "--to", LEDGER), 2)
    assert "cannot be written" in one_sentence(karb("ledger", "export", LEDGER, "--to", f"{LEDGER}/x"), 2)
    assert "--to is missing" in one_sentence(karb("ledger", "export", LEDGER), 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prove",), "there is no command `prove`"),
        (("check", "a", "b"), "this is too much here: b"),
        (("check", "--format", "csv"), "--format must be one of text, json"),
    ],
)
def test_a_wrong_command_line_is_told(karb: Karb, home: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in one_sentence(karb("ledger", *arguments), 2)
