"""A plugin that somebody begins is whole from the first moment, whichever port it fills."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from karb_core.cli.new_plugin import KINDS
from karb_core.plugin.hidden_numbers import hidden_numbers
from karb_core.ports import PORTS
from tests.cli.conftest import Karb


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of each kind, named after it."""
    from karb_core.cli.main import main

    folder = tmp_path_factory.mktemp("begun")
    for kind in PORTS:
        with pytest.raises(SystemExit) as ended:
            main(["new", "plugin", f"my_{kind}", "--kind", kind, "-o", str(folder)])
        assert not ended.value.code
    return folder


def test_there_is_one_for_each_port() -> None:
    assert set(KINDS) == set(PORTS)


def test_the_tests_of_each_are_green_at_once_and_not_installed(begun: Path) -> None:
    folders = sorted(begun.iterdir())
    assert len(folders) == len(PORTS)
    paths = [*(str(folder) for folder in folders), str(begun / "karb-plugin-my-executor" / "tests")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-W", "error",
         "--rootdir", str(begun), *(str(folder / "tests") for folder in folders)],
        cwd=begun, env=os.environ | {"PYTHONPATH": os.pathsep.join([*paths, *sys.path])},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 10 * len(PORTS), done.stdout


@pytest.mark.parametrize("kind", PORTS)
def test_no_word_is_left_to_fill_in(begun: Path, kind: str) -> None:
    package = begun / f"karb-plugin-my-{kind.replace('_', '-')}"
    for path in package.rglob("*"):
        if path.is_file() and path.suffix in (".py", ".toml", ".yaml", ".md"):
            assert not re.search(r"\$[a-z{]", path.read_text("utf-8")), path
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["karb.plugins"] == {f"my_{kind}": f"karb_plugin_my_{kind}"}
    assert (package / f"karb_plugin_my_{kind}" / "py.typed").exists()
    assert hidden_numbers(package / f"karb_plugin_my_{kind}") == []


def test_it_says_what_to_do_next(karb: Karb, tmp_path: Path) -> None:
    told = karb("new", "plugin", "calm", "--kind", "risk_gate", "-o", str(tmp_path))
    assert told.code == 0
    assert "calm.spread" in told.out
    assert f"pip install -e {tmp_path / 'karb-plugin-calm'}" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Calm", "--kind", "risk_gate"), "`Calm` cannot be a plugin's name"),
        (("gates", "--kind", "risk_gate"), "a plugin named `gates` is installed already"),
        (("calm", "--kind", "gate"), "--kind must be one of feed, fx_source"),
        (("calm",), "--kind is missing"),
    ],
)
def test_what_cannot_be_begun_is_one_sentence(karb: Karb, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    told = karb("new", "plugin", *words, "-o", str(tmp_path))
    assert told.code == 2
    assert said in told.err
    assert list(tmp_path.glob("karb-plugin-*")) == []


def test_what_is_there_is_not_written_over(karb: Karb, tmp_path: Path) -> None:
    (tmp_path / "karb-plugin-calm").mkdir()
    told = karb("new", "plugin", "calm", "--kind", "feed", "-o", str(tmp_path))
    assert told.code == 2
    assert list((tmp_path / "karb-plugin-calm").iterdir()) == []
