"""A fresh environment that holds karb's wheel, and wheels of a stranger's plugin to put into it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]

PROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "karb-plugin-mygate"
version = "{version}"
description = "A gate of somebody else's."
requires-python = ">=3.11"
dependencies = ["karb>=0.1"]

[project.entry-points."karb.plugins"]
mygate = "karb_plugin_mygate"
"""

DOOR = '''\
"""A gate of somebody else's."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_risk_gates():
    from karb_plugin_mygate.gate import Limit

    return [Limit]
'''

GATE = '''\
"""`mygate.limit`: no entry above a size."""

from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule
from karb_core.texts.text import Words


class LimitParams(Params):
    """How large one entry may be."""

    size: PositiveRatio = rule("the largest entry", ko="한 번에 진입할 수 있는 최대 크기", example="20%")


class Limit:
    """Denies an entry that is larger than you allow."""

    name = "limit"
    about = Words("Denies an entry that is larger than you allow.", "정한 것보다 큰 진입을 거부합니다.")
    stands = frozenset({"entry"})
    Params = LimitParams

    def __init__(self, params):
        self._params = params
'''

#: What the environment sees: every strategy checked, what is listed, what is broken, what was imported for it.
LOOK = """\
import json, sys
from pathlib import Path
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import read_source
from karb_core.texts.text import render
import karb_core

def told(path):
    checked = check(read_source(str(path)), Catalogue.installed())
    digests = checked.rulebook.digests if checked.rulebook else None
    return {
        "digests": [digests.rules, digests.assumptions, digests.config] if digests else None,
        "uses": [seat.use for seat in checked.rulebook.all_seats()] if checked.rulebook else None,
        "findings": [[f.code, str(f.severity), f.mark.line, f.mark.column, render(f.said)] for f in checked.findings],
    }

out = {"home": karb_core.__file__, "shipped": {p.name: told(p) for p in sorted(Path("shipped").glob("*.yaml"))}}
out["imported"] = sorted(name for name in sys.modules if name.startswith("karb_plugin_"))
out["naming"] = {p.name: told(p) for p in sorted(Path("naming").glob("*.yaml"))}
catalogue = Catalogue.installed()
out["offers"] = sorted(offer.use for offer in catalogue.offers())
out["problems"] = {problem.name: render(problem.said) for problem in catalogue.problems()}
print(json.dumps(out))
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """`folder` holds the environment, the wheels, and the strategies that are looked at."""

    folder: Path

    @property
    def scripts(self) -> Path:
        return self.folder / "env" / ("Scripts" if os.name == "nt" else "bin")

    @classmethod
    def create(cls, folder: Path) -> Environment:
        """karb's wheel and what it requires, and nothing else."""
        env = cls(folder)
        karb = wheel(HOUSE, folder / "wheels")
        run(sys.executable, "-m", "venv", str(folder / "env"))
        constraints = HOUSE / "constraints.txt"
        limited = ["-c", str(constraints)] if constraints.is_file() else []
        env.pip("install", *limited, str(karb))
        shutil.copytree(HOUSE / "strategies", folder / "shipped")
        (folder / "naming").mkdir()
        (folder / "look.py").write_text(LOOK, encoding="utf-8")
        return env

    def pip(self, *words: str) -> str:
        return run(str(self.scripts / "python"), "-m", "pip", "--disable-pip-version-check", *words)

    def put(self, built: Path) -> None:
        """Installs a plugin's wheel over the one that is there."""
        self.pip("install", "--no-index", "--no-deps", "--force-reinstall", str(built))

    def look(self) -> dict[str, Any]:
        told = run(str(self.scripts / "python"), "-I", "look.py", cwd=self.folder)
        found: dict[str, Any] = json.loads(told)
        return found

    def karb(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command as a person calls it."""
        return subprocess.run(
            [str(self.scripts / "karb"), *words],
            cwd=self.folder,
            env=_clean(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def plugin_wheel(folder: Path, version: str, door: str = DOOR, gate: str = GATE) -> Path:
    """A wheel of the stranger's plugin."""
    package = folder / version / "karb_plugin_mygate"
    package.mkdir(parents=True)
    (package.parent / "pyproject.toml").write_text(PROJECT.format(version=version), encoding="utf-8")
    (package / "__init__.py").write_text(door, encoding="utf-8")
    (package / "gate.py").write_text(gate, encoding="utf-8")
    return wheel(package.parent, folder / "wheels")


def wheel(source: Path, into: Path) -> Path:
    """Builds with the hatchling that is here, or with one that pip fetches."""
    before = set(into.glob("*.whl"))
    here = ["--no-build-isolation"] if find_spec("hatchling") else []
    run(
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "--no-deps",
        *here,
        "-w",
        str(into),
        str(source),
    )
    (built,) = set(into.glob("*.whl")) - before
    return built


def run(*words: str, cwd: Path | None = None) -> str:
    told = subprocess.run(words, cwd=cwd, env=_clean(), capture_output=True, encoding="utf-8", check=False)
    assert told.returncode == 0, f"{' '.join(words)}\n{textwrap.shorten(told.stdout, 2000)}\n{told.stderr}"
    return told.stdout


def _clean() -> dict[str, str]:
    """Nothing of this tree reaches the environment but what was installed there."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KARB_", "VIRTUAL_ENV"))} | {
        "PYTHONUTF8": "1"
    }
