"""What holds for the whole room: its words, and how little it needs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import karb_core.domain

FILES = sorted(Path(karb_core.domain.__file__).parent.glob("*.py"))
PAIRS_ONLY = re.compile(r"\b(near|far|KRW|USDT)\b", re.IGNORECASE)
AMBIENT = re.compile(r"getcontext|localcontext|setcontext|\bround\(|\bfloat\(|\.now\(|time\.time")


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem not in ("premium", "premium_units")], ids=lambda path: path.stem
)
def test_only_the_premium_knows_which_leg_is_which(path: Path) -> None:
    assert PAIRS_ONLY.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_reads_an_ambient_context_a_clock_or_rounds_by_the_way(path: Path) -> None:
    allowed = ["float("] if path.stem == "decisions" else []
    assert AMBIENT.findall(path.read_text(encoding="utf-8")) == allowed


def test_the_room_needs_only_the_standard_library_and_imports_nothing_heavy() -> None:
    modules = ", ".join(f"karb_core.domain.{path.stem}" for path in FILES if path.stem != "__init__")
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {modules}; print(*sorted(sys.modules))"],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=Path(karb_core.__file__).parent.parent,
    ).stdout.split()
    ours = {name for name in told if name.startswith("karb_core.")}
    assert {name.split(".")[1] for name in ours} == {"domain"}
    heavy = {"numpy", "polars", "pydantic", "sqlalchemy", "yaml", "pluggy", "click", "asyncio", "logging"}
    assert heavy.isdisjoint(told)


def test_only_the_engine_approves() -> None:
    house = Path(karb_core.__file__).parent
    approving = re.compile(r"\.(by_gates|by_rule|carried_by)\(")
    files = [*house.rglob("*.py"), *(house.parent / "plugins").rglob("*.py")]
    rooms = {path.relative_to(house.parent).parts[:2] for path in files if approving.search(path.read_text("utf-8"))}
    assert rooms <= {("karb_core", "engine"), ("karb_core", "testing")}
