"""Where the repository's own files are."""

from __future__ import annotations

import tomllib
from pathlib import Path

from karb_core import __version__

ROOT = Path(__file__).parents[2]
STRATEGIES = ROOT / "strategies"
SCHEMAS = ROOT / "schemas"
REFERENCE = ROOT / "docs" / "reference"
#: What this release writes; the folders beside it are what earlier ones wrote.
GOLDEN = ROOT / "tests" / "golden" / __version__


def plugins() -> list[str]:
    """The names of karb's own plugins, as pyproject.toml states them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return sorted(project["entry-points"]["karb.plugins"])


def kimp() -> str:
    """The text of the three-tier strategy without its comments."""
    lines = (STRATEGIES / "kimp_tiered.yaml").read_text("utf-8").split("\n")
    kept = [line.split("  #")[0].rstrip() for line in lines if not line.lstrip().startswith("#")]
    return "\n".join(line for line in kept if line) + "\n"
