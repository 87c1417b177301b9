"""What the pages show is what karb does: strategies are checked, commands are run, their output is compared."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.finding import Severity
from karb_core.rulebook.source import Source
from karb_core.texts.text import render
from tests.docs.pages import HOUSE, PAGES, Block, all_blocks, blocks, name
from tests.docs.workplace import Workplace, with_sections


def _keys(text: str) -> set[str]:
    """The sections of a file of that text."""
    return {line.partition(":")[0] for line in text.splitlines()}


#: What a page puts into its reader's file is checked by the commands that follow; datasets, scenarios and studies have
#: tests of their own.
STRATEGIES = [
    block
    for block in all_blocks("yaml")
    if not (block.note and block.note[0] == "into")
    and not {"comparison", "dataset", "scenario", "study"} & _keys(block.text)
]
SESSIONS = [page for page in PAGES if any(block.kind == "console" for block in blocks(page))]
PYTHON = [page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")]


def whole(block: Block) -> str:
    """A block that states only some sections takes the others from a shipped strategy."""
    if "karb: 1\n" in block.text:
        return block.text
    file = block.note[1] if block.note and block.note[0] == "in" else "quickstart.yaml"
    return with_sections((HOUSE / "strategies" / file).read_text(encoding="utf-8"), block.text)


def test_there_are_examples() -> None:
    assert len(STRATEGIES) >= 10
    assert len(SESSIONS) >= 3
    assert len(PYTHON) >= 2


@pytest.mark.parametrize("block", STRATEGIES, ids=str)
def test_a_strategy_on_a_page_has_no_error(block: Block) -> None:
    checked = check(Source.of_text(whole(block), str(block)), Catalogue.installed())
    assert [render(f.said) for f in checked.findings if f.severity is Severity.ERROR] == []
    assert checked.rulebook is not None


@pytest.mark.parametrize("page", SESSIONS, ids=name)
def test_the_commands_of_a_page_do_what_it_shows(page: Path, tmp_path: Path) -> None:
    place = Workplace.create(tmp_path)
    for block in blocks(page):
        place.do(block)


@pytest.mark.parametrize("page", PYTHON, ids=name)
def test_python_on_a_page_gives_what_it_shows(page: Path) -> None:
    # Alone on a line, the fence would be read as output.
    text = page.read_text(encoding="utf-8").replace("```", "")
    told: list[str] = []
    example = doctest.DocTestParser().get_doctest(text, {}, name(page), str(page), 0)
    doctest.DocTestRunner(verbose=False).run(example, out=told.append)
    assert "".join(told) == ""
