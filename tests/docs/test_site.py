"""The pages make a site: each is in its navigation once, in both languages, and every link in it leads somewhere."""

from __future__ import annotations

import importlib.util
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import HOUSE, PAGES, name

SITE = HOUSE / ".ci" / "site.py"
#: Pages that are in English only, because those who write components or change karb read them.
FOR_AUTHORS = {
    "CHANGELOG.md",
    "docs/how-to/write-a-gate.md",
    "docs/how-to/write-a-plugin.md",
    "docs/how-to/write-a-signal.md",
    "docs/how-to/write-a-venue.md",
    "docs/how-to/write-an-alert.md",
    "docs/reference/binance-spot.md",
    "docs/reference/binance-usdm.md",
    "docs/reference/bithumb.md",
    "docs/reference/upbit.md",
}
needs_zensical = pytest.mark.skipif(
    importlib.util.find_spec("zensical") is None, reason="Zensical makes the site; it is in the dependency group `site`"
)


def leaves(of: object) -> Iterator[str]:
    """The pages of a navigation, from its first to its last."""
    if isinstance(of, str):
        yield of
    else:
        for inner in of.values() if isinstance(of, dict) else of:
            yield from leaves(inner)


def twin(page: str) -> Path:
    """Where the page's other language stands."""
    other = page.replace(".ko.md", ".md") if page.endswith(".ko.md") else page.replace(".md", ".ko.md")
    return HOUSE / other


def owners() -> list[str]:
    """English pages that owners read: all but decisions, plugins' own pages, and those named above."""
    named = [name(page) for page in PAGES if not page.name.endswith(".ko.md")]
    return [page for page in named if not page.startswith(("docs/decisions/", "plugins/")) and page not in FOR_AUTHORS]


@pytest.mark.parametrize("page", owners())
def test_a_page_for_owners_is_there_in_korean(page: str) -> None:
    assert twin(page).exists()


def test_no_korean_page_stands_alone() -> None:
    assert [name(page) for page in PAGES if page.name.endswith(".ko.md") and not twin(name(page)).exists()] == []


@pytest.mark.parametrize("page", owners())
def test_the_two_languages_lead_to_each_other(page: str) -> None:
    english, korean = HOUSE / page, twin(page)
    if english.read_text(encoding="utf-8").startswith("<!-- Generated"):
        return
    assert f"]({korean.name})" in english.read_text(encoding="utf-8")
    assert f"]({english.name})" in korean.read_text(encoding="utf-8")


@pytest.mark.parametrize("index", ["docs/index.md", "docs/index.ko.md"])
def test_the_indexes_name_a_page_once(index: str) -> None:
    found = re.findall(r"\]\(([^)]+\.md)\)", (HOUSE / index).read_text(encoding="utf-8"))
    assert sorted(found) == sorted(set(found))


def test_each_page_is_in_the_navigation_once() -> None:
    site = runpy.run_path(str(SITE))
    nav = list(leaves(site["navigation"](HOUSE)))
    shelf = {"strategies/README.md", "strategies/README.ko.md", "plugins/index.md"}
    assert sorted(nav) == sorted({*(name(page) for page in PAGES), *shelf})


@needs_zensical
def test_the_site_is_made_without_a_warning_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, str(SITE), str(tmp_path / "site")], capture_output=True, encoding="utf-8", check=False
    )
    assert (made.returncode, "arning" in made.stdout + made.stderr) == (0, False), made.stdout + made.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(PAGES)
    assert [dead for page in pages for dead in dead_links(page, tmp_path / "site")] == []


@needs_zensical
def test_a_link_that_leads_nowhere_makes_no_site(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# A page\n\n[gone](gone.md)\n", encoding="utf-8")
    settings = (HOUSE / "docs" / "zensical.toml").read_text(encoding="utf-8")
    placed = runpy.run_path(str(SITE))["placed"](settings, ["index.md"])
    (tmp_path / "zensical.toml").write_text(placed, encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"], cwd=tmp_path, capture_output=True, check=False
    )
    assert made.returncode != 0


def dead_links(page: Path, site: Path) -> Iterator[str]:
    """What a page of the site links to and the site has not, by its own addresses."""
    for link in re.findall(r'(?:href|src)="?([^"\s>]+)', page.read_text(encoding="utf-8")):
        path = unquote(re.split("[#?]", link)[0])
        if not path or re.match("[a-z]+:|//", path):
            continue
        target = site / path.lstrip("/") if path.startswith("/") else (page.parent / path)
        if not (target / "index.html" if target.is_dir() else target).exists():
            yield f"{page.relative_to(site)}: {link}"
