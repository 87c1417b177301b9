"""A desk as a real process, and real signals: the first lets it finish, the second ends it where it stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.domain.holdings import Account, Holdings
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose
from karb_core.wiring.restart import before
from karb_core.wiring.under_way import under_way
from tests.engine.scene import FACTS, TERMS, D, rules
from tests.wiring.steered import ACCOUNT, halt_rows

HOUSE = Path(__file__).parents[2]
LEDGER = "desk.sqlite"
STOPPING = "stopping: nothing new is entered, and what is under way is brought to its end; once more ends at once"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")


class Process:
    def __init__(self, folder: Path, *words: str) -> None:
        path = os.pathsep.join([str(HOUSE), str(HOUSE / "plugins")])
        self._made = subprocess.Popen(
            [sys.executable, "-m", "tests.wiring.desk_process", str(folder / LEDGER), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd=HOUSE,
            env=os.environ | {"PYTHONPATH": path},
        )  # fmt: skip
        self.heard("ready")

    def heard(self, line: str) -> None:
        assert self._made.stdout is not None
        assert self._made.stdout.readline() == f"{line}\n"

    def told(self, line: str) -> None:
        assert self._made.stdin is not None
        self._made.stdin.write(f"{line}\n")
        self._made.stdin.flush()

    def signalled(self, number: signal.Signals) -> None:
        self._made.send_signal(number)

    def ended(self) -> tuple[int, list[str]]:
        """Its exit code, and what it said since it was heard last."""
        out, _ = self._made.communicate()
        return self._made.returncode, out.splitlines()

    def close(self) -> None:
        if self._made.poll() is None:
            self._made.kill()
        self._made.communicate()


@pytest.fixture(params=["handlers", "unhandled"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Process]:
    """On a loop that takes handlers for signals, and on one that takes none."""
    made = Process(tmp_path, request.param)
    yield made
    made.close()


def under_way_in(folder: Path) -> tuple[int, int]:
    """How many intents the ledger knows as not over, and how many the next start carries on."""
    ledger = open_ledger(folder / LEDGER)
    whose = Whose(ACCOUNT, TERMS.strategy)
    was = before(ledger, whose, Holdings({Account("korbit", "ADA"): D(100_000)}), FACTS, rules())
    found = len(list(under_way(ledger, whose))), len(was.unfinished)
    ledger.close()
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_desk_at_rest_that_is_flat_ends_as_interrupted(desk: Process, tmp_path: Path, number: signal.Signals) -> None:
    desk.signalled(number)
    assert desk.ended() == (130, [STOPPING, "stopped: nothing stays open"])
    ledger = open_ledger(tmp_path / LEDGER)
    assert halt_rows(ledger) == []
    ledger.close()


def test_what_is_under_way_is_brought_to_its_end_and_what_stays_open_is_named(desk: Process, tmp_path: Path) -> None:
    desk.told("moment")
    desk.heard("placed")
    desk.heard("placed")
    desk.signalled(signal.SIGTERM)
    desk.heard(STOPPING)
    desk.told("moment")
    desk.heard("not judged")
    desk.told("1 1")
    code, said = desk.ended()
    assert code == 10
    (open_,) = said
    assert open_.startswith("stays open: ADA · up, lot ")
    assert open_.endswith(": korbit ADA/EUR -100 ADA, dydx ADA/USD 100 ADA; nobody watches it until the next start")
    assert under_way_in(tmp_path) == (0, 0)


def test_what_comes_to_nothing_ends_flat(desk: Process) -> None:
    desk.told("moment")
    desk.heard("placed")
    desk.heard("placed")
    desk.signalled(signal.SIGINT)
    desk.heard(STOPPING)
    desk.told("no no")
    assert desk.ended() == (130, ["stopped: nothing stays open"])


def test_a_second_signal_ends_at_once_and_the_ledger_knows(desk: Process, tmp_path: Path) -> None:
    desk.told("moment")
    desk.heard("placed")
    desk.heard("placed")
    desk.signalled(signal.SIGINT)
    desk.heard(STOPPING)
    desk.signalled(signal.SIGINT)
    said = "ended at once: the ledger knows what was under way, and the next start finds out what became of it"
    assert desk.ended() == (10, [said])
    assert under_way_in(tmp_path) == (1, 1)


def test_what_another_desk_watches_by_now_is_no_open_end(tmp_path: Path) -> None:
    desk = Process(tmp_path, "handed")
    desk.told("moment")
    desk.heard("placed")
    desk.heard("placed")
    desk.told("1 1")
    desk.signalled(signal.SIGINT)
    code, said = desk.ended()
    assert (code, said[-1]) == (130, "stopped: another desk has the account now")


def test_work_that_ends_by_itself_is_no_interrupt(desk: Process) -> None:
    desk.told("over")
    assert desk.ended() == (0, ["stopped: nothing stays open"])
