"""Parameters as an owner writes them, read as strictly as from a strategy file, with one of them left out or another."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_core.rules.class_check import role_of
from karb_core.rules.mistakes import Mistake, read_block
from karb_core.rules.params import Params
from karb_core.rules.roles import Role
from karb_core.rules.shape import Path, slots_and_values


@dataclass(frozen=True, slots=True)
class Vary:
    """Another value of one rule. `beside`: what both sides say besides, by path, so that the rule has something to do."""

    to: str
    beside: Mapping[str, str] = field(default_factory=dict)


def data_of(text: str) -> Any:
    """A block of YAML as the reader of strategy files gives it; no text is an empty block.

    Errors: AssertionError for what it refuses.
    """
    if not text.strip():
        return {}
    document = read(Source.of_text(text, "params"))
    assert not document.findings, [finding.said for finding in document.findings]
    return document.data


def params_of(model: type[Params], data: Any) -> Params:
    """Errors: AssertionError, with every mistake, for what the class refuses."""
    found = read_block(model, data)
    assert isinstance(found, Params), [(mistake.path, mistake.text) for mistake in found]
    return found


def mistakes_of(model: type[Params], data: Any) -> list[Mistake]:
    """What the class refuses; empty for parameters that are right."""
    found = read_block(model, data)
    return found if isinstance(found, list) else []


def changed(data: Any, values: Mapping[str, str]) -> Any:
    """A copy with these values, each YAML, at these paths (`tiers.normal.z`)."""
    found = copy.deepcopy(data)
    for path, text in values.items():
        *above, last = path.split(".")
        _inside(found, tuple(above))[_step(last)] = data_of(f"value: {text}")["value"]
    return found


def without(data: Any, path: Path) -> Any:
    """A copy that lacks what stands there."""
    found = copy.deepcopy(data)
    del _inside(found, path[:-1])[path[-1]]
    return found


def ruled(params: Params) -> dict[str, Role]:
    """By path, each rule and assumption in force: a grant that is not given is none."""
    found: dict[str, Role] = {}
    for path, _, _, declared, value in slots_and_values(params):
        role = Role.RULE if declared is None else role_of(declared)
        absent = declared is not None and not declared.is_required() and value is None
        if role in (Role.RULE, Role.ASSUMPTION) and not absent:
            found[".".join(map(str, path))] = role
    return found


def keys(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every key of the blocks in it."""
    if isinstance(data, dict):
        for key, inner in data.items():
            yield (*path, key)
            yield from keys(inner, (*path, key))


def _inside(data: Any, path: Path) -> Any:
    for step in path:
        data = data[_step(step)]
    return data


def _step(step: str | int) -> str | int:
    return int(step) if isinstance(step, str) and step.isdecimal() else step
