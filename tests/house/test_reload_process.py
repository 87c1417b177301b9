"""`karb reload` from another terminal, with karb as a real process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.ledger.reading import lived as runs
from tests.house.process import LEDGER, Karb, asked, write
from tests.house.test_older_rules import NEVER
from tests.house.test_process import WARM, entered, moved

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills a process")

RELOAD = ("reload", "walker.yaml", "--ledger", LEDGER)


@pytest.fixture
def here(folder: Path) -> Path:
    moved(folder, "calm")
    return folder


def locked(here: Path) -> None:
    done = asked(here, "lock", "walker.yaml", "--because", "rarer exits")
    assert done.returncode == 0, done.stderr


def ran(here: Path) -> list[tuple[str, str | None]]:
    """By run: the rules, and how it ended."""
    ledger = open_ledger(here / LEDGER, read_only=True)
    found = [(each.run.rules_digest, each.ended) for each in runs(ledger)]
    ledger.close()
    return found


def test_another_terminal_has_the_desk_adopt_what_is_locked_and_nothing_else(here: Path) -> None:
    with Karb(here, write(here)) as karb:
        entered(karb, here)
        write(here, NEVER)
        karb.heard("differ from the rules in force: 1.")
        refused = asked(here, *RELOAD)
        assert (refused.returncode, "karb lock" in refused.stderr) == (4, True)
        locked(here)
        karb.heard("is locked as it is now")
        done = asked(here, *RELOAD)
        assert done.returncode == 0, done.stderr
        assert "the desk enters by walker.yaml now" in done.stdout
        karb.heard("is adopted")
        moved(here, "calm")
        karb.heard("BTC exit")
        write(here, NEVER, ("tick: 200ms", "tick: 100ms"))
        locked(here)
        fixed = asked(here, *RELOAD)
        assert (fixed.returncode, "/feeds/0/with/tick" in fixed.stderr) == (3, True)
    ledger = open_ledger(here / LEDGER, read_only=True)
    traded = [d.rules_digest for d in decisions(ledger, Whose("paper:walker")) if d.intent_id is not None]
    ledger.close()
    (old, ended), (new, _) = ran(here)
    assert ended == "reloaded"
    assert old != new
    assert traded == [old, old]


def test_killed_between_the_lock_and_the_reload_the_next_start_has_the_file(here: Path) -> None:
    with Karb(here, write(here)) as karb:
        entered(karb, here)
        write(here, NEVER)
        karb.heard("differ from the rules in force: 1.")
        locked(here)
        karb.killed()
    told = asked(here, *RELOAD, "--wait", "0")
    assert "reload for walker at paper:walker stands in the ledger" in told.stdout
    with Karb(here, "walker.yaml") as karb:
        karb.heard("keep the rules they were opened with")
        karb.heard_each(WARM, "enters by already")
        moved(here, "calm")
        karb.heard("BTC exit")
    (old, _), (new, _) = ran(here)
    assert old != new
