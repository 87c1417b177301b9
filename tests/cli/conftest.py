"""karb as a user calls it, in this process, in a folder that holds copies of the shipped strategies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.run import Answer, answer_of, ours
from tests.cli.shipped import STRATEGIES

Karb = Callable[..., Answer]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder. Only karb's own plugins are seen, whatever else is installed; the language is English."""
    for name in ("KARB_DEBUG", "NO_COLOR", "LC_ALL", "LC_MESSAGES", "LANG", "_KARB_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "strategies").mkdir()
    for path in STRATEGIES.glob("*.yaml"):
        (tmp_path / "strategies" / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def karb(home: Path, capfd: pytest.CaptureFixture[str]) -> Karb:
    """`karb("check", "kimp.yaml")`: exit code and what was printed."""
    return lambda *arguments: answer_of(capfd, arguments)
