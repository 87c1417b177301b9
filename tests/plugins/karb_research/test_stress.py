"""`karb stress` as a person calls it: every shipped strategy through every shipped scenario, and what it says of mistakes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import Answer, answer_of, ours
from tests.plugins.karb_research.stages import HOUSE, SCENARIOS

#: The bad days begin with a premium that swings by some percent about its mean: it is entered by how unusual it is, not at 3 %.
NOT_ENTERED = {"kimp_threshold", "kimp_threshold_carry"}
#: Judged on a grid of tops, which bad days do not carry out yet.
ON_A_GRID = {"kimp_multi_timeframe"}
#: Bad days are made of the sample's market, which has no spot abroad.
NOT_THERE = {"cash_and_carry"}
STRATEGIES = [
    path
    for path in sorted((HOUSE / "strategies").glob("*.yaml"))
    if path.stem not in NOT_ENTERED | ON_A_GRID | NOT_THERE
]
QUICKSTART = HOUSE / "strategies" / "quickstart.yaml"
#: What is known not to be survived, and why; a trial that is survived after all has to go from here.
Karb = Callable[..., Answer]


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Karb:
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: answer_of(capfd, arguments)


def scenarios_of(answer: Answer) -> dict[str, dict[str, Any]]:
    return {each["scenario"]: each for each in json.loads(answer.out)["scenarios"]}


def halting(folder: Path) -> Path:
    """The first strategy with a ladder that only halts."""
    text = QUICKSTART.read_text(encoding="utf-8").replace("../datasets", str(HOUSE / "datasets"))
    path = folder / "halting.yaml"
    path.write_text(re.sub(r"    - retry: .*?    - halt\n", "    - halt\n", text, flags=re.DOTALL), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", STRATEGIES, ids=lambda path: path.stem)
def test_a_shipped_strategy_survives_every_bad_day_or_says_which_line_does_not(karb: Karb, path: Path):
    answer = karb("stress", path, "--format", "json")
    found = scenarios_of(answer)
    assert found.keys() == {each.stem for each in SCENARIOS}
    failed = {(path.stem, name) for name, each in found.items() if each["verdict"] == "not survived"}
    assert failed == set(), [found[name]["why"] for _, name in failed]
    assert all(each["left_open_by"] for each in found.values() if each["verdict"] == "left open")
    assert all(each["orders"] and each["fired"] for each in found.values())
    assert answer.code == (10 if any(each["verdict"] != "survived" for each in found.values()) else 0)


@pytest.mark.parametrize("name", sorted(NOT_ENTERED))
def test_a_strategy_that_a_bad_day_does_not_reach_is_told_so(karb: Karb, name: str):
    answer = karb("stress", HOUSE / "strategies" / f"{name}.yaml", "--only", "flash-crash", "--format", "json")
    found = scenarios_of(answer)["flash-crash"]
    assert (answer.code, found["verdict"]) == (10, "not survived")
    assert "nothing was ever entered, so nothing was tried; nothing was proposed either" in found["why"]


@pytest.mark.parametrize("name", sorted(ON_A_GRID))
def test_a_strategy_on_a_grid_of_tops_is_refused_in_one_sentence(karb: Karb, name: str):
    answer = karb("stress", HOUSE / "strategies" / f"{name}.yaml")
    assert answer.code == 3
    assert "grid of tops" in answer.err


@pytest.mark.parametrize("name", sorted(NOT_THERE))
def test_a_strategy_of_what_the_bad_days_lack_is_refused_in_one_sentence(karb: Karb, name: str):
    answer = karb("stress", HOUSE / "strategies" / f"{name}.yaml")
    assert answer.code == 7
    assert "is not in this dataset" in answer.err


def test_a_trial_can_be_repeated(karb: Karb):
    asked = ("stress", QUICKSTART, "--only", "partial-fills", "--only", "latency-spike", "--format", "json")
    assert karb(*asked).out == karb(*asked).out


def test_the_owners_halt_is_named_where_it_leaves_a_leg_open(karb: Karb, tmp_path: Path):
    file = halting(tmp_path)
    line = file.read_text(encoding="utf-8").split("\n").index("    - halt") + 1
    asked = ("stress", file, "--scenarios", HOUSE / "scenarios", "--only", "near-leg-fails")
    answer = karb(*asked)
    assert answer.code == 10
    assert "near-leg-fails  a leg is left open, by your rules" in answer.out
    assert f"stays open by your line {file}:{line} " in answer.out
    assert scenarios_of(karb(*asked, "--format", "json"))["near-leg-fails"]["left_open_by"][0]["line"] == line


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "FILE is missing"),
        (("nowhere.yaml",), 2, "nowhere.yaml: there is no such file"),
        ((QUICKSTART, "--only", "flash"), 2, "did you mean `flash-crash`?"),
        ((QUICKSTART, "--only", "zzz"), 2, "there is no scenario `zzz`"),
        ((QUICKSTART, "--scenarios", "nowhere"), 2, "there is no folder nowhere"),
        ((QUICKSTART, "--scenarios", HOUSE / "docs"), 2, "has no scenario in it"),
        ((QUICKSTART, "--only", "flash-crash", "--data", "nowhere.yaml"), 2, "nowhere.yaml: there is no such file"),
        ((HOUSE / "datasets" / "sample.yaml",), 3, "sample.yaml: errors: "),
    ],
)
def test_a_mistake_is_one_clear_sentence(karb: Karb, arguments: tuple[object, ...], code: int, said: str):
    answer = karb("stress", *arguments)
    assert answer.code == code
    assert said in answer.err
    assert "Traceback" not in answer.all


def test_a_mistake_in_a_scenario_has_its_place(karb: Karb, tmp_path: Path):
    text = (HOUSE / "scenarios" / "flash-crash.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("settles: 2m", "settles: 2"), encoding="utf-8")
    answer = karb("--lang", "ko", "stress", QUICKSTART, "--scenarios", tmp_path)
    assert answer.code == 3
    assert re.search(r"mine\.yaml:\d+:10: error\[K303\]: `settles`", answer.err)
    assert answer.out == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by: -10%", "by: -100%", "events.0: `by` leaves no price: write more than -100%"),
        (
            "spread_times: {legs: both, factor: 10}",
            "rejects: {legs: both, part: 101%}",
            "events.1: `part` is more than all",
        ),
        (
            "spread_times: {legs: both, factor: 10}",
            "latency: {legs: far, from: 5s, to: 2s}",
            "`from` is longer than `to`",
        ),
    ],
)
def test_what_cannot_happen_is_said_before_it_is_tried(karb: Karb, tmp_path: Path, old: str, new: str, said: str):
    text = (HOUSE / "scenarios" / "flash-crash.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "mine.yaml").write_text(text.replace(old, new), encoding="utf-8")
    answer = karb("stress", QUICKSTART, "--scenarios", tmp_path)
    assert (answer.code, answer.out) == (3, "")
    assert said in answer.err


def test_it_stands_among_the_commands(karb: Karb):
    assert re.search(r"^  stress +from the plugin karb_research$", karb("--help").out, flags=re.MULTILINE)
    assert "--scenarios DIR" in karb("stress", "--help").out
