"""`karb compare` as a person calls it: files and runs side by side, and the line that made decisions differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import Answer, answer_of, ours
from tests.plugins.karb_research.stages import HOUSE
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import Edit, edited, strategy_text

Karb = Callable[..., Answer]
HIGHER: Edit = ("normal: {z: 1.5, take_profit: 0.2%}", "normal: {z: 1.9, take_profit: 0.2%}")
SMALLER: Edit = ("extreme: {size: 30%, split: none}", "extreme: {size: 15%, split: none}")
DEARER: Edit = ("slippage: 3bp", "slippage: 9bp")


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Karb:
    """In a folder with a small hourly market, and four strategies over it."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    write_hourly(tmp_path)
    base = strategy_text(*TWO_RATES)
    for name, edits in (("base", ()), ("higher", (HIGHER,)), ("smaller", (SMALLER,)), ("dearer", (DEARER,))):
        (tmp_path / f"{name}.yaml").write_text(edited(base, *edits), "utf-8")
    return lambda *arguments: answer_of(capfd, arguments)


def told(karb: Karb, *named: str) -> dict[str, Any]:
    answer = karb("compare", *named, "--format", "json")
    assert answer.code == 0, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_any_number_of_files_stand_side_by_side_with_the_figures_of_their_backtests(karb: Karb) -> None:
    found = told(karb, "base.yaml", "higher.yaml", "smaller.yaml")
    assert [each["name"] for each in found["entrants"]] == ["base.yaml", "higher.yaml", "smaller.yaml"]
    assert [each["name"] for each in found["against_base"]] == ["higher.yaml", "smaller.yaml"]
    for entrant in found["entrants"]:
        alone = json.loads(karb("backtest", entrant["name"], "--format", "json").out)
        assert entrant["metrics"] == alone["metrics"]
        assert (entrant["net"], entrant["booked"]) == (alone["result"]["net"], [alone["result"]["booked"]])
        assert entrant["digests"] == alone["digests"]


def test_each_decision_that_differs_has_its_line(karb: Karb) -> None:
    higher, smaller = told(karb, "base.yaml", "higher.yaml", "smaller.yaml")["against_base"]
    assert [line["rule"] for line in higher["lines"]] == ["/signal/with/tiers/normal/z"]
    assert (higher["lines"][0]["base"]["written"], higher["lines"][0]["other"]["written"]) == ("1.5", "1.9")
    assert higher["decisions"][0]["why"] == "line"
    assert higher["decisions"][0]["lines"] == ["/signal/with/tiers/normal/z"]
    assert {one["why"] for one in higher["decisions"]} <= {"line", "follows", "refused"}
    assert {one["by"] for one in smaller["decisions"] if one["why"] == "line"} == {"both"}
    assert {line for one in smaller["decisions"] if one["why"] == "line" for line in one["lines"]} == {
        "/sizing/with/extreme/size"
    }
    for pairing in (higher, smaller):
        assert sum(row["decisions"] for row in pairing["by_line"]) == len(pairing["decisions"]) > 3


def test_a_file_is_the_same_as_itself_and_as_its_run(karb: Karb) -> None:
    run = json.loads(karb("backtest", "base.yaml", "--format", "json").out)["run"]
    found = told(karb, "base.yaml", "base.yaml", run[:8])
    for pairing in found["against_base"]:
        assert (pairing["lines"], pairing["decisions"], pairing["warnings"]) == ([], [], [])
    assert found["entrants"][2]["booked"] == found["entrants"][0]["booked"]
    assert found["entrants"][2]["metrics"] is None


def test_other_assumptions_are_never_compared_in_silence(karb: Karb) -> None:
    answer = karb("compare", "base.yaml", "dearer.yaml")
    assert answer.code == 0
    assert "dearer.yaml rests on other assumptions than base.yaml" in answer.err
    assert "/simulate/backtest/with/slippage  3bp -> 9bp" in answer.out
    assert "가정이 base.yaml와 다릅니다" in karb("--lang", "ko", "compare", "base.yaml", "dearer.yaml").err


def test_runs_over_other_data_say_so(karb: Karb) -> None:
    runs = [
        json.loads(karb("backtest", "base.yaml", "--format", "json", *more).out)["run"]
        for more in ((), ("--from", "2025-01-08"))
    ]
    answer = karb("compare", *runs)
    assert (answer.code, answer.err) == (0, "")
    other = Path("market.yaml").read_text("utf-8").replace("dataset: ", "dataset: x")
    Path("other.yaml").write_text(other, "utf-8")
    third = json.loads(karb("backtest", "base.yaml", "--data", "other.yaml", "--format", "json").out)["run"]
    answer = karb("compare", runs[0], third)
    assert "was carried out over other data than" in answer.err


def test_the_text_shows_figures_lines_and_decisions_in_both_languages(karb: Karb) -> None:
    answer = karb("compare", "base.yaml", "higher.yaml")
    heads = [line for line in answer.out.splitlines() if line and not line.startswith(" ")]
    assert [head.partition("  ")[0] for head in heads] == ["Side by side", "Lines that differ", "Decisions that differ"]
    lines = Path("higher.yaml").read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, 1) if "z: 1.9" in line)
    assert f"higher.yaml:{at}" in answer.out
    assert "by the line it cites" in answer.out
    korean = karb("--lang", "ko", "compare", "base.yaml", "higher.yaml").out
    assert "인용한 줄" in korean
    assert "by the line it cites" not in korean


@pytest.mark.parametrize(
    ("named", "says"),
    [(("base.yaml",), "name two or more"), (("base.yaml", "zzzz"), "zzzz"), (("base.yaml", "gone.yaml"), "gone.yaml")],
)
def test_what_cannot_be_compared_is_said(karb: Karb, named: tuple[str, ...], says: str) -> None:
    karb("backtest", "base.yaml")
    answer = karb("compare", *named)
    assert answer.code == 2
    assert says in answer.err


SETS = """\
karb: 1
comparison: tiny
about: what differs
data: market.yaml
from: none
to: 2025-01-16
sets:
  sizes: {as-it-is: base.yaml, small: smaller.yaml}
  bounds: {as-it-is: base.yaml, high: higher.yaml, dear: dearer.yaml}
"""


def test_a_study_names_sets_of_files_and_calls_each_by_its_word(karb: Karb) -> None:
    Path("sets.yaml").write_text(SETS, "utf-8")
    answer = karb("compare", "--study", "sets.yaml", "--format", "json")
    assert answer.code == 0, answer.all
    found = json.loads(answer.out)
    assert [(each["set"], [one["name"] for one in each["entrants"]]) for each in found["sets"]] == [
        ("sizes", ["as-it-is", "small"]), ("bounds", ["as-it-is", "high", "dear"]),
    ]  # fmt: skip
    sizes, bounds = found["sets"]
    assert sizes["entrants"][0]["run"] == bounds["entrants"][0]["run"]
    more = ("--data", "market.yaml", "--to", "2025-01-16", "--format", "json")
    alone = json.loads(karb("compare", "base.yaml", "smaller.yaml", *more).out)
    assert [one["metrics"] for one in sizes["entrants"]] == [one["metrics"] for one in alone["entrants"]]
    assert sizes["against_base"][0]["by_line"] == alone["against_base"][0]["by_line"]
    text = karb("compare", "--study", "sets.yaml").out
    assert [line for line in text.split("\n") if line in ("sizes", "bounds")] == ["sizes", "bounds"]


@pytest.mark.parametrize(
    ("edit", "more", "code", "says"),
    [
        (("small: smaller.yaml", "small: gone.yaml"), (), 2, "gone.yaml"),
        ((", small: smaller.yaml", ""), (), 3, "sets.sizes: one file alone"),
        (("to: 2025-01-16\n", ""), (), 3, "`to:"),
        (("sets:", "set:"), (), 3, "did you mean `sets`"),
        (("tiny", "tiny"), ("--to", "2025-01-10"), 2, "--study states its files"),
        (("tiny", "tiny"), ("base.yaml",), 2, "--study states its files"),
    ],
)
def test_a_study_that_cannot_be_compared_is_said(
    karb: Karb, edit: tuple[str, str], more: tuple[str, ...], code: int, says: str
) -> None:
    Path("sets.yaml").write_text(SETS.replace(*edit), "utf-8")
    answer = karb("compare", "--study", "sets.yaml", *more)
    assert (answer.code, says in answer.err) == (code, True), answer.all


def test_the_shipped_study_compares_its_variants_over_the_made_up_market(karb: Karb) -> None:
    answer = karb("compare", "--study", str(HOUSE / "studies" / "abc.yaml"), "--format", "json")
    assert (answer.code, answer.err) == (0, ""), answer.all
    variants, coins, entries = json.loads(answer.out)["sets"]
    assert [one["name"] for one in variants["entrants"]] == ["conservative", "a", "b", "c", "c-and-b"]
    assert all(one["trades"] > 0 for one in variants["entrants"])
    assert len({one["net"] for one in variants["entrants"]}) == 5
    assert [each["warnings"] for part in (variants, coins, entries) for each in part["against_base"]] == [[]] * 6
    assert {line["rule"].split("/")[2] for line in coins["against_base"][0]["lines"]} >= {"ETH", "XRP"}
    assert all("split" in line["rule"] for line in entries["against_base"][0]["lines"])
