"""Imports go down only, and a library comes in by its one door."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

HOUSE = Path(__file__).parents[2]
CONFIG = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
PLUGINS = {path.name for path in (HOUSE / "plugins").iterdir() if (path / "__init__.py").is_file()}
#: A plugin may import these; every other room stands above it.
SEEN_BY_PLUGINS = {"plugin", "ports", "connection", "history", "rules", "venue", "domain", "errors", "texts"}


def contract(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = next(c for c in CONFIG["contracts"] if c["name"] == name)
    return found


def test_the_contracts_hold() -> None:
    ask = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    paths = [str(HOUSE), str(HOUSE / "plugins")]
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}; {ask}"],
        capture_output=True,
        encoding="utf-8",
        cwd=HOUSE,
        check=False,
    )
    assert told.returncode == 0, told.stdout[told.stdout.find("Broken contracts") :] + told.stderr


def test_the_contracts_know_every_plugin() -> None:
    assert set(CONFIG["root_packages"]) == {"karb_core", *PLUGINS}
    assert set(contract("no plugin knows another")["modules"]) == PLUGINS
    assert set(contract("plugins see no higher floor")["source_modules"]) == PLUGINS
    assert set(contract("plugins come in by the doors")["source_modules"]) == PLUGINS
    assert set(contract("aiohttp has one door: connection")["source_modules"]) == {"karb_core", *PLUGINS}
    assert set(contract("the core names no plugin")["forbidden_modules"]) == PLUGINS


def test_the_contracts_know_every_room_above_the_plugins() -> None:
    rooms = {path.parent.name for path in (HOUSE / "karb_core").glob("*/__init__.py")}
    above = {f"karb_core.{room}" for room in rooms - SEEN_BY_PLUGINS}
    assert set(contract("plugins see no higher floor")["forbidden_modules"]) == above


def test_every_plugin_of_ours_has_its_entry_point() -> None:
    points = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    commands = {place.partition(".")[0] for place in points["karb.commands"].values()}
    servers = {place.partition(".")[0] for place in points["karb.servers"].values()}
    plugins = {place.partition(".")[0] for place in points["karb.plugins"].values()}
    stores = {place.partition(".")[0] for place in points["karb.halts"].values()}
    assert plugins | commands | servers | stores == PLUGINS
