"""The files an owner starts from: they pass, and no line of them could be left out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_core.rules.shape import Path
from karb_core.texts.text import render
from tests.rulebook.shipped import NAMES, STRATEGIES, checked, shipped

MODELINE = "# yaml-language-server: $schema=../schemas/strategy.schema.json"
#: Keys whose absence says something by itself: a grant not given, a name not needed.
MAY_BE_ABSENT = {"about", "over_share", "id"}
#: Below these, names are the owner's own: what it means that one is absent is for the reviews.
NAMED = {("balances",), ("inventory",), ("pairs",), ("costs",), ("signal", "with", "tiers")}


@cache
def data(name: str) -> Any:
    return read(Source.of_text(shipped(name))).data


def emitted(value: Any) -> str:
    """YAML of one line that reads back as the same data: flow collections, every text quoted."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)}: {emitted(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(emitted, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "~"}[value]
    return (
        _quoted(value) if isinstance(value, str) else format(value, "f") if isinstance(value, Decimal) else str(value)
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def as_file(document: Any) -> str:
    return "".join(f"{key}: {emitted(value)}\n" for key, value in document.items())


def required(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every key of the file that a rule, an assumption or a component stands under."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        here = (*path, key)
        named = path in NAMED or (path == ("sizing", "with") and isinstance(inner, dict))
        if isinstance(key, str) and not named and key not in MAY_BE_ABSENT and key not in ("retry", "unwind"):
            yield here
        if isinstance(inner, dict | list):
            yield from required(inner, here)


def without(document: Any, path: Path) -> Any:
    found = here = copy.deepcopy(document)
    for key in path[:-1]:
        here = here[key]
    del here[path[-1]]
    return found


def test_every_shipped_file_is_tested_here() -> None:
    assert {path.stem for path in STRATEGIES.glob("*.yaml")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_has_no_error(name: str) -> None:
    found = checked(shipped(name))
    assert [f"{e.code} {e.mark}" for e in found.errors] == []
    assert found.rulebook is not None
    assert found.rulebook.file.name == name.replace("_", "-")


@pytest.mark.parametrize("name", NAMES)
def test_the_file_warns_of_nothing_but_what_cannot_run_yet(name: str) -> None:
    warned = {"kimp_threshold": {"K411"}}  # it pays the funding it asks for, and says so
    assert {finding.code for finding in checked(shipped(name)).findings} <= {"K428"} | warned.get(name, set())


def test_every_file_has_its_section_in_the_readme_in_both_languages() -> None:
    for readme in ("README.md", "README.ko.md"):
        heads = [line[3:] for line in (STRATEGIES / readme).read_text("utf-8").split("\n") if line.startswith("## ")]
        assert sorted(name for head in heads for name in head.split(", ")) == sorted([*NAMES, "abc"])


@pytest.mark.parametrize("name", NAMES)
def test_the_editor_finds_the_schema(name: str) -> None:
    assert shipped(name).split("\n")[0] == MODELINE


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_plain_text_in_one_form(name: str) -> None:
    data = (STRATEGIES / f"{name}.yaml").read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert max(map(len, shipped(name).split("\n"))) <= 130


@pytest.mark.parametrize("name", NAMES)
def test_what_this_test_writes_is_the_same_file(name: str) -> None:
    text = as_file(data(name))
    again, found = checked(text), checked(shipped(name))
    assert again.errors == ()
    assert again.rulebook is not None
    assert found.rulebook is not None
    assert again.rulebook.digests == found.rulebook.digests


@pytest.mark.parametrize("name", NAMES)
def test_any_line_left_out_is_one_error_that_names_it(name: str) -> None:
    """Each line of each shipped file, alone."""
    removed = [path for path in required(data(name)) if path[-1] != "with"]
    assert len(removed) > 50
    for path in removed:
        errors = checked(as_file(without(data(name), path))).errors
        assert len(errors) == 1, (path, [render(error.said) for error in errors])
        (error,), key = errors, str(path[-1])
        assert error.code in ("K209", "K205", "K302"), path
        assert f"`{key}`" in render(error.said) or f"`{key}:`" in render(error.said), path
        assert error.help is not None, path
        assert f"`{key}:" in render(error.help), path


@pytest.mark.parametrize("name", NAMES)
def test_parameters_left_out_together_are_named_one_by_one(name: str) -> None:
    document = data(name)
    found = checked(as_file(without(document, ("signal", "with"))))
    missing = [render(error.said).split("`")[1] for error in found.errors if error.code == "K302"]
    assert missing == list(document["signal"]["with"])
    assert len(found.errors) == len(missing)
