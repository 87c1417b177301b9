"""The way of somebody who has never seen karb's code: begin a plugin, change ten lines, install it, trade by it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.install.environment import HOUSE, Environment, run

pytestmark = pytest.mark.install

EXAMPLE = HOUSE / "tests" / "examples" / "karb-plugin-calm"
GATE = "  - {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}\n"
FEBRUARY = ("--from", "2025-02-01", "--to", "2025-03-01", "--format", "json")


@dataclass(frozen=True, slots=True)
class Way:
    """What was said at each step."""

    begun: int
    before: str
    after: str
    listed: dict[str, Any]
    doctor: str
    checked: int
    both: dict[str, Any]
    long: dict[str, Any]


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Way:
    env = Environment.create(tmp_path_factory.mktemp("stranger"))
    place, mine = env.folder / "karb-plugin-calm", env.folder / "shipped" / "mine.yaml"
    shutil.copytree(HOUSE / "datasets", env.folder / "datasets")
    env.pip("install", "-c", str(HOUSE / "constraints.txt"), "pytest")
    begun = env.karb("new", "plugin", "calm", "--kind", "risk_gate").returncode
    before = _pytest(env, place)
    shutil.copytree(EXAMPLE, place, dirs_exist_ok=True)  # the ten lines; tests/examples counts them
    after = _pytest(env, place)
    env.pip("install", "-c", str(HOUSE / "constraints.txt"), str(place))
    listed = json.loads(env.karb("list", "risk_gate", "--format", "json").stdout)
    doctor = env.karb("doctor", "--plugin", "calm").stdout
    named = GATE + "  - {use: calm.spread, at: [entry], with: {widest: 10bp, sides: [SIDES]}}\n"
    text = (HOUSE / "strategies" / "quickstart.yaml").read_text("utf-8")
    told = {}
    for sides in ("long_premium, short_premium", "long_premium"):
        mine.write_text(text.replace(GATE, named.replace("SIDES", sides)), "utf-8")
        checked = env.karb("check", "shipped/mine.yaml").returncode
        ran = env.karb("backtest", "shipped/mine.yaml", *FEBRUARY)
        assert ran.returncode == 0, ran.stderr
        told[sides] = json.loads(ran.stdout)
    return Way(begun, before, after, listed, doctor, checked, *told.values())


def _pytest(env: Environment, place: Path) -> str:
    words = (str(env.scripts / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(place))
    return run(*words, cwd=env.folder)


def test_what_is_begun_is_green_and_stays_so_with_ten_other_lines(way: Way) -> None:
    assert way.begun == 0
    assert " passed" in way.before
    assert " passed" in way.after


def test_installed_it_is_listed_and_nothing_is_to_be_mended(way: Way) -> None:
    (calm,) = [component for component in way.listed["components"] if component["use"] == "calm.spread"]
    assert calm["distribution"] == "karb-plugin-calm"
    assert "--" not in way.doctor


def test_named_in_a_file_its_rule_decides(way: Way) -> None:
    """The sample's premium is high in February: who may only buy it near enters less."""
    assert way.checked == 0
    assert {trade["side"] for trade in way.both["trades"]} >= {"short_premium"}
    assert {trade["side"] for trade in way.long["trades"]} <= {"long_premium"}
    assert len(way.long["trades"]) < len(way.both["trades"])
