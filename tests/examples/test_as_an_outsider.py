"""The example plugin is what `karb new plugin` writes and ten lines of an author's; here it is tested uninstalled."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path

from karb_core.cli.new_plugin import plugin_files
from tests.cli.shipped import ROOT

EXAMPLE = Path(__file__).with_name("karb-plugin-calm")


def test_ten_lines_are_its_authors() -> None:
    mine = []
    for inside, begun in plugin_files("calm", "risk_gate", "0.1.0"):
        told = difflib.ndiff(begun.splitlines(), (EXAMPLE / inside).read_text("utf-8").splitlines())
        mine += [(inside, line[2:]) for line in told if line.startswith("+ ")]
    assert len(mine) == 10, mine


def test_it_has_no_file_that_was_not_begun() -> None:
    there = {p.relative_to(EXAMPLE).as_posix() for p in EXAMPLE.rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert there == {inside for inside, _ in plugin_files("calm", "risk_gate", "0.1.0")}


def test_its_own_tests_pass_where_it_stands() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        cwd=EXAMPLE,
        env=_with_karb(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _with_karb() -> dict[str, str]:
    import os

    paths = [str(ROOT), str(ROOT / "plugins"), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONDONTWRITEBYTECODE": "1"}
