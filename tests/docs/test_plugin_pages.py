"""Every plugin of ours has its page, in one shape, with the components it offers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from tests.docs.pages import HOUSE, blocks

PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: By package, the names by which files name what is in it: Binance's two products are two.
PLUGINS: dict[str, list[str]] = {}
for name, point in PROJECT["entry-points"]["karb.plugins"].items():
    PLUGINS.setdefault(point.partition(".")[0], []).append(name)
#: By package, the commands that plugins bring.
COMMANDS: dict[str, list[str]] = {}
for command, point in PROJECT["entry-points"]["karb.commands"].items():
    COMMANDS.setdefault(point.partition(".")[0], []).append(command)
#: Packages that bring a server.
SERVERS = {point.partition(".")[0] for point in PROJECT["entry-points"]["karb.servers"].values()}
#: Packages that keep halts for several hosts.
STORES = {point.partition(".")[0] for point in PROJECT["entry-points"]["karb.halts"].values()}
HEADINGS = ["What it offers", "In a strategy"]


@pytest.fixture(scope="module")
def offers() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {name: [] for names in PLUGINS.values() for name in names}
    for offer in Catalogue.installed().offers():
        if offer.source.name in found:
            found[offer.source.name].append((offer.use, offer.port, str(offer.stage)))
    return found


@pytest.mark.parametrize("package", PLUGINS)
def test_the_page_lists_what_the_plugin_offers(package: str, offers: dict[str, list[tuple[str, str, str]]]) -> None:
    page = (HOUSE / "plugins" / package / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([a-z_]+) \| ([a-z]+) \|", page, flags=re.MULTILINE)
    assert sorted(rows) == sorted(offer for name in PLUGINS[package] for offer in offers[name])


@pytest.mark.parametrize("package", PLUGINS)
def test_the_page_has_the_shape_of_all(package: str) -> None:
    page = HOUSE / "plugins" / package / "README.md"
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {package}\n")
    assert re.findall("^## (.+)$", text, flags=re.MULTILINE)[:2] == HEADINGS
    assert [block.kind for block in blocks(page)] == ["yaml"]


@pytest.mark.parametrize("package", COMMANDS)
def test_the_page_lists_the_commands_that_the_plugin_brings(package: str) -> None:
    text = (HOUSE / "plugins" / package / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {package}\n")
    assert re.findall(r"^\| `karb ([a-z-]+)(?: FILE)?` \| command \|", text, flags=re.MULTILINE) == COMMANDS[package]


def test_no_plugin_has_no_page() -> None:
    pages = {path.parent.name for path in Path(HOUSE / "plugins").glob("*/README.md")}
    assert pages == {*PLUGINS, *COMMANDS, *SERVERS, *STORES}
