"""`karb run` on paper as a real process: who may start, how it ends, what another terminal sees, and what a kill leaves."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from karb_core.ledger.check import check
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, fills, runs
from tests.house.process import LEDGER, Karb, asked, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")

TRADES = "trades on paper"
WARM = "bars that the signal looks back on are there"
FLAT = "stopped: nothing stays open"
WRONG = ("wrong: nothing}}\nfx", "wrong: facts_raise}}\nfx")


@pytest.fixture
def here(folder: Path) -> Path:
    moved(folder, "calm")
    return folder


def moved(folder: Path, how: str) -> None:
    (folder / "market.txt").write_text(how, "utf-8")


def traded(folder: Path, account: str = "paper:walker") -> int:
    """How many fills the ledger has; it proves."""
    ledger = open_ledger(folder / LEDGER)
    assert [violation for one in check(ledger) for violation in one.broken] == []
    found = list(fills(ledger, Whose(account)))
    ledger.close()
    assert len({fill.venue_trade_id for fill, _ in found}) == len(found)
    return len(found)


def lot_run(folder: Path) -> str:
    """The run that began last."""
    ledger = open_ledger(folder / LEDGER, read_only=True)
    last = list(runs(ledger))[-1].id
    ledger.close()
    return last


def entered(karb: Karb, folder: Path) -> None:
    karb.heard(WARM)
    moved(folder, "high")
    karb.heard("BTC entry short_premium")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_while_flat_it_is_interrupted_and_says_that_nothing_stays_open(
    here: Path, number: signal.Signals
) -> None:
    with Karb(here, write(here)) as karb:
        assert karb.heard(TRADES) == (
            "walker trades on paper, account paper:walker; Ctrl-C ends it, a second one at once"
        )
        karb.heard(WARM)
        karb.signalled(number)
        code, said = karb.ended()
    assert (code, said[-1]) == (130, FLAT)


def test_ended_with_a_lot_open_it_says_so_and_the_next_one_leaves_it(here: Path) -> None:
    with Karb(here, write(here)) as karb:
        entered(karb, here)
        karb.signalled(signal.SIGTERM)
        code, said = karb.ended()
    assert code == 10
    assert said[-1].startswith("stays open: BTC · short_premium, lot ")
    assert said[-1].endswith("nobody watches it until the next start")
    moved(here, "calm")
    with Karb(here, "walker.yaml") as karb:
        karb.heard("BTC exit short_premium")
        karb.signalled(signal.SIGINT)
        assert karb.ended()[0] == 130
    assert traded(here) == 4


def test_a_second_one_is_refused_in_one_sentence_before_it_asks_a_venue_anything(here: Path) -> None:
    """Its feed would fail at the first question."""
    with Karb(here, write(here)) as first:
        first.heard(WARM)
        with Karb(here, write(here, WRONG, name="again")) as second:
            code, said = second.ended()
        assert code == 9
        assert said[0].startswith("error: account paper:walker is held by another karb: ")
        assert len(said) == 2
        assert "Traceback" not in "".join(said)
        first.signalled(signal.SIGINT)
        assert first.ended()[0] == 130


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a killed one is waited for")
def test_after_a_kill_the_next_start_is_allowed_at_once_and_goes_on(here: Path) -> None:
    with Karb(here, write(here)) as karb:
        entered(karb, here)
        karb.killed()
    with Karb(here, "walker.yaml") as karb:
        karb.heard(WARM)
        moved(here, "calm")
        karb.heard("BTC exit short_premium")
        karb.signalled(signal.SIGINT)
        assert karb.ended()[0] == 130
    assert traded(here) == 4


def test_from_another_terminal_it_is_seen_halted_and_resumed(here: Path) -> None:
    at = ("--ledger", LEDGER)
    with Karb(here, write(here)) as karb:
        entered(karb, here)
        status = json.loads(asked(here, "status", *at, "--format", "json").stdout)
        (lot,) = json.loads(asked(here, "positions", *at, "--format", "json").stdout)["lots"]
        assert (lot["pair"], lot["side"], lot["uneven"]) == ("BTC", "short_premium", [])
        holder = status["desk"]
        assert (holder["pid"], holder["run"]) == (karb.made.pid, lot_run(here))
        halt = asked(here, "halt", "--strength", "no-entries", "--because", "news", "--wait", "5", *at)
        assert (halt.returncode, halt.stderr) == (0, "")
        assert "taken for walker by run" in halt.stdout
        assert "news" in karb.heard("no-entries")
        moved(here, "calm")
        karb.heard("BTC exit short_premium")
        pnl = json.loads(asked(here, "pnl", *at, "--format", "json").stdout)
        assert pnl["total"][0]["lots"] == 1
        karb.killed()
    with Karb(here, "walker.yaml") as karb:
        assert "news" in karb.heard("no-entries")
        resume = asked(here, "resume", "--because", "over", "--wait", "5", *at)
        assert (resume.returncode, resume.stderr) == (0, "")
        karb.signalled(signal.SIGINT)
        assert karb.ended()[0] == 130


def test_two_files_trade_in_one_process_each_at_its_account_and_one_signal_ends_both(here: Path) -> None:
    one, two = write(here), write(here, ("name: walker", "name: other"), name="other")
    with Karb(here, one, two) as karb:
        karb.heard("other trades on paper, account paper:other")
        karb.heard(WARM)
        karb.heard(WARM)
        halt = asked(
            here,
            "halt",
            "--strength",
            "no-entries",
            "--because",
            "news",
            "--ledger",
            LEDGER,
            "--account",
            "paper:other",
        )
        assert halt.returncode == 0, halt.stderr
        moved(here, "high")
        karb.heard("BTC entry short_premium")
        karb.signalled(signal.SIGINT)
        code, said = karb.ended()
    assert code == 10
    assert sum(line.startswith("stays open: ") for line in said) == 1
    assert (traded(here), traded(here, "paper:other")) == (2, 0)


def test_two_files_of_one_name_are_refused(here: Path) -> None:
    told = asked(here, "run", write(here), write(here, name="again"), "--ledger", LEDGER)
    assert told.returncode == 2
    assert told.stderr.startswith("error: two of the files are named walker: their accounts would be one\n")
    assert not (here / LEDGER).exists()


BROKEN = ("take_profit: 0.2%", "take_profit: much")
GONE = ("risk_gates:", "risk_gates:\n  - {use: nowhere.gate, at: [entry], with: {limit: 20%}}")


@pytest.mark.parametrize(("edit", "code"), [(BROKEN, 3), (GONE, 5)], ids=["broken", "plugin gone"])
def test_a_file_that_cannot_be_used_keeps_nobody_from_leaving(here: Path, edit: tuple[str, str], code: int) -> None:
    """It starts by the rules it ran by last, enters nothing, and what is open leaves."""
    with Karb(here, write(here)) as karb:
        entered(karb, here)
        karb.signalled(signal.SIGTERM)
        assert karb.ended()[0] == 10
    file = write(here, edit)
    with Karb(here, file) as karb:
        karb.heard("cannot be used")
        karb.heard_each("HALT", "^ +(reduce only|reduce_only|reduce-only)", WARM)
        moved(here, "calm")
        karb.heard("BTC exit short_premium")
        karb.signalled(signal.SIGTERM)
        assert karb.ended()[0] == 130
    assert traded(here) == 4
    with Karb(here, file) as karb:  # nothing is open any more: then it is only a file that is wrong
        assert karb.ended()[0] == code
