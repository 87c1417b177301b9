"""A fresh clone in an editor: completion, hover and one error for one mistake, with no setting of the editor's."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shipped import SCHEMAS, kimp
from tests.editor.language_server import LanguageServer

pytestmark = pytest.mark.node

PACKAGE = "yaml-language-server@1.25.0"


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server from npm; KARB_EDITOR_CACHE names a folder that keeps it between runs."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("npm or node is not installed")
    kept = os.environ.get("KARB_EDITOR_CACHE")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("npm")
    found = folder / "node_modules" / ".bin" / "yaml-language-server"
    if not found.exists():
        command = [npm, "install", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix", str(folder), PACKAGE]
        installed = subprocess.run(command, capture_output=True, text=True, check=False)
        if installed.returncode != 0:
            pytest.skip(f"npm could not install {PACKAGE}: {installed.stderr.strip().splitlines()[-1:]}")
    return found


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(SCHEMAS, folder / "schemas")
    (folder / "strategies").mkdir()
    return folder


@pytest.fixture(scope="session")
def server(program: Path, clone: Path) -> Iterator[LanguageServer]:
    running = LanguageServer(program, clone)
    yield running
    running.close()


_NUMBERS = itertools.count()


def strategy(clone: Path, *edits: tuple[str, str], schema: str = "strategy.schema.json") -> Path:
    """A strategy in the clone whose first line names the schema by a relative path."""
    text = f"# yaml-language-server: $schema=../schemas/{schema}\n{kimp()}"
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = clone / "strategies" / f"kimp_{next(_NUMBERS)}.yaml"
    path.write_text(text, "utf-8")
    return path


def place(path: Path, text: str, after: bool = False) -> tuple[int, int]:
    """Line and column, from 0, where the text begins or ends."""
    lines = path.read_text("utf-8").split("\n")
    line = next(i for i, found in enumerate(lines) if text in found)
    return line, lines[line].index(text) + (len(text) if after else 0)


def test_a_shipped_strategy_has_no_error(server: LanguageServer, clone: Path):
    assert server.open(strategy(clone)) == []
    assert server.open(strategy(clone, schema="strategy.ko.schema.json")) == []


def test_behind_use_the_components_of_this_section_are_offered(server: LanguageServer, clone: Path):
    path = strategy(clone, ("  use: premium.zscore_tiers", "  use: "))
    server.open(path)
    line, _ = place(path, "signal:")
    offered = server.completions(path, line + 1, len("  use: "))
    assert {"premium.zscore", "premium.zscore_tiers"} <= set(offered)
    assert [name for name in offered if name.startswith(("gates.", "upbit.", "sizing."))] == []


def test_inside_with_the_parameters_are_offered(server: LanguageServer, clone: Path):
    path = strategy(clone, ("    sigma_floor: 0.05%\n", "    \n"))
    server.open(path)
    line, _ = place(path, "min_present:")
    offered = server.completions(path, line + 1, 4)
    assert "sigma_floor" in offered
    assert "single" not in offered


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("strategy.schema.json", "the part of the window's bars that must be there"),
        ("strategy.ko.schema.json", "창 안에 있어야 하는 봉의 최소 비율"),
    ],
)
def test_hovering_says_what_a_rule_means(server: LanguageServer, clone: Path, schema, said):
    path = strategy(clone, schema=schema)
    server.open(path)
    line, column = place(path, "min_present")
    assert said in server.hover(path, line, column + 2)


MISTAKES = {
    "a misspelt parameter": (("sigma_floor: 0.05%", "sigma_floor: 0.05%\n    sigma_flor: 0.05%"), "sigma_flor"),
    "a missing rule": (("    sigma_floor: 0.05%\n", ""), ""),
    "a bare number": (("sigma_floor: 0.05%", "sigma_floor: 0.05"), "0.05"),
    "a component of another section": (("{use: gates.profit_only_exit", "{use: sizing.share"), "sizing.share"),
    "a component nobody has": (("use: premium.zscore_tiers", "use: premium.zscore_teirs"), "premium.zscore_teirs"),
    "a section nobody reads": (("reserve: 5%", "reserve: 5%\nreserv: 5%"), "reserv"),
    "a word that is none of the choices": (("price: close", "price: last"), "last"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_is_one_error_at_its_place(server: LanguageServer, clone: Path, mistake: str):
    edit, meant = MISTAKES[mistake]
    path = strategy(clone, edit)
    found = server.open(path)
    assert len(found) == 1, [d["message"] for d in found]
    if meant:
        span = found[0]["range"]
        line = path.read_text("utf-8").split("\n")[span["start"]["line"]]
        assert line[span["start"]["character"] : span["end"]["character"]] == meant
