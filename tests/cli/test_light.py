"""Checking a file loads nothing that only a run needs; how long it takes is measured by bench/check_speed.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import ours
from tests.cli.shipped import ROOT

HEAVY = {
    "numpy",
    "polars",
    "sqlalchemy",
    "alembic",
    "aiohttp",
    "ccxt",
    "msgspec",
    "asyncio",
    "rich",
    "pandas",
    "requests",
}
#: What only a stranger's component needs.
HEAVY |= {"attr", "jsonschema", "referencing"}
_LOADED = """
import sys
from karb_core.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["check", "strategies/kimp_tiered.yaml"], ["list"], ["--help"], ["explain", "K302"]]
)
def test_loads_nothing_heavy(tmp_path: Path, arguments):
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        cwd=ROOT,
        env=os.environ | ours(tmp_path) | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(done.stderr.strip().split("\n")[-1].split())
    assert "click" in loaded
    assert loaded & HEAVY == set()
