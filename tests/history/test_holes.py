"""The book of holes says what is missing, whatever ended its writer."""

from __future__ import annotations

from pathlib import Path

from karb_core.history.holes import Hole, Holes, holes_in

TOPS = "upbit BTC-KRW tops"


def test_a_hole_that_was_open_when_its_writer_was_killed_is_open_for_the_next(tmp_path: Path) -> None:
    assert Holes(tmp_path).opened(TOPS, 1_000, "killed") == Hole(TOPS, 1_000, None, "open", "killed")
    again = Holes(tmp_path)
    assert again.opened(TOPS, 5_000, "killed again") is None, "the first goes on"
    assert again.ended(TOPS, 7_000, "lost") == Hole(TOPS, 1_000, 7_000, "lost", "killed")
    assert holes_in(tmp_path) == [Hole(TOPS, 1_000, 7_000, "lost", "killed")]


def test_a_line_that_was_cut_off_is_no_line_and_spoils_none(tmp_path: Path) -> None:
    Holes(tmp_path).opened(TOPS, 1_000, "killed")
    with (tmp_path / "holes.jsonl").open("a") as file:
        file.write('{"of": "upbit BTC-KRW tops", "from": 10')
    holes = Holes(tmp_path)
    holes.ended(TOPS, 2_000, "lost")
    holes.opened(TOPS, 3_000, "again")
    assert [(hole.from_ms, hole.until_ms) for hole in holes_in(tmp_path)] == [(1_000, 2_000), (3_000, None)]


def test_what_was_never_open_cannot_end(tmp_path: Path) -> None:
    assert Holes(tmp_path).ended(TOPS, 1_000, "filled") is None
    assert holes_in(tmp_path) == []


def test_a_hole_that_is_widened_is_one_hole_whenever_the_kill_comes(tmp_path: Path) -> None:
    holes = Holes(tmp_path)
    holes.opened(TOPS, 5_000, "killed")
    before = (tmp_path / "holes.jsonl").read_bytes()
    assert holes.widened(TOPS, 1_000, "asked for").from_ms == 1_000
    assert holes.widened(TOPS, 2_000, "asked for").from_ms == 1_000, "it is there already"
    first, second = (tmp_path / "holes.jsonl").read_bytes().removeprefix(before).splitlines(keepends=True)
    (tmp_path / "holes.jsonl").write_bytes(before + first)
    again = Holes(tmp_path)
    assert (tmp_path / "holes.jsonl").read_bytes() == before + first + second, "what the kill left undone is done"
    again.ended(TOPS, 9_000, "filled")
    assert [hole for hole in holes_in(tmp_path) if hole.until_ms is None or hole.fate == "lost"] == []
