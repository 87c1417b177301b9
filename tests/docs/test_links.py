"""Every page can be found, every link leads somewhere, and every decision is in the table."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.docs.pages import HOUSE, PAGES, name

DOCS = HOUSE / "docs"
DECISIONS = DOCS / "decisions"


def links(page: Path) -> list[Path]:
    """Where the page's relative links lead."""
    found = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    return [(page.parent / link).resolve() for link in found if "://" not in link]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_leads_somewhere(page: Path) -> None:
    assert [str(target) for target in links(page) if not target.exists()] == []


def test_the_index_leads_to_every_page() -> None:
    decisions = DECISIONS / "index.md"
    listed = {*links(DOCS / "index.md"), *links(DOCS / "index.ko.md"), *links(decisions)}
    pages = {path.resolve() for path in DOCS.glob("**/*.md")} - {
        (DOCS / "index.md").resolve(),
        (DOCS / "index.ko.md").resolve(),
    }
    assert pages - listed == set()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in DECISIONS.glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10


@pytest.mark.parametrize("page", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_a_decision_says_why_and_what_was_not_chosen(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall("^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Not chosen"]
    assert len(text.splitlines()) <= 60


def test_every_dependency_has_its_line() -> None:
    house = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    project = house["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    tools = [line for lines in house["dependency-groups"].values() for line in lines if isinstance(line, str)]
    named = {Requirement(line).name for line in [*project["dependencies"], *extras, *tools]}
    table = (DECISIONS / "index.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Za-z0-9_-]+)` \|", table, flags=re.MULTILINE))
    assert named - told == set()


def test_every_section_of_a_strategy_has_its_line() -> None:
    from karb_core.rulebook.strategy_file import StrategyFile

    assert {field.alias or key for key, field in StrategyFile.model_fields.items()} == sections_told("strategy")


def test_every_section_of_a_scenario_has_its_line() -> None:
    from karb_research.scenario import Scenario

    assert set(Scenario.model_fields) == sections_told("scenario")


def sections_told(file: str) -> set[str]:
    """The keys in the first column of the table of a file's sections."""
    page = (DECISIONS / "index.md").read_text(encoding="utf-8")
    table = page.partition(f"\n## The sections of a {file} file\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", table, flags=re.MULTILINE)
    return {key for row in rows for key in re.findall("`([a-z_]+):`", row)}
