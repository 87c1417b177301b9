"""Every file says what it is about, is named by a word of the domain, and can be read at one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
FILES = sorted(path for root in ("karb_core", "plugins") for path in (HOUSE / root).rglob("*.py"))
TESTS = sorted((HOUSE / "tests").rglob("*.py"))
SHELVES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
LONGEST = 500


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 50
    assert len(TESTS) > 20


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_says_what_it_is_about(path: Path) -> None:
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert told is not None
    assert len(told) > 10


@pytest.mark.parametrize("path", [*FILES, *TESTS], ids=name)
def test_a_file_has_a_name_of_its_own_and_a_length_to_read(path: Path) -> None:
    assert SHELVES.isdisjoint(path.relative_to(HOUSE).with_suffix("").parts)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
