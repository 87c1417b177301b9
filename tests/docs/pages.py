"""The pages people read, and the fenced blocks in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PAGES = sorted(
    [HOUSE / "CHANGELOG.md", *HOUSE.glob("README*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("plugins/*/README.md")]
)

_FENCE = re.compile(r"^```(\w*)$")
_NOTE = re.compile(r"^<!-- (\w+): (.+) -->$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, or a comment that tells the tests what the reader is told in words.

    `kind` is the word after the fence, or the comment's; `note` is the comment right above a block, as in
    `<!-- file: a.py -->`.
    """

    page: Path
    line: int
    kind: str
    text: str
    note: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{name(self.page)}:{self.line}"


def name(page: Path) -> str:
    return page.relative_to(HOUSE).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """In the order of the page. A comment that no block follows is a block of its own."""
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    note: tuple[str, str] | None = None
    for number, line in lines:
        if comment := _NOTE.match(line):
            note = (comment[1], comment[2])
            if comment[1] == "change":
                yield Block(page, number, "change", comment[2])
        elif fence := _FENCE.match(line):
            inside = []
            for _, inner in lines:
                if inner == "```":
                    break
                inside.append(inner + "\n")
            yield Block(page, number, fence[1], "".join(inside), note)
        if line and not comment:
            note = None


def all_blocks(kind: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.kind == kind]
