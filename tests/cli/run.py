"""Calling karb, in this process or as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from karb_core.cli.main import main
from tests.cli.shipped import ROOT, plugins


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


def ours(home: Path) -> dict[str, str]:
    """The environment in which only this repository and the given home folder count."""
    return {"KARB_PLUGINS": ",".join(plugins()), "KARB_LANG": "en", "KARB_HOME": str(home / "karb-home")}


def answer_of(captured: pytest.CaptureFixture[str], arguments: Sequence[str]) -> Answer:
    """In this process."""
    captured.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(a) for a in arguments])
    printed = captured.readouterr()
    return Answer(int(ended.value.code or 0), printed.out, printed.err)


def started(
    arguments: Sequence[str],
    folder: Path,
    stderr: int = subprocess.PIPE,
    *,
    start_new_session: bool = False,
    **environment: str,
) -> subprocess.Popen[bytes]:
    """As a process of its own, whose bytes are read by the test; as a group of its own, where a group is interrupted."""
    return subprocess.Popen(
        [sys.executable, "-m", "karb_core.cli.main", *arguments],
        cwd=folder,
        env=_environment(folder, environment),
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=start_new_session,
    )


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LANG", "NO_COLOR", "PYTHONIOENCODING")}
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    return kept | ours(folder) | {"PYTHONPATH": path} | dict(more)
