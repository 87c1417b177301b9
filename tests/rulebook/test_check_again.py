"""A file that says something else in one component is checked as if it had been read for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check_again, check_document
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from tests.rulebook.shipped import edited, shipped

HOUSE = Path(__file__).parents[2]
FILES = sorted((HOUSE / "strategies").glob("*.yaml"))
#: Some fit where they come to stand, most do not: what is found must be the same either way.
OTHERS = ("none", "0.7%", "3", "2h", "[entry]", "true", "{for: 3h, then: exit}", "'x'")


def document(text: str) -> Document:
    return read(Source.of_text(text, "a.yaml"))


def otherwise(text: str, of: Document, pointer: tuple[str | int, ...], value: str) -> str:
    """The file with another value at a place that one line states; the same where it is none."""
    mark, written = of.mark(pointer), of.written[pointer]
    lines = text.split("\n")
    line = lines[mark.line - 1]
    at = line.find(written, mark.column - 1)
    if at < 0:
        return text
    lines[mark.line - 1] = line[:at] + value + line[at + len(written) :]
    return "\n".join(lines)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_each_value_of_each_component_is_found_as_by_a_first_reading(file: Path) -> None:
    catalogue, text = Catalogue.installed(), file.read_text("utf-8")
    whole = document(text)
    before = check_document(whole, catalogue).rulebook
    assert before is not None
    accepted = refused = 0
    for pointer in places(whole, before):
        for value in OTHERS:
            now = document(otherwise(text, whole, pointer, value))
            again, anew = check_again(now, before, [pointer], catalogue), check_document(now, catalogue)
            assert again == anew, (pointer, value)
            accepted += anew.rulebook is not None
            refused += bool(anew.errors)
    assert accepted > 20
    assert refused > 20


def places(of: Document, before: Rulebook) -> list[tuple[str | int, ...]]:
    seats = [(*seat.path, "with") for seat in before.seats]
    return [path for path in of.written if any(path[: len(seat)] == seat for seat in seats)]


def test_a_change_outside_of_components_is_read_whole() -> None:
    catalogue, text = Catalogue.installed(), shipped()
    before = check_document(document(text), catalogue).rulebook
    assert before is not None
    now = document(edited(("capital: 40,000,000 KRW", "capital: 50,000,000 KRW")))
    found = check_again(now, before, [("capital",)], catalogue)
    assert found == check_document(now, catalogue)
    assert found.rulebook is not None
    assert found.rulebook.digests != before.digests
