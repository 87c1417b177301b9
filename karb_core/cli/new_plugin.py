"""The files of a plugin that somebody begins: a package that is whole, and whose tests pass, from the first moment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from karb_core.plugin.hookspecs import HOOKS

_FOLDER = "plugin_template"


@dataclass(frozen=True, slots=True)
class Begun:
    """What a plugin of one kind begins with: `component` is the part after the point, `more` files beside its own."""

    component: str
    cls: str
    about: str
    more: tuple[tuple[str, str], ...] = ()
    needs: str = "karb"


KINDS: Mapping[str, Begun] = {
    "feed": Begun("lines", "Lines", "Tops of books from a file, a line each."),
    "fx_source": Begun("lines", "Lines", "A rate from a file, a line each."),
    "signal": Begun("level", "Level", "Enters above a level of the premium, and leaves by the exit policy."),
    "sizing": Begun("part", "Part", "Every entry's near leg is the same part of the capital."),
    "risk_gate": Begun("spread", "Spread", "Denies an entry across a wide book."),
    "executor": Begun(
        "orders",
        "Orders",
        "Places and follows orders at a venue that speaks JSON.",
        (
            ("account.py", "{package}/account.py"),
            ("wire.py", "{package}/wire.py"),
            ("venue_here.py", "tests/venue_here.py"),
        ),
        "karb[live]",
    ),
    "notifier": Begun("lines", "Lines", "Writes what happened to a file, a line each."),
}


def plugin_files(name: str, kind: str, karb: str) -> Iterator[tuple[str, str]]:
    """Each file's path inside the package's folder, and its text. `karb`: the version that it is begun with.

    Errors: KeyError for a kind that is none.
    """
    begun, package = KINDS[kind], f"karb_plugin_{name}"
    series = ".".join(karb.split(".")[:2])  # karb: constant because a series is a version's first two numbers
    words = {
        "name": name,
        "package": package,
        "project": f"karb-plugin-{name.replace('_', '-')}",
        "hook": next(hook for hook, port in HOOKS.items() if port == kind),
        "component": begun.component,
        "module": begun.component,
        "cls": begun.cls,
        "about": begun.about,
        "requirement": f"{begun.needs}>={series}",
    }
    words["section"] = _filled(f"{kind}/section.yaml", words)
    yield "pyproject.toml", _filled("common/pyproject.toml", words)
    yield "README.md", _filled("common/README.md", words)
    yield f"{package}/__init__.py", _filled("common/door.py", words)
    yield f"{package}/py.typed", ""
    yield f"{package}/{begun.component}.py", _filled(f"{kind}/component.py", words)
    yield "tests/test_contract.py", _filled(f"{kind}/test_contract.py", words)
    yield "tests/test_example.py", _filled("common/test_example.py", words)
    for template, path in begun.more:
        yield path.format(package=package), _filled(f"{kind}/{template}", words)
    yield "examples/strategy.yaml", with_sections(_filled("common/strategy.yaml", words), words["section"])


def with_sections(strategy: str, sections: str) -> str:
    """The strategy with these sections, whole, in the place of its own."""
    return "".join({**_sections(strategy), **{k: v for k, v in _sections(sections).items() if k}}.values())


def _sections(text: str) -> dict[str, str]:
    """By their top-level keys; what stands before the first is under ""."""
    parts = re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE)
    return {part.partition(":")[0] if i else "": part for i, part in enumerate(parts)}


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = files("karb_core.cli").joinpath(_FOLDER, f"{name}.txt").read_text("utf-8")
    return Template(text).substitute(words)
