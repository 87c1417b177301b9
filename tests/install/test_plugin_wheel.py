"""karb from its wheel, and a stranger's plugin beside it: it acts where a file names it, and breaks nothing else."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.install.environment import DOOR, GATE, HOUSE, Environment, plugin_wheel

pytestmark = pytest.mark.install

NAMING = "  - {use: mygate.limit, at: [entry], with: {size: 40%}}\n"
BROKEN = {
    "import error": (DOOR.replace("from karb_core", "import not_installed_dependency\nfrom karb_core"), GATE),
    "rule with a default": (DOOR, GATE.replace('example="20%"', 'default="20%"')),
    "misspelt hook": (DOOR.replace("karb_risk_gates", "karb_riskgates"), GATE),
}
SENTENCES = {
    "import error": "karb-plugin-mygate {version}: ModuleNotFoundError: No module named 'not_installed_dependency'"
    "  (karb_plugin_mygate/__init__.py:3)",
    "rule with a default": "karb-plugin-mygate {version}: TypeError: a rule has no default: "
    "it belongs to the strategy's owner  (karb_plugin_mygate/gate.py:12)",
    "misspelt hook": "plugin 'mygate': no hook 'karb_riskgates'; did you mean 'karb_risk_gates'?",
}


@dataclass(frozen=True, slots=True)
class Story:
    """What the one environment showed after each step, and what the command said."""

    sources: set[str]
    env: Environment
    without: dict[str, Any]
    good: dict[str, Any]
    listed: dict[str, Any]
    checked: int
    broken: dict[str, tuple[str, dict[str, Any], int, int]]
    removed: dict[str, Any]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("install")
    sources = {
        p.relative_to(HOUSE).as_posix().removeprefix("plugins/")
        for r in ("karb_core", "plugins")
        for p in (HOUSE / r).rglob("*.py")
    }
    env = Environment.create(folder)
    text = (HOUSE / "strategies" / "quickstart.yaml").read_text(encoding="utf-8")
    section, comment, gates = (
        text.partition("risk_gates:")[0],
        "risk_gates:\n",
        text.partition("risk_gates:")[2].partition("\n")[2],
    )
    (folder / "naming" / "full.yaml").write_text(section + comment + NAMING + gates, encoding="utf-8")
    short = NAMING.replace("{size: 40%}", "{}")
    (folder / "naming" / "short.yaml").write_text(section + comment + short + gates, encoding="utf-8")

    without = env.look()
    env.put(plugin_wheel(folder, "1.0.0"))
    good = env.look()
    listed = json.loads(env.karb("list", "risk_gate", "--format", "json").stdout)
    checked = env.karb("check", "naming/full.yaml").returncode
    broken = {}
    for i, (kind, (door, gate)) in enumerate(BROKEN.items()):
        version = f"2.{i}.0"
        env.put(plugin_wheel(folder, version, door, gate))
        codes = [env.karb("check", file).returncode for file in ("naming/full.yaml", "shipped/quickstart.yaml")]
        broken[kind] = (version, env.look(), codes[0], codes[1])
    env.pip("uninstall", "-y", "karb-plugin-mygate")
    return Story(sources, env, without, good, listed, checked, broken, env.look())


def test_the_wheel_holds_karb_and_its_plugins_and_nothing_else(story: Story) -> None:
    (built,) = (story.env.folder / "wheels").glob("karb-*.whl")
    names = zipfile.ZipFile(built).namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {
        "karb_core",
        *(path.name for path in (HOUSE / "plugins").iterdir() if (path / "__init__.py").is_file()),
    }
    assert len(story.sources) > 100
    assert {name for name in names if name.endswith(".py")} == story.sources


def test_karb_runs_from_its_wheel(story: Story) -> None:
    assert Path(story.without["home"]).is_relative_to(story.env.folder)
    assert set(story.without["shipped"]) == {path.name for path in (HOUSE / "strategies").glob("*.yaml")}
    for told in story.without["shipped"].values():
        assert [f for f in told["findings"] if f[1] == "error"] == []
        assert told["digests"] is not None
    assert story.without["problems"] == {}


def test_a_plugin_that_is_not_there_is_missing_where_it_is_named(story: Story) -> None:
    (error,) = (f for f in story.without["naming"]["full.yaml"]["findings"] if f[1] == "error")
    assert (error[0], error[4]) == ("K207", "`mygate.limit`: no plugin named `mygate` is installed")


def test_an_installed_plugin_changes_nothing_where_it_is_not_named(story: Story) -> None:
    assert story.good["shipped"] == story.without["shipped"]
    assert story.good["imported"] == []


def test_an_installed_plugin_appears(story: Story) -> None:
    assert set(story.good["offers"]) - set(story.without["offers"]) == {"mygate.limit"}
    assert story.good["problems"] == {}


def test_a_named_plugin_works(story: Story) -> None:
    told = story.good["naming"]["full.yaml"]
    assert [f for f in told["findings"] if f[1] == "error"] == []
    assert "mygate.limit" in told["uses"]
    assert told["digests"][0] != story.good["shipped"]["quickstart.yaml"]["digests"][0]


def test_a_rule_of_it_that_is_not_written_is_missed(story: Story) -> None:
    (error,) = (f for f in story.good["naming"]["short.yaml"]["findings"] if f[1] == "error")
    assert (error[0], error[4]) == ("K302", "mygate.limit: required rule `size` is not set")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_breaks_only_files_that_name_it(story: Story, kind: str) -> None:
    version, seen, _, _ = story.broken[kind]
    sentence = SENTENCES[kind].format(version=version)
    assert seen["shipped"] == story.without["shipped"]
    assert seen["imported"] == []
    assert seen["problems"] == {"mygate": sentence}
    assert seen["offers"] == story.without["offers"]
    (error,) = (f for f in seen["naming"]["full.yaml"]["findings"] if f[1] == "error")
    assert (error[0], error[4]) == ("K207", f"`mygate.limit`: the plugin `mygate` cannot be used: {sentence}")


def test_uninstalled_it_leaves_nothing(story: Story) -> None:
    assert story.removed == story.without


def test_the_command_lists_it(story: Story) -> None:
    assert "mygate.limit" in [component["use"] for component in story.listed["components"]]
    assert story.listed["problems"] == []


def test_the_command_ends_with_the_code_of_what_is_wrong(story: Story) -> None:
    assert story.checked == 0
    assert {kind: codes for kind, (_, _, *codes) in story.broken.items()} == {kind: [5, 0] for kind in BROKEN}
