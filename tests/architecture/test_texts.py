"""Every sentence that karb can say is there in both languages, fits what fills it, and is said somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from string import Formatter

import pytest

from karb_core.texts.text import SUBJECTS, Text, render, templates

CORE = Path(__file__).parents[2] / "karb_core"
TABLES = {CORE / "texts" / f"{subject}.py" for subject in SUBJECTS}
SAYING = {"Text", "_Refused"}  # what takes a key first


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def modules() -> dict[Path, ast.Module]:
    files = set(CORE.rglob("*.py")) | set((CORE.parent / "plugins").rglob("*.py"))
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(files - TABLES)}


MODULES = modules()


def words(tree: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def imported(tree: ast.AST) -> list[Path]:
    """The files of ours that a module takes names from."""
    names = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
    return [CORE.parent / f"{name.replace('.', '/')}.py" for name in names]


def made(key: ast.expr, known: set[str]) -> set[str]:
    """The keys that an expression can give; texts of the module, and of those it imports, fill an f-string."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return {key.value}
    if isinstance(key, ast.IfExp):
        return made(key.body, known) | made(key.orelse, known)
    if isinstance(key, ast.JoinedStr):
        parts = [made(part, known) if isinstance(part, ast.Constant) else known for part in key.values]
        return {"".join(filled) for filled in product(*parts)} if len(key.values) - _fixed(key) < 2 else set()
    return set()


def _fixed(key: ast.JoinedStr) -> int:
    return sum(isinstance(part, ast.Constant) for part in key.values)


def _is_blank(call: ast.Call) -> bool:
    return isinstance(call.args[0], ast.Constant) and call.args[0].value == ""


def said() -> Iterator[tuple[str, ast.Call, set[str]]]:
    """Every place where a sentence is said, with the keys it can have there."""
    for path, tree in MODULES.items():
        known = words(tree).union(*(words(MODULES[p]) for p in imported(tree) if p in MODULES))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING and node.args:
                if _is_blank(node):
                    continue  # it fills a place that is never rendered
                yield f"{path.relative_to(CORE.parent)}:{node.lineno}", node, made(node.args[0], known)


SAID = list(said())


@pytest.mark.parametrize("key", templates())
def test_a_sentence_is_there_in_both_languages_with_the_same_gaps(key: str) -> None:
    english, korean = templates()[key]
    assert places(english) == places(korean)
    own_words = "".join(literal for literal, _, _, _ in Formatter().parse(english))
    assert re.search("[가-힣]", korean) or not re.search("[a-z]", own_words)
    assert not re.search("[가-힣]", english)
    filled = Text(key, dict.fromkeys(places(english), "{x}"))
    assert "\n" not in render(filled) + render(filled, "ko")


def test_no_key_is_in_two_tables() -> None:
    assert sum(len(import_module(f"karb_core.texts.{s}").TEXTS) for s in SUBJECTS) == len(templates())


def test_every_table_is_asked() -> None:
    tables = {path.stem for path in (CORE / "texts").glob("*.py") if "TEXTS:" in path.read_text(encoding="utf-8")}
    assert tables == set(SUBJECTS)


def test_what_is_said_is_in_the_tables() -> None:
    assert len(SAID) > 100
    wrong = [(place, sorted(keys)) for place, call, keys in SAID if _is_spelt(call) and not keys <= templates().keys()]
    nowhere = [
        (place, sorted(keys)[:3])
        for place, call, keys in SAID
        if not _is_spelt(call) and keys and not keys & templates().keys()
    ]
    assert (wrong, nowhere) == ([], [])


def _is_spelt(call: ast.Call) -> bool:
    """Whether its keys stand there whole."""
    key = call.args[0]
    return isinstance(key, ast.Constant | ast.IfExp) and not _is_blank(call)


def test_what_is_said_fills_every_gap() -> None:
    short = []
    for place, call, keys in SAID:
        given = _given(call)
        for key in keys & templates().keys() if given is not None and _is_spelt(call) else ():
            short += [(place, key, gap) for gap in places(templates()[key][0]) - (given or set())]
    assert short == []


def _given(call: ast.Call) -> set[str] | None:
    """The names that fill gaps, where they stand there whole."""
    if any(k.arg is None for k in call.keywords):
        return None
    if len(call.args) < 2:
        return {k.arg for k in call.keywords if k.arg is not None}
    if not isinstance(call.args[1], ast.Dict) or not all(isinstance(k, ast.Constant) for k in call.args[1].keys):
        return None
    return {str(k.value) for k in call.args[1].keys if isinstance(k, ast.Constant)}


def test_every_sentence_is_said_somewhere() -> None:
    spelt = {word for tree in MODULES.values() for word in words(tree)}
    filled = {key for _, _, keys in SAID for key in keys}
    assert templates().keys() - spelt - filled == set()
