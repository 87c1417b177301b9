"""A file stops a desk, whatever it says and whatever else is away, until it is gone and somebody resumes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.telling import waiting
from karb_core.wiring.halt_file import HaltFile
from tests.wiring.steered import ACCOUNT, Steered, halt_rows, started, told


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite", wait_s=0)
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "HALT"


def watched(ledger: Ledger, path: Path, started_ns: int = 1) -> Steered:
    desk = started(ledger, started_ns=started_ns)
    desk.obeying.file = HaltFile(path)
    return desk


def look(desk: Steered) -> tuple[Halt, list[str]]:
    """How much is stopped, and why."""
    asyncio.run(desk.obeying.look())
    return desk.desk.halts.strength(), desk.desk.halted


@pytest.mark.parametrize(
    ("written", "strength", "reason"),
    [
        (b"", Halt.NO_ENTRIES, ""),
        (b" \n", Halt.NO_ENTRIES, ""),
        (b"something smells\n", Halt.NO_ENTRIES, ": something smells"),
        (b"no-entries: news", Halt.NO_ENTRIES, ": news"),
        (b"Reduce-Only news\n", Halt.REDUCE_ONLY, ": news"),
        (b"flatten\n", Halt.FLATTEN, ""),
        (b"FLATTEN: the venue\n  is being robbed", Halt.FLATTEN, ": the venue is being robbed"),
        (b"none", Halt.NO_ENTRIES, ": none"),
        (b"please flatten", Halt.NO_ENTRIES, ": please flatten"),
        (b"\xef\xbb\xbfflatten", Halt.FLATTEN, ""),
        ("flatten 그만".encode(), Halt.FLATTEN, ": 그만"),
        ("flatten now\r\n".encode("utf-16"), Halt.FLATTEN, ": now"),
        (b"\xff\xff\xff", Halt.NO_ENTRIES, ": \ufffd\ufffd\ufffd"),
        (b"reduce-only " + b"x" * 10**6, Halt.REDUCE_ONLY, ": " + "x" * 200),
    ],
)
def test_it_stops_entries_at_least_and_its_first_word_may_stop_more(
    ledger: Ledger, path: Path, written: bytes, strength: Halt, reason: str
) -> None:
    path.write_bytes(written)
    assert look(watched(ledger, path)) == (strength, [f"{path}{reason}"])
    assert halt_rows(ledger) == [(strength.word, f"{path}{reason}", "file")]


def test_where_there_is_none_nothing_stops_and_a_folder_that_is_missing_has_none(ledger: Ledger, path: Path) -> None:
    assert look(watched(ledger, path)) == (Halt.NONE, [])
    assert look(watched(ledger, path.parent / "nowhere" / "HALT")) == (Halt.NONE, [])


def test_what_cannot_be_read_stops_entries(ledger: Ledger, path: Path) -> None:
    path.mkdir()
    strength, reasons = look(watched(ledger, path))
    assert (strength, len(reasons)) == (Halt.NO_ENTRIES, 1)
    assert reasons[0].startswith(f"{path} cannot be read: ")


@pytest.mark.skipif(sys.platform == "win32", reason="opens a path below a file otherwise")
def test_a_folder_that_is_none_stops_entries(ledger: Ledger, path: Path) -> None:
    path.write_text("", "utf-8")
    assert look(watched(ledger, path / "HALT")) == (
        Halt.NO_ENTRIES, [f"{path / 'HALT'} cannot be read: Not a directory"],
    )  # fmt: skip


def test_it_is_heard_once_and_what_it_says_otherwise_later_as_well(ledger: Ledger, path: Path) -> None:
    desk = watched(ledger, path)
    for written in ("news", "news", "flatten news", "flatten news", "news"):
        path.write_text(written, "utf-8")
        look(desk)
    assert halt_rows(ledger) == [("no-entries", f"{path}: news", "file"), ("flatten", f"{path}: news", "file")]


def test_removing_it_does_not_resume_and_a_resume_does_then(ledger: Ledger, path: Path) -> None:
    path.write_text("news", "utf-8")
    desk = watched(ledger, path)
    look(desk)
    path.unlink()
    assert look(desk) == (Halt.NO_ENTRIES, [f"{path}: news"])
    again = watched(ledger, path, started_ns=2)
    assert look(again) == (Halt.NO_ENTRIES, [f"{path}: news"])
    told(ledger, "resume", reason="over")
    assert look(again) == (Halt.NONE, [])


@pytest.mark.parametrize("restart", [False, True])
def test_a_resume_while_it_is_there_resumes_the_rest_and_names_it(ledger: Ledger, path: Path, restart: bool) -> None:
    desk = watched(ledger, path)
    path.write_text("reduce-only: mine", "utf-8")
    told(ledger, "halt", "flatten", id="c1")
    look(desk)
    told(ledger, "resume", id="c2", reason="over")
    after = watched(ledger, path, started_ns=2) if restart else desk
    assert look(after) == (Halt.REDUCE_ONLY, [f"{path}: mine"])
    assert waiting(ledger, ACCOUNT) == []


def test_one_that_comes_again_after_a_resume_stops_again(ledger: Ledger, path: Path) -> None:
    desk = watched(ledger, path)
    for _ in range(2):
        path.write_text("news", "utf-8")
        assert look(desk)[0] is Halt.NO_ENTRIES
        path.unlink()
        told(ledger, "resume", id=str(desk.clock.now), reason="over")
        assert look(desk) == (Halt.NONE, [])
        desk.clock.now += 1
    assert [row[0] for row in halt_rows(ledger)] == ["no-entries", "none"] * 2


def test_it_stops_a_desk_whose_ledger_is_away_and_is_written_when_it_is_back(ledger: Ledger, path: Path) -> None:
    desk = watched(ledger, path)
    look(desk)
    path.write_text("flatten", "utf-8")
    other = open_ledger(ledger.name)
    with other.writing():
        assert look(desk) == (Halt.FLATTEN, [str(path)])
        assert desk.obeying.unread is not None
    other.close()
    assert look(desk) == (Halt.FLATTEN, [str(path)])
    asyncio.run(desk.desk.write(desk.clock.now))
    assert (desk.obeying.unread, halt_rows(ledger)) == (None, [("flatten", str(path), "file")])
