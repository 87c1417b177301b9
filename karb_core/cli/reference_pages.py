"""Writes the generated pages of the reference: `python -m karb_core.cli.reference_pages [FOLDER]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from karb_core.cli.describe_command import SECTIONS, kind_of, rows_of
from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import Offer
from karb_core.ports import PORTS
from karb_core.rulebook.schema import component_schema
from karb_core.texts.codes import CODES
from karb_core.texts.text import LANGUAGES, render

_MADE = "<!-- Generated: python -m karb_core.cli.reference_pages. Do not edit. -->\n"
_TITLES = {"en": "Error codes", "ko": "오류 코드"}
_INTRODUCTIONS = {
    "en": "What karb reports, and what to write instead. The same pages: `karb explain CODE`.",
    "ko": "karb가 알려 주는 것과 고치는 법입니다. 같은 내용: `karb --lang ko explain 코드`.",
}
_NAMED = "a name of your own"


def pages(offers: list[Offer]) -> dict[str, str]:
    """File name -> text."""
    return {
        "components.md": _joined(_components(offers)),
        "codes.md": _joined(_codes("en")),
        "codes.ko.md": _joined(_codes("ko")),
    }


def _joined(parts: Iterator[str]) -> str:
    return _MADE + "\n" + "\n".join(parts)


def _codes(lang: str) -> Iterator[str]:
    yield f"# {_TITLES[lang]}\n\n{_INTRODUCTIONS[lang]}\n"
    for code, texts in CODES.items():
        first, why, example = texts[LANGUAGES.index(lang)].split("\n\n", 2)
        yield f"## {code}\n\n**{first}**\n\n{why}\n\n{_fenced(example)}"


def _fenced(example: str) -> str:
    """Each half under its own word, as a block that is no whole strategy and therefore not marked as YAML."""
    out: list[str] = []
    for line in example.split("\n"):
        if line.startswith("    "):
            out.append(line[4:])
        else:
            out += (["```\n"] if out else []) + [f"{line}\n", "```text"]
    return "\n".join([*out, "```\n"])


def _components(offers: list[Offer]) -> Iterator[str]:
    yield "# Components\n\nEvery component that comes with karb. On a terminal: `karb list`, `karb describe NAME`.\n"
    yield (
        "Roles: a **rule** and **wiring** are yours and have no default; an **assumption** is what simulated runs take "
        "for true, yours too; **tech** is a setting of the machine, with its default.\n"
    )
    for port in PORTS:
        yield f"## {port}\n\nStands under `{SECTIONS[port]}:`.\n"
        for offer in sorted((o for o in offers if o.port == port), key=lambda o: o.use):
            yield f"### {offer.use}\n\n{render(offer.summary)}\n\n{_facts(offer)}\n\n{_parameters(offer)}\n"


def _facts(offer: Offer) -> str:
    facts = [f"Stage: {offer.stage}."]
    if modes := getattr(offer.component, "modes", None):
        facts.append(f"Modes: {', '.join(sorted(modes))}.")
    if stands := getattr(offer.component, "stands", None):
        facts.append(f"May stand at: {', '.join(sorted(stands))}.")
    if offer.extras:
        facts.append(f"Needs: `pip install '{offer.source.distribution}[{','.join(offer.extras)}]'`.")
    return " ".join(facts)


def _parameters(offer: Offer) -> str:
    schema = component_schema(offer)
    rows = [_row(path, node) for path, node in _paths(schema)]
    if not rows:
        return "No parameters."
    return "\n".join(
        ["| parameter | role | written as | meaning | example | default |", "|---|---|---|---|---|---|", *rows]
    )


def _paths(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    above: list[str] = []
    for depth, name, node in rows_of(schema, schema):
        above = [*above[:depth], name]
        yield ".".join(above), node


def _row(path: str, node: dict[str, Any]) -> str:
    told = _NAMED if path.endswith("NAME") else node.get("description", "")
    example = next(iter(node.get("examples") or ()), "")
    cells = [
        f"`{path}`",
        node.get("x-karb-role", ""),
        kind_of(node),
        told,
        _code(example),
        _code(node.get("default", "")),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _code(value: object) -> str:
    return f"`{value}`" if value != "" else ""


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference")
    for name, text in pages(list(Catalogue.installed().offers())).items():
        (folder / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
