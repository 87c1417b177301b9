"""A place with a market and a ledger, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.ledger.ledger import Ledger, open_ledger
from tests.cli.run import ours
from tests.house.live_stage import KEY
from tests.house.stage import Place, install
from tests.ledger.conftest import postgres_url, where
from tests.plugin.conftest import site
from tests.plugin.site import Site

__all__ = ["postgres_url", "site", "where"]


@pytest.fixture
def folder(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a strategy is run; the plugin of the market is installed."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, f"{value},walk" if name == "KARB_PLUGINS" else value)
    install(site)
    for venue in ("UPBIT", "BINANCE"):
        monkeypatch.setenv(f"KARB_SECRET_{venue}", KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    opened = open_ledger(where)
    yield opened
    opened.close()


@pytest.fixture
def file_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """SQLite, where the database is not what is asked about."""
    opened = open_ledger(tmp_path / "karb.ledger")
    yield opened
    opened.close()


@pytest.fixture
def place(folder: Path, file_ledger: Ledger) -> Place:
    return Place(folder, file_ledger)
