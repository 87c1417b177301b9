"""Scenario files: those that are shipped can be read, and a mistake in one is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.rulebook.plain_check import check_plain
from karb_core.rulebook.source import Source
from karb_core.texts.text import LANGUAGES, render
from karb_research.scenario import Scenario
from tests.plugins.karb_research.stages import HOUSE, SCENARIOS
from tests.rulebook.shipped import place

GOOD = (HOUSE / "scenarios" / "flash-crash.yaml").read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SCENARIOS, ids=name)
def test_a_shipped_scenario_has_no_mistake_and_the_name_of_its_file(path: Path):
    checked = check_plain(Source.of_text(path.read_text(encoding="utf-8"), path.name), Scenario)
    assert [render(finding.said) for finding in checked.findings] == []
    assert checked.block is not None
    assert checked.block.scenario == path.stem


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "said"),
    [
        ("order_latency: 80ms", "order_latency: 80", "K303", "order_latency: ^80\n", "`80` has no unit"),
        ("order_latency: 80ms", "ordr_latency: 80ms", "K301", "^ordr_latency", "no parameter `ordr_latency`"),
        ("  spread: 4bp\n", "", "K302", "^usual:", "`spread` is not set"),
        ("settles: 2m", "settles: soon", "K303", "settles: ^soon", "`soon`"),
        ("settles: 2m", "settels: 2m", "K202", "^settels: 2m", "no section `settels`"),
        ("settles: 2m\n", "", "K209", "^# A crash", "section `settles` is missing"),
        ("legs: both, by: -10%", "legs: all, by: -10%", "K303", "legs: ^all", "`all`"),
        ("legs: both, factor: 10", "legs: both, factor: 10, factor: 2", "K103", "factor: 10, ^factor: 2", "twice"),
        ("karb: 1\n", "karb: 2\n", "K208", "karb: ^2", "format 2"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, code: str, at: str, said: str):
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    checked = check_plain(Source.of_text(text, "mine.yaml"), Scenario)
    assert checked.block is None
    found = [(f.code, f.mark.line, f.mark.column, render(f.said)) for f in checked.findings]
    assert [each[:3] for each in found] == [(code, *place(text, at))]
    assert said in found[0][3]


@pytest.mark.parametrize(("text", "code"), [("- a\n- b\n", "K201"), ("# nothing\n", "K201"), ("a: [\n", "K101")])
def test_what_is_no_such_file_at_all_is_told_too(text: str, code: str):
    checked = check_plain(Source.of_text(text), Scenario)
    assert checked.block is None
    assert [finding.code for finding in checked.findings] == [code]
    assert all(render(finding.said, lang) for finding in checked.findings for lang in LANGUAGES)
