"""`karb walkforward` as a person calls it: windows as the study states them, and never a word of advice."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain import exact
from tests.cli.run import Answer, answer_of, ours
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import strategy_text

Karb = Callable[..., Answer]
STUDY = """\
karb: 1
study: tiny
about: what if
strategy: tiny.yaml
data: market.yaml
from: none
to: none
out_of_sample: none
sampler: {grid: all}
walk_forward:
  windows: {rolling: {in_sample: 5d, out_of_sample: 2d}}
  take: {measure: net, towards: highest}
vary:
  z: {range: {rule: /signal/with/tiers/normal/z, from: 1.0, to: 1.5, step: 0.25}}
  stop: {values: {rule: /signal/with/exit/stop_loss, of: [none, 1.5%]}}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with twelve days of a small hourly market, a strategy of three tiers over it, and a study of six points."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    write_hourly(tmp_path)
    (tmp_path / "tiny.yaml").write_text(strategy_text(*TWO_RATES), "utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    return tmp_path


@pytest.fixture
def karb(place: Path, capfd: pytest.CaptureFixture[str]) -> Karb:
    return lambda *arguments: answer_of(capfd, arguments)


def walk(karb: Karb, *more: object) -> Answer:
    return karb("walkforward", "study.yaml", "--cores", "1", *more)


def told(karb: Karb, *more: object) -> dict[str, Any]:
    answer = walk(karb, "--format", "json", *more)
    assert answer.code == 0, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    return found


def edited(place: Path, *edits: tuple[str, str]) -> None:
    text = STUDY
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (place / "study.yaml").write_text(text, "utf-8")


def net(text: str) -> Decimal:
    return Decimal(text.partition(" ")[0])


def test_each_window_takes_the_point_that_the_study_s_sentence_says(karb: Karb) -> None:
    found = told(karb)
    assert [(each["in_sample"], each["out_of_sample"]) for each in found["walks"]] == [
        ({"first": f"2025-01-{a:02}", "last": f"2025-01-{a + 4:02}"}, {"first": f"2025-01-{a + 5:02}", "last": f"2025-01-{a + 6:02}"})
        for a in (7, 9, 11)
    ]  # fmt: skip
    assert found["days_left"] == 0
    for each in found["walks"]:
        nets = [net(point["net"]) for point in each["points"]]
        assert len(nets) == 6
        assert each["taken"] == nets.index(max(nets)) + 1
        assert net(each["inside"]["net"]) == max(nets)
        assert (each["inside"]["days"], each["outside"]["days"]) == (5, 2)
        share = net(each["outside"]["net"]) / 2 / (max(nets) / 5)
        assert each["efficiency"] == pytest.approx(float(share), rel=1e-12)


def test_another_sentence_takes_another_point(karb: Karb, place: Path) -> None:
    highest = [each["taken"] for each in told(karb)["walks"]]
    edited(place, ("towards: highest", "towards: lowest"))
    lowest = told(karb)
    assert [each["taken"] for each in lowest["walks"]] != highest
    for each in lowest["walks"]:
        assert net(each["inside"]["net"]) == min(net(point["net"]) for point in each["points"])


def test_the_first_window_s_in_sample_is_the_backtest_of_those_days(karb: Karb, place: Path) -> None:
    """A file that says so, over data that end where the days in sample do, came to the same."""
    edited(place, ("in_sample: 5d, out_of_sample: 2d", "in_sample: 8d, out_of_sample: 2d"))
    first = told(karb)["walks"][0]
    taken = first["points"][first["taken"] - 1]["at"]
    text = (place / "tiny.yaml").read_text("utf-8")
    changed = text.replace("normal: {z: 1.5,", f"normal: {{z: {taken['z']},").replace("stop_loss: 1.5%", f"stop_loss: {taken['stop']}")  # fmt: skip
    (place / "changed.yaml").write_text(changed, "utf-8")
    ends_ms = 1_736_866_800_000  # a rate that is known at the very end is known
    for file in (place / "data").glob("*.csv"):
        head, *lines = file.read_text("utf-8").splitlines()
        before = [line for line in lines if int(line.split(",")[0]) < ends_ms + file.name.startswith("usd")]
        file.write_text("\n".join([head, *before]) + "\n", "utf-8")
    alone = json.loads(karb("backtest", "changed.yaml", "--data", "market.yaml", "--format", "json").out)
    assert alone["result"]["net"] == first["inside"]["net"]
    assert len(alone["trades"]) == first["inside"]["trades"]


def test_the_joined_equity_adds_the_stretches_up(karb: Karb) -> None:
    found = told(karb)
    joined, outs = found["joined"], [each["outside"] for each in found["walks"]]
    assert net(joined["figures"]["net"]) == exact.total(net(each["net"]) for each in outs)
    assert joined["figures"]["trades"] == sum(each["trades"] for each in outs)
    assert [row["day"] for row in joined["equity"]] == [f"2025-01-{day}" for day in range(12, 18)]
    assert exact.sub(net(joined["equity"][-1]["equity"]), Decimal(40_000_000)) == net(joined["figures"]["net"])
    inside = sum(net(each["inside"]["net"]) for each in found["walks"]) / 15
    assert joined["efficiency"] == pytest.approx(float(net(joined["figures"]["net"]) / 6 / inside), rel=1e-12)


def test_anchored_windows_keep_their_first_day(karb: Karb, place: Path) -> None:
    edited(place, ("rolling:", "anchored:"))
    found = told(karb)
    assert [each["in_sample"]["first"] for each in found["walks"]] == ["2025-01-07"] * 3
    assert [each["inside"]["days"] for each in found["walks"]] == [5, 7, 9]


def test_windows_begin_on_the_study_s_first_day_and_look_back_before_it(karb: Karb, place: Path) -> None:
    edited(place, ("from: none", "from: 2025-01-08"), ("in_sample: 5d", "in_sample: 2d"))
    found = told(karb)
    assert found["walks"][0]["in_sample"]["first"] == "2025-01-09"
    # Two days fill the window of the signal: without what lies before nothing could have been entered in them.
    assert found["walks"][0]["inside"]["trades"] > 0


def test_what_was_found_out_in_sample_is_kept_and_two_cores_say_the_same(karb: Karb, place: Path) -> None:
    first = told(karb)
    kept = place / "karb-home" / "sweeps.sqlite"
    assert kept.is_file()
    assert told(karb) == first
    answer = karb("walkforward", "study.yaml", "--cores", "2", "--format", "json", "--store", "other.sqlite")
    assert json.loads(answer.out) == first


def test_the_file_is_not_touched_and_nothing_is_recommended(karb: Karb, place: Path) -> None:
    before = (place / "tiny.yaml").read_bytes()
    answer = walk(karb)
    assert answer.code == 0, answer.all
    assert (place / "tiny.yaml").read_bytes() == before
    assert "3 rolling windows, 6 points in each; the one with the highest net is taken" in answer.out
    assert "no file was changed" in answer.out
    assert not {"recommend", "optimal", "best", "winner"} & set(answer.out.lower().split())
    rows = [line.split() for line in answer.out.split("\n") if line.strip()[:1].isdigit()]
    assert [row[1] for row in rows] == ["2025-01-07..2025-01-11", "2025-01-09..2025-01-13", "2025-01-11..2025-01-15"]


def test_it_speaks_korean_and_writes_a_file(karb: Karb, place: Path) -> None:
    answer = karb("--lang", "ko", "walkforward", "study.yaml", "--cores", "1")
    assert all(word in answer.out for word in ("이동 창 3개", "표본 밖", "효율", "권하는 값이 아니며"))
    answer = walk(karb, "--format", "json", "--out", "walk.json")
    assert answer.code == 0
    assert json.loads((place / "walk.json").read_text("utf-8")) == told(karb)


def test_a_window_without_the_figure_takes_nothing_and_says_so(karb: Karb, place: Path) -> None:
    edited(
        place, ("measure: net", "measure: profit_factor"), ("from: 1.0, to: 1.5, step: 0.25", "from: 8, to: 9, step: 1")
    )
    file = place / "tiny.yaml"
    text = file.read_text("utf-8")
    # Beyond what any bar of a window of 48 can reach.
    file.write_text(
        text.replace("extreme: {z: 2.25", "extreme: {z: 18").replace("ultra: {z: 3.0", "ultra: {z: 28"), "utf-8"
    )
    answer = walk(karb)
    assert answer.code == 0, answer.all
    found = told(karb)
    assert [each["taken"] for each in found["walks"]] == [None] * 3
    assert "no point has a profit_factor in sample" in answer.out
    assert found["joined"]["figures"] is None


@pytest.mark.parametrize(
    ("edit", "code", "said"),
    [
        (("in_sample: 5d, out_of_sample: 2d", "in_sample: 9d, out_of_sample: 5d"), 3, "one window needs 9 + 5"),
        (("in_sample: 5d", "in_sample: 36h"), 3, "whole days"),
        (("in_sample: 5d, ", ""), 3, "in_sample"),
        (("  take: {measure: net, towards: highest}\n", ""), 3, "take"),
        (("measure: net", "measure: profit"), 3, "profit"),
        ((", towards: highest", ""), 3, "towards"),
        (("out_of_sample: none", "out_of_sample: 2025-01-13"), 2, "out_of_sample: none"),
    ],
)
def test_what_is_not_stated_is_asked_for(karb: Karb, place: Path, edit: tuple[str, str], code: int, said: str) -> None:
    edited(place, edit)
    answer = walk(karb)
    assert (answer.code, said in answer.err) == (code, True), answer.all


def test_a_sweep_s_study_has_no_windows_to_walk(karb: Karb, place: Path) -> None:
    block = STUDY[STUDY.index("walk_forward:") : STUDY.index("vary:")]
    edited(place, (block, ""))
    answer = walk(karb)
    assert (answer.code, "states no windows" in answer.err) == (2, True), answer.all
    assert "walk_forward: {windows: {rolling:" in answer.err
