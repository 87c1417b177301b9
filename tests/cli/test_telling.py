"""`karb halt` and `karb resume`: told through the ledger, taken by the desk that runs, and said plainly."""

from __future__ import annotations

import asyncio
import getpass
import os
import pty
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.ledger.lease import Holder, take
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.telling import waiting
from tests.cli.conftest import Karb
from tests.cli.hourly import furnished, one_sentence
from tests.cli.run import started as process
from tests.cli.shipped import ROOT
from tests.engine.scene import TERMS
from tests.wiring.steered import ACCOUNT, Steered, halt_rows, started

LEDGER = "desk.sqlite"
LIVES_NS = 3_600_000_000_000
BECAUSE = ("--ledger", LEDGER, "--because", "news")


@pytest.fixture
def desk(home: Path) -> Iterator[Steered]:
    """One that has been there, and whose ledger is here."""
    ledger = open_ledger(LEDGER)
    yield started(ledger)
    ledger.close()


@contextmanager
def running(desk: Steered, *, looks: bool = True) -> Iterator[None]:
    """It holds its account, and looks again and again, or hangs."""
    lease = take(
        desk.obeying.ledger,
        Holder(account=ACCOUNT, run_id=desk.run.id, mark="t1", host="seoul-1", pid=411),
        at_ns=time.time_ns(), lives_ns=LIVES_NS,
    )  # fmt: skip
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            asyncio.run(desk.obeying.look())

    thread = threading.Thread(target=work) if looks else None
    if thread is not None:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if thread is not None:
            thread.join()
        lease.release(time.time_ns())


@pytest.mark.parametrize("strength", ["no-entries", "reduce-only"])
def test_a_running_desk_takes_it_and_the_answer_says_what_it_means(karb: Karb, desk: Steered, strength: str) -> None:
    with running(desk):
        told = karb("halt", "--strength", strength, *BECAUSE)
    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    me = f"{getpass.getuser()}@{socket.gethostname()}"
    assert lines[0] == f'halt {strength} for {TERMS.strategy} at {ACCOUNT} stands in the ledger: "news" ({me})'
    assert lines[1].startswith("it does: nothing new is entered")
    assert lines[2].startswith("it does not: close what is open")
    assert lines[3].startswith(f"taken for {TERMS.strategy} by run {desk.run.id} at ")
    assert desk.desk.halts.strength() is Halt.read(strength)
    assert halt_rows(desk.obeying.ledger) == [(strength, "news", me)]


def test_without_a_desk_it_stands_and_is_taken_at_the_next_start(karb: Karb, desk: Steered) -> None:
    told = karb("halt", "--strength", "no-entries", *BECAUSE)
    assert told.code == 0
    assert "no desk is running at this account: the order stands" in told.out
    assert "taken for" not in told.out
    after = started(desk.obeying.ledger, started_ns=2)
    asyncio.run(after.obeying.look())
    assert after.desk.halted == ["news"]


def test_a_desk_that_hangs_is_named_and_the_order_stands(karb: Karb, desk: Steered) -> None:
    with running(desk, looks=False):
        told = karb("halt", "--strength", "no-entries", *BECAUSE, "--wait", "0")
    assert told.code == 1
    assert "the desk on seoul-1, process 411" in told.err
    assert "has not taken it within 0 s" in told.err
    assert "the order stands" in told.err
    assert len(waiting(desk.obeying.ledger, ACCOUNT)) == 1


def test_a_resume_ends_the_halt(karb: Karb, desk: Steered) -> None:
    with running(desk):
        assert karb("halt", "--strength", "reduce-only", *BECAUSE).code == 0
        told = karb("resume", *BECAUSE)
    assert (told.code, told.err) == (0, "")
    assert "it does: end every halt that is no more true" in told.out
    assert desk.desk.halted == []


def test_a_resume_against_what_is_still_so_says_what_stays(karb: Karb, desk: Steered) -> None:
    desk.obeying.still = lambda: {"the lease was lost": Halt.NO_ENTRIES}
    with running(desk):
        told = karb("resume", *BECAUSE)
    assert told.code == 10
    assert "taken, and yet halted, for this is still so: no-entries: the lease was lost (desk)" in told.err


def test_flatten_is_meant_or_it_is_not_told(karb: Karb, desk: Steered) -> None:
    assert "nobody is here to be asked" in one_sentence(karb("halt", "--strength", "flatten", *BECAUSE), 2)
    assert waiting(desk.obeying.ledger, ACCOUNT) == []
    assert karb("halt", "--strength", "flatten", "--yes", *BECAUSE).code == 0
    (command,) = waiting(desk.obeying.ledger, ACCOUNT)
    assert (command.verb, command.strength, command.reason) == ("halt", "flatten", "news")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize(("answer", "code", "told"), [(b"n\n", 130, 0), (b"y\n", 0, 1)])
def test_on_a_terminal_flatten_is_asked_about(home: Path, desk: Steered, answer: bytes, code: int, told: int) -> None:
    ours, theirs = pty.openpty()
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    arguments = [sys.executable, "-m", "karb_core.cli.main", "halt", "--strength", "flatten", *BECAUSE]
    asked = subprocess.Popen(
        arguments, cwd=home, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    os.write(ours, answer)
    out, _ = asked.communicate()
    os.close(ours)
    os.close(theirs)
    assert b"will be closed at the prices of then. Go on?" in out
    assert (asked.returncode, len(waiting(desk.obeying.ledger, ACCOUNT))) == (code, told)


def test_from_a_process_of_its_own(home: Path, desk: Steered) -> None:
    with running(desk):
        other = process(["halt", "--strength", "no-entries", *BECAUSE], home)
        out, err = other.communicate()
    assert (other.returncode, err) == (0, b"")
    assert b"taken for" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("halt", "--ledger", LEDGER, "--strength", "no-entries"), 2, "say why: --because"),
        (("halt", *BECAUSE), 2, "--strength is missing"),
        (("halt", *BECAUSE, "--strength", "a-little"), 2, "--strength must be one of no-entries, reduce-only, flatten"),
        (("halt", *BECAUSE, "--strength", "no-entries", "--strategy", "tset"), 2, "no run is of a strategy `tset`"),
        (("resume", *BECAUSE, "--account", "other"), 2, "no run has an account `other`"),
        (("resume", "--because", "x", "--ledger", "none.sqlite"), 8, "there is no ledger at none.sqlite"),
        (("resume", "--ledger", LEDGER, "--because", " "), 2, "say why: --because"),
        (("resume", *BECAUSE, "--wait", "soon"), 2, "--wait"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(
    karb: Karb, desk: Steered, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in one_sentence(karb(*arguments), code)
    assert waiting(desk.obeying.ledger, ACCOUNT) == []
    assert not Path("none.sqlite").exists()


def test_a_backtest_cannot_be_told_anything(karb: Karb, home: Path) -> None:
    furnished(home, "csv")
    assert karb("run", "tiny.yaml", "--quiet", "--ledger", "here.sqlite").code == 0
    told = karb("halt", "--ledger", "here.sqlite", "--strength", "no-entries", "--because", "x")
    assert "nothing in here.sqlite was run in paper or live" in one_sentence(told, 2)


def test_an_old_ledger_is_not_carried_on_for_it(karb: Karb, home: Path) -> None:
    Path("old.sqlite").write_bytes((ROOT / "tests" / "golden" / "0.1.0" / "ledger-0001.sqlite").read_bytes())
    before = Path("old.sqlite").read_bytes()
    assert "earlier karb" in one_sentence(karb("resume", "--ledger", "old.sqlite", "--because", "x"), 8)
    assert Path("old.sqlite").read_bytes() == before


def test_speaks_korean(karb: Karb, desk: Steered) -> None:
    told = karb("--lang", "ko", "halt", "--strength", "no-entries", *BECAUSE)
    assert "하는 일: 새로 진입하지 않습니다" in told.out
    assert "실행 중인 데스크가 없습니다" in told.out
