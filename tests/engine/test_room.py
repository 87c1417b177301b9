"""The desk and the ledger know legs, amounts and assets; which leg is which is a matter of pairs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "karb_core"
FILES = sorted([*(HOUSE / "engine").rglob("*.py"), *(HOUSE / "ledger").rglob("*.py")])
#: The words themselves, also as parts of a name: `near_leg`, `usdt_rate`, `nearLeg`.
WORDS = re.compile(r"(?<![a-z])(near|far|krw|usdt)(?![a-z])", re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(HOUSE)) for path in FILES])
def test_no_file_speaks_of_one_kind_of_pair(path: Path) -> None:
    told = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if WORDS.search(line)
    ]
    assert told == []


@pytest.mark.parametrize("line", ["near = 1", "the near leg", "near_leg", "x_far", "KRW", "a USDT amount", "usdt_rate"])
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    assert WORDS.search(line)


@pytest.mark.parametrize("line", ["nearer", "farther", "nearest", "afar"])
def test_and_nothing_else(line: str) -> None:
    assert not WORDS.search(line)
