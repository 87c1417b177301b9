"""The other way round: settings of the machine, all at a tenth and all at ten times, change no decision and no order."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from karb_core.ports import Change, Changes
from karb_core.rulebook.changed import changed
from karb_core.rulebook.check import check_document
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rule_lines import RuleLine, pointer
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.roles import Role
from karb_core.rules.shape import at
from karb_core.rules.written_value import flow
from tests.effects.done import differs
from tests.effects.files import FILES
from tests.effects.replays import WITHOUT_MARKET, Replays, replays_of
from tests.rulebook.shipped import installed

ALL = os.environ.get("KARB_EFFECTS") == "all"
TENTH, TEN_TIMES = Decimal("0.1"), Decimal(10)
_LONG = re.compile(r"([0-9.]+)(ms|s|m|h|d)")
_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
#: The variants have the settings of `kimp_tiered_1h`; `KARB_EFFECTS=all` goes through them too.
LOOKED_AT = {file for file in FILES if ALL or not file.startswith("abc/")} - WITHOUT_MARKET
_PORTS = {TENTH: 9, TEN_TIMES: 10}


@pytest.fixture(scope="module")
def replays() -> Iterator[Replays]:
    with Replays() as made:
        yield made


def settings(rulebook: Rulebook) -> list[RuleLine]:
    return [line for line in rulebook.lines if line.role is Role.TECH]


def scaled(line: RuleLine, times: Decimal) -> object:
    """What is no number is another of its kind: an address of this machine, another name."""
    value, name = str(line.value), line.pointer.rsplit("/", 1)[-1]
    long = _LONG.fullmatch(value)
    if long is not None:
        return f"{int(Decimal(long[1]) * _MS[long[2]] * times)}ms"
    if value.isdigit():
        return max(Decimal(1), Decimal(value) * times)
    kind = {"socket": "ws", "rest": "http", "address": "http", "base_url": "http", "rights_url": "http"}.get(name)
    return "other" + re.sub("[^0-9]", "", line.pointer) if kind is None else f"{kind}://127.0.0.1:{_PORTS[times]}"


def all_scaled(document: Document, rulebook: Rulebook, times: Decimal) -> Changes:
    """One change for each block that a setting stands in."""
    blocks: dict[str, Any] = {"/notifiers": []}
    for line in settings(rulebook):
        if line.pointer.startswith("/notifiers"):
            continue
        if line.pointer == "/about":
            blocks["/about"] = "another sentence"
            continue
        seat = line.pointer.split("/with/")[0].removesuffix("/id")
        path = tuple(int(step) if step.isdigit() else step for step in seat.split("/")[1:])
        block = blocks.setdefault(pointer(path), copy.deepcopy(at(document.data, path)))
        into = block if line.pointer.endswith("/id") else block.setdefault("with", {})
        into[line.pointer.rsplit("/", 1)[-1]] = scaled(line, times)
    return tuple(Change(place, flow(block)) for place, block in blocks.items())


@pytest.mark.parametrize("times", [TENTH, TEN_TIMES], ids=["a tenth", "ten times"])
@pytest.mark.parametrize("file", sorted(LOOKED_AT))
def test_no_setting_changes_a_decision_or_an_order(file: str, times: Decimal, replays: Replays) -> None:
    document, rulebook = replays.file(file)
    changes = all_scaled(document, rulebook, times)
    found = check_document(changed(document, changes), installed())
    after = found.rulebook
    assert after is not None, found.errors
    values = {line.pointer: line.value for line in settings(after)}
    same = {line.pointer for line in settings(rulebook) if values.get(line.pointer) == line.value}
    assert same == set(), "these were not changed"
    for replay in (replays_of(file, "/capital")[0], "scenario all-calm"):
        before = replays.done(file, (), replay)
        assert before.acts or before.decisions
        assert differs(before, replays.done(file, changes, replay)) is None, replay
