"""The locks that releases wrote for the three-tier strategy: every later karb reads them; the last one still holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.difference import from_lock
from karb_core.rulebook.lock import Lock, read_lock
from karb_core.rulebook.source import read_source
from tests.cli.conftest import Karb
from tests.cli.files import EPOCH
from tests.cli.golden import assert_golden
from tests.cli.shipped import GOLDEN, STRATEGIES

LOCK = GOLDEN / "kimp_tiered.lock"


@pytest.fixture
def lock() -> Lock:
    found = read_lock(LOCK)
    assert found is not None
    return found


def test_is_the_lock_that_karb_writes(karb: Karb, monkeypatch: pytest.MonkeyPatch):
    """Byte by byte, but for the digests of the code."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    karb("lock", "strategies/kimp_tiered.yaml", "--because", "as released")
    assert_golden(LOCK, _codeless(Path("strategies/kimp_tiered.lock").read_text("utf-8")))


@pytest.mark.parametrize("path", sorted(GOLDEN.parent.glob("*/kimp_tiered.lock")), ids=lambda path: path.parent.name)
def test_is_read(path: Path):
    lock = read_lock(path)
    assert lock is not None
    assert (lock.strategy, len(lock.approvals)) == ("kimp-tiered", 1)
    assert (lock.approvals[0].because, lock.approvals[0].at) == ("as released", "2023-11-14T22:13:20Z")
    assert lock.rules["/capital"].value == "40000000 KRW"
    assert lock.rules["/capital"].written == "40,000,000 KRW"


def test_approves_the_shipped_strategy(lock: Lock):
    rulebook = check(read_source(str(STRATEGIES / "kimp_tiered.yaml")), Catalogue.installed()).rulebook
    assert rulebook is not None
    assert rulebook.digests == lock.digests
    assert from_lock(lock, rulebook) == []


def _codeless(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(line.partition("sha256:")[0] + 'sha256:0"}' if "distribution:" in line else line for line in lines)
