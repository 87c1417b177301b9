"""README's two commands are the ones that run, in both languages, and its table has every command."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from karb_core.cli.commands import COMMANDS
from tests.docs.pages import HOUSE, blocks

ENGLISH, KOREAN = HOUSE / "README.md", HOUSE / "README.ko.md"
COMMANDS_OF_README = [block.text for block in blocks(ENGLISH) if block.kind == "sh"]


def taken(part: str) -> str:
    """What `.ci/run` takes out of README, by its own function."""
    script = (HOUSE / ".ci" / "run").read_text(encoding="utf-8")
    function = script[script.index("readme()") : script.index("\n}\n") + 3]
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'{function}\nreadme "{part}"'],
        cwd=HOUSE,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return told.stdout


def test_the_build_runs_what_the_readme_says() -> None:
    assert [taken("first run"), taken("all tests")] == COMMANDS_OF_README


def test_there_are_two_commands_of_one_line_each() -> None:
    assert [command.count("\n") for command in COMMANDS_OF_README] == [1, 1]


def test_the_korean_readme_has_the_same_commands() -> None:
    assert [block.text for block in blocks(KOREAN) if block.kind == "sh"] == COMMANDS_OF_README


@pytest.mark.parametrize("page", [ENGLISH, KOREAN], ids=["English", "Korean"])
def test_the_table_has_every_command(page) -> None:
    rows = re.findall(r"^\| `karb ([a-z]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows == list(COMMANDS)


@pytest.mark.parametrize(("page", "lang"), [(ENGLISH, "en"), (KOREAN, "ko")], ids=["English", "Korean"])
def test_the_sample_of_an_error_is_what_karb_says(page, lang, tmp_path) -> None:
    text = (HOUSE / "strategies" / "quickstart.yaml").read_text(encoding="utf-8")
    wrong = re.sub("^    size: 100%.*$", "    size: 100", text, flags=re.MULTILINE)
    (tmp_path / "mine.yaml").write_text(wrong, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "karb_core.cli.main", "--lang", lang, "check", "mine.yaml"],
        cwd=tmp_path,
        env={"PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    (sample,) = (block.text for block in blocks(page) if not block.kind)
    assert sample in told.stdout + told.stderr
