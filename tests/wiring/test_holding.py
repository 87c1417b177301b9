"""An account is held while this process says so, taken over when it is silent or gone, and never by two."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.errors import AccountHeld, LedgerUnusable
from karb_core.ledger.lease import Holder, held
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.wiring.holding import LOST, hold
from karb_core.wiring.mark import mark_of
from karb_core.wiring.this_process import is_gone, this_process
from tests.engine.scene import Hand, Proposes, proposal, scene, strategy
from tests.ledger.conftest import postgres_url, where

__all__ = ["postgres_url", "where"]

ROOT = Path(__file__).parents[2]
S = 1_000_000_000
LIVES = 30 * S
ME = Holder(account="main", run_id="1", mark="abcd", host="seoul-1", pid=411)
OTHER = replace(ME, run_id="2", pid=412)


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    opened = open_ledger(where)
    yield opened
    opened.close()


def test_it_is_ours_as_long_as_it_lives_without_a_word_and_no_longer(ledger: Ledger) -> None:
    clock = Hand()
    holding = hold(ledger, (ME,), clock, LIVES)
    beaten = clock.now
    for after, ours, strength in ((LIVES - 1, True, Halt.NONE), (LIVES, False, Halt.NO_ENTRIES)):
        # Looking at this clock takes a nanosecond.
        clock.now = beaten + after
        assert holding.ours() is ours
        clock.now = beaten + after
        assert holding.strength() is strength
    asyncio.run(holding.beat())
    assert holding.ours()


def test_a_desk_enters_nothing_while_the_account_may_not_be_ours(ledger: Ledger) -> None:
    desk = scene(strategy(Proposes(proposal()))).desk
    clock = Hand()
    holding = hold(ledger, (ME,), clock, LIVES)
    desk.halts.elsewhere = lambda: Halt.NONE
    holding.binds([desk])
    assert desk.halts.strength() is Halt.NONE
    clock.now += LIVES + S
    assert desk.halts.strength() is Halt.NO_ENTRIES


def test_who_comes_back_after_another_took_it_knows_and_no_resume_undoes_it(ledger: Ledger) -> None:
    clock = Hand()
    holding = hold(ledger, (ME,), clock, LIVES)
    clock.now += LIVES + S
    hold(ledger, (OTHER,), clock, LIVES)

    async def comes_back() -> None:
        lost = asyncio.ensure_future(holding.until_lost())
        await holding.beat()
        await lost

    with pytest.raises(AccountHeld, match="process 412"):
        asyncio.run(comes_back())
    assert (holding.ours(), dict(holding.still())) == (False, {LOST: Halt.NO_ENTRIES})
    holding.release()
    found = held(ledger, "main")
    assert found is not None
    assert (found.by.pid, found.released_at_ns) == (412, None)


def test_a_ledger_that_cannot_be_written_for_a_while_loses_nothing(tmp_path: Path) -> None:
    ledger, clock = open_ledger(tmp_path / "karb.ledger", wait_s=0.01), Hand()
    holding = hold(ledger, (ME,), clock, LIVES)
    other = open_ledger(tmp_path / "karb.ledger")
    with other.writing():
        asyncio.run(holding.beat())
        clock.now += LIVES + S
        assert not holding.ours()
    asyncio.run(holding.beat())
    assert holding.ours()
    assert holding.lost is None
    other.close()
    ledger.close()


def test_given_back_it_is_free_at_once(ledger: Ledger) -> None:
    clock = Hand()
    hold(ledger, (ME,), clock, LIVES).release()
    hold(ledger, (OTHER,), clock, LIVES)


TELLS = "from karb_core.wiring.this_process import this_process; print(this_process(), flush=True); input()"


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process, and what it tells of itself."""
    made = subprocess.Popen(
        [sys.executable, "-c", TELLS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
    )
    assert made.stdout is not None
    yield made, made.stdout.readline().strip()
    made.kill()
    made.communicate()


linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process from every other")


@linux
def test_a_holder_that_was_killed_is_not_waited_for(ledger: Ledger, other: tuple[subprocess.Popen[str], str]) -> None:
    process, told = other
    clock = Hand()
    hold(ledger, (replace(ME, pid=process.pid, process=told),), clock, LIVES)
    with pytest.raises(AccountHeld):
        hold(ledger, (OTHER,), clock, LIVES)
    process.kill()
    process.wait()
    hold(ledger, (OTHER,), clock, LIVES)


@linux
def test_a_process_is_gone_once_it_ended_also_before_its_parent_asked(
    other: tuple[subprocess.Popen[str], str],
) -> None:
    process, told = other
    assert not is_gone(told)
    process.kill()
    import os

    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(told)
    process.wait()
    assert is_gone(told)


@linux
def test_another_process_that_got_its_number_is_not_taken_for_it() -> None:
    mine = this_process()
    assert mine is not None
    before, _, started = mine.rpartition("/")
    assert not is_gone(mine)
    assert is_gone(f"{before}/{int(started) - 1}")


@pytest.mark.parametrize("told", ["", "x", "another-boot/pid:[1]/1/1", "another-boot/pid:[1]/4194304/1", "a/b/c/d"])
def test_of_a_process_that_cannot_be_seen_from_here_nothing_is_proven(told: str) -> None:
    assert not is_gone(told)


def test_where_the_system_tells_nothing_its_silence_is_waited_for(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As on Windows and macOS, and where /proc is not there."""
    from karb_core.wiring import this_process as seam

    monkeypatch.setattr(seam, "_PROC", tmp_path / "none")
    assert this_process() is None
    assert not is_gone("boot/pid:[1]/1/1")
    clock = Hand()
    hold(ledger, (replace(ME, process=None),), clock, LIVES)
    with pytest.raises(AccountHeld):
        hold(ledger, (OTHER,), clock, LIVES)
    clock.now += LIVES + S
    hold(ledger, (OTHER,), clock, LIVES)


def test_a_mark_is_minted_once_for_an_account_and_is_the_ledger_s_own(ledger: Ledger) -> None:
    first = mark_of(ledger, ("main",))
    assert len(first) == 4
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz234567")
    hold(ledger, (replace(ME, mark=first),), Hand(), LIVES).release()
    assert {mark_of(ledger, ("main",)) for _ in range(5)} == {first}
    assert len({mark_of(ledger, ("other",)) for _ in range(20)}) > 1


def test_a_mark_fits_into_an_order_id(ledger: Ledger) -> None:
    from karb_core.domain.order_id import OrderId, order_id

    mark = mark_of(ledger, ("main",))
    read = OrderId.read(order_id(mark=mark, intent_id="abcdefghij234567", leg=1, attempt=0))
    assert read is not None
    assert read.mark == mark


def test_no_ledger_no_account(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "karb.ledger", wait_s=0.01)
    other = open_ledger(tmp_path / "karb.ledger")
    with other.writing(), pytest.raises(LedgerUnusable):
        hold(ledger, (ME,), Hand(), LIVES)
    other.close()
    ledger.close()
