"""What is heavy is imported when a strategy opens it, never to look at a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
HEAVY = {
    "aiohttp",
    "alembic",
    "ccxt",
    "msgspec",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "scipy",
    "sqlalchemy",
    "structlog",
}

AFTER_EACH = f"""
import json, sys
sys.path[:0] = [{str(HOUSE)!r}, {str(HOUSE / "plugins")!r}]
loaded = {{}}
def note(name):
    loaded[name] = sorted({HEAVY!r} & set(sys.modules))
"""

CHECKS = """
from pathlib import Path
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import read_source
for path in sorted(Path("strategies").glob("*.yaml")):
    checked = check(read_source(str(path)), Catalogue.installed())
    assert checked.rulebook is not None and not checked.errors, checked.errors
    note(path.name)
"""

PLUGINS = """
from importlib import import_module
from pathlib import Path
from karb_core.plugin.catalogue import Catalogue
catalogue = Catalogue.installed()
ours = {path.name for path in Path("plugins").iterdir() if (path / "__init__.py").is_file()}
for package in sorted(ours):
    import_module(package)
    note(package)
for offer in catalogue.offers():
    if offer.source.module in ours:
        note(offer.use)
"""


def loaded(script: str) -> dict[str, list[str]]:
    """What heavy modules a fresh process had imported after each step of the script."""
    told = subprocess.run(
        [sys.executable, "-c", AFTER_EACH + script + "print(json.dumps(loaded))"],
        capture_output=True,
        encoding="utf-8",
        cwd=HOUSE,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    found: dict[str, list[str]] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize("script", [CHECKS, PLUGINS], ids=["checking a file", "asking a plugin what it offers"])
def test_nothing_heavy_comes_along(script: str) -> None:
    found = loaded(script)
    assert len(found) > 3
    assert {name: heavy for name, heavy in found.items() if heavy} == {}


def test_what_is_heavy_would_be_seen() -> None:
    assert loaded("import karb_core.history.columns\nnote('history')\n")["history"] != []
