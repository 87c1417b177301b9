"""Makes a site of the pages, in English and Korean, by Zensical. Its warnings are errors: a link that leads nowhere ends it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
#: What the site is made of; the files that pages link to stand beside them, as in the repository.
PARTS = (
    "README*.md",
    "CHANGELOG.md",
    "docs/**/*.md",
    "docs/**/*.csv",
    "plugins/*/README.md",
    "strategies/*",
    "studies/*",
    "datasets/*",
)
LANGUAGES = {"English": "", "한국어": ".ko"}


def main(target: str) -> int:
    """The site is written to the folder `target`. Exit code 0: it was made, without a warning."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        gather(HOUSE, room / "pages")
        settings = (HOUSE / "docs" / "zensical.toml").read_text(encoding="utf-8")
        (room / "zensical.toml").write_text(placed(settings, navigation(HOUSE)), encoding="utf-8")
        made = subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=room, check=False)
        if made.returncode == 0:
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(room / "site", target)
        return made.returncode


def gather(house: Path, pages: Path) -> None:
    """A copy of what the site is made of. A page for the folder of the plugins is added, because pages link to the folder."""
    for part in PARTS:
        for file in house.glob(part):
            if file.is_file():
                (pages / file.relative_to(house)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, pages / file.relative_to(house))
    listed = [
        f"- [{page.parent.name}]({page.parent.name}/README.md)" for page in sorted(house.glob("plugins/*/README.md"))
    ]
    (pages / "plugins" / "index.md").write_text("\n".join(["# Plugins", "", *listed, ""]), encoding="utf-8")


def navigation(house: Path) -> list[dict[str, object]]:
    """A tab for each language, and one for plugins and changes, which are in English only.

    Sections and their order are those of docs/index.md; a page is called by its own title. Decisions are in the order of
    their numbers.
    """
    tabs: list[dict[str, object]] = []
    for language, suffix in LANGUAGES.items():
        entries: list[object] = [f"README{suffix}.md", f"docs/index{suffix}.md", f"strategies/README{suffix}.md"]
        for title, pages in sections(house):
            inside = [page for page in (_in(house, page, suffix) for page in pages) if page]
            if inside:
                entries.append({title[language == "한국어"]: inside})
        tabs.append({language: entries})
    plugins = sorted(page.relative_to(house).as_posix() for page in house.glob("plugins/*/README.md"))
    decisions = sorted(page.relative_to(house).as_posix() for page in house.glob("docs/decisions/[0-9]*.md"))
    tabs.append({"Plugins": ["plugins/index.md", *plugins]})
    tabs.append({"Decisions": ["docs/decisions/index.md", *decisions, "CHANGELOG.md"]})
    return tabs


#: The headings of docs/index.md, with the Korean word for each.
KOREAN = {
    "Learn": "배우기",
    "Do": "하기",
    "Write your own": "직접 만들기",
    "Look up": "찾아보기",
    "Understand": "이해하기",
}


def sections(house: Path) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """The parts of docs/index.md: their names in both languages, and the English pages that each leads to, once."""
    text = (house / "docs" / "index.md").read_text(encoding="utf-8")
    for part in re.split(r"^\*\*(?=[A-Z])", text, flags=re.MULTILINE)[1:]:
        name = part[: part.index(".**")]
        found = re.findall(r"\]\(([a-z][a-z0-9/-]*\.md)\)", part)
        pages = [f"docs/{page}" for page in dict.fromkeys(found) if not page.startswith("decisions/")]
        if pages:
            yield (name, KOREAN[name]), pages


def _in(house: Path, page: str, suffix: str) -> str | None:
    """The page in that language, if there is one."""
    named = f"{page.removesuffix('.md')}{suffix}.md"
    return named if (house / named).exists() else None


def placed(settings: str, nav: list[dict[str, object]]) -> str:
    """The settings with where the pages are, and their order."""
    head = f'docs_dir = "pages"\nsite_dir = "site"\nnav = {_toml(nav)}\n'
    return settings.replace("[project]\n", f"[project]\n{head}", 1)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(of)}" for key, of in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
