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
_NAMED = {"en": "a name of your own", "ko": "직접 짓는 이름"}

#: What stands around the components, by language.
_AROUND = {
    "en": {
        "title": "Components",
        "about": "Every component that comes with karb. On a terminal: `karb list`, `karb describe NAME`.",
        "roles": (
            "Roles: a **rule** and **wiring** are yours and have no default; an **assumption** is what simulated runs take "
            "for true, yours too; **tech** is a setting of the machine, with its default."
        ),
        "under": "Stands under `{section}:`.",
        "stage": "Stage: {stage}.",
        "modes": "Modes: {modes}.",
        "stands": "May stand at: {places}.",
        "needs": "Needs: `pip install '{package}'`.",
        "none": "No parameters.",
        "head": "| parameter | role | written as | meaning | example | default |",
    },
    "ko": {
        "title": "구성 요소",
        "about": "karb와 함께 오는 모든 구성 요소입니다. 터미널에서: `karb --lang ko list`, `karb --lang ko describe 이름`.",
        "roles": (
            "역할: **rule**(규칙)과 **wiring**(연결)은 당신이 쓰고 기본값이 없습니다. **assumption**(가정)은 모의 실행이 참으로 "
            "놓는 것이고 역시 당신이 씁니다. **tech**는 컴퓨터의 설정이고 기본값이 있습니다."
        ),
        "under": "`{section}:` 아래에 씁니다.",
        "stage": "단계: {stage}.",
        "modes": "모드: {modes}.",
        "stands": "쓸 수 있는 곳: {places}.",
        "needs": "필요한 것: `pip install '{package}'`.",
        "none": "매개변수가 없습니다.",
        "head": "| 매개변수 | 역할 | 쓰는 꼴 | 뜻 | 예 | 기본값 |",
    },
}


def pages(offers: list[Offer]) -> dict[str, str]:
    """File name -> text."""
    return {
        "components.md": _joined(_components(offers, "en")),
        "components.ko.md": _joined(_components(offers, "ko")),
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


def _components(offers: list[Offer], lang: str) -> Iterator[str]:
    around = _AROUND[lang]
    yield f"# {around['title']}\n\n{around['about']}\n"
    yield f"{around['roles']}\n"
    for port in PORTS:
        yield f"## {port}\n\n{around['under'].format(section=SECTIONS[port])}\n"
        for offer in sorted((o for o in offers if o.port == port), key=lambda o: o.use):
            summary = render(offer.summary, lang)
            yield f"### {offer.use}\n\n{summary}\n\n{_facts(offer, around)}\n\n{_parameters(offer, lang)}\n"


def _facts(offer: Offer, around: dict[str, str]) -> str:
    facts = [around["stage"].format(stage=offer.stage)]
    if modes := getattr(offer.component, "modes", None):
        facts.append(around["modes"].format(modes=", ".join(sorted(modes))))
    if stands := getattr(offer.component, "stands", None):
        facts.append(around["stands"].format(places=", ".join(sorted(stands))))
    if offer.extras:
        facts.append(around["needs"].format(package=f"{offer.source.distribution}[{','.join(offer.extras)}]"))
    return " ".join(facts)


def _parameters(offer: Offer, lang: str) -> str:
    schema = component_schema(offer, lang)
    rows = [_row(path, node, lang) for path, node in _paths(schema)]
    if not rows:
        return _AROUND[lang]["none"]
    return "\n".join([_AROUND[lang]["head"], "|---|---|---|---|---|---|", *rows])


def _paths(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    above: list[str] = []
    for depth, name, node in rows_of(schema, schema):
        above = [*above[:depth], name]
        yield ".".join(above), node


def _row(path: str, node: dict[str, Any], lang: str) -> str:
    told = _NAMED[lang] if path.endswith("NAME") else node.get("description", "")
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
