"""One process for each account, whoever asks, on both databases."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from karb_core.errors import AccountHeld
from karb_core.ledger.lease import Holder, held, take
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.texts.text import render

HOUSE = Path(__file__).parents[2]
ME = Holder(account="main", run_id="r1", mark="m1", host="seoul-1", pid=411)
OTHER = Holder(account="main", run_id="r2", mark="m2", host="tokyo-2", pid=77)
S = 1_000_000_000
T0 = 1_767_225_600 * S
LIVES = 30 * S


def refused(ledger: Ledger, who: Holder, at_ns: int) -> AccountHeld:
    with pytest.raises(AccountHeld) as raised:
        take(ledger, who, at_ns=at_ns, lives_ns=LIVES)
    return raised.value


def test_a_second_process_is_refused_in_one_sentence_that_finds_the_first(ledger: Ledger) -> None:
    take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    error = refused(ledger, OTHER, T0 + 1)
    assert error.exit_code == 9
    assert str(error) == ("account main is held by another karb: seoul-1, process 411, since 2026-01-01T00:00:00Z")
    assert error.help is not None
    assert "2026-01-01T00:00:30Z" in render(error.help)
    for said in (error.said, error.help):
        assert all(len(render(said, lang).splitlines()) == 1 for lang in ("en", "ko"))


def test_accounts_do_not_know_each_other(ledger: Ledger) -> None:
    take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    take(ledger, replace(OTHER, account="second"), at_ns=T0, lives_ns=LIVES)
    found = held(ledger, "second")
    assert found is not None
    assert (found.by.run_id, found.by.pid) == ("r2", 77)
    assert held(ledger, "third") is None


@pytest.mark.parametrize(("silent_ns", "free"), [(0, False), (LIVES, False), (LIVES + 1, True)])
def test_who_is_silent_for_longer_than_it_said_loses_it(ledger: Ledger, silent_ns: int, free: bool) -> None:
    lease = take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    lease.beat(T0 + 10 * S)
    found = held(ledger, "main")
    assert found is not None
    assert found.free_at(T0 + 10 * S + silent_ns) is free
    if not free:
        refused(ledger, OTHER, T0 + 10 * S + silent_ns)
        return
    other = take(ledger, OTHER, at_ns=T0 + 10 * S + silent_ns, lives_ns=LIVES)
    with pytest.raises(AccountHeld, match="ours no more: tokyo-2, process 77 took it over at 2026-01-01T00:00:40"):
        lease.beat(T0 + 41 * S)
    other.beat(T0 + 41 * S)


def test_what_the_holder_said_counts_and_not_what_the_next_one_would_like(ledger: Ledger) -> None:
    take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    with pytest.raises(AccountHeld):
        take(ledger, OTHER, at_ns=T0 + 20 * S, lives_ns=1)


def test_a_late_beat_is_good_as_long_as_nobody_came(ledger: Ledger) -> None:
    lease = take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    lease.beat(T0 + 10 * LIVES)
    refused(ledger, OTHER, T0 + 10 * LIVES + 1)


def test_given_back_it_is_free_at_once(ledger: Ledger) -> None:
    lease = take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    lease.release(T0 + 1)
    with pytest.raises(AccountHeld, match="given back or removed"):
        lease.beat(T0 + 2)
    take(ledger, OTHER, at_ns=T0 + 2, lives_ns=LIVES)
    lease.release(T0 + 3)
    found = held(ledger, "main")
    assert found is not None
    assert (found.by, found.released_at_ns) == (OTHER, None)


def test_a_row_that_somebody_removed_is_a_lease_that_was_lost(ledger: Ledger) -> None:
    lease = take(ledger, ME, at_ns=T0, lives_ns=LIVES)
    with ledger.writing() as connection:
        connection.exec_driver_sql("DELETE FROM leases")
    with pytest.raises(AccountHeld, match="given back or removed"):
        lease.beat(T0 + 1)


def test_the_same_process_may_ask_again_when_the_answer_was_lost(ledger: Ledger) -> None:
    for at in range(2):
        take(ledger, ME, at_ns=T0 + at, lives_ns=LIVES)
    refused(ledger, replace(ME, pid=412), T0 + 2)


RACES = """
import sys
from karb_core.errors import AccountHeld
from karb_core.ledger.lease import Holder, take
from karb_core.ledger.ledger import open_ledger
where, name, at_ns, lives_ns = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
ledger = open_ledger(where, wait_s=60)
print("ready", flush=True)
for line in sys.stdin:
    account = line.strip()
    try:
        take(ledger, Holder(account=account, run_id=name, mark=name, host="h", pid=1), at_ns=at_ns, lives_ns=lives_ns)
        print("won", flush=True)
    except AccountHeld as error:
        print("lost", error.exit_code, flush=True)
"""


@pytest.mark.parametrize("before", ["nobody", "abandoned", "given back"])
def test_of_processes_that_race_for_it_exactly_one_wins(where: str, before: str) -> None:
    ledger = open_ledger(where)
    accounts = [f"a{n}" for n in range(12)]
    for account in accounts if before != "nobody" else ():
        lease = take(ledger, replace(ME, account=account), at_ns=T0 - 10 * LIVES, lives_ns=LIVES)
        if before == "given back":
            lease.release(T0 - 9 * LIVES)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACES, where, f"r{n}", str(T0), str(LIVES)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=HOUSE,
        )
        for n in range(3)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("".join(f"{account}\n" for account in accounts))
        racer.stdin.flush()
    told = [racer.communicate() for racer in racers]
    assert [err for _, err in told] == ["", "", ""]
    by_account = list(zip(*(out.splitlines() for out, _ in told), strict=True))
    assert [sorted(answers) for answers in by_account] == [["lost 9", "lost 9", "won"]] * len(accounts)
    for account, answers in zip(accounts, by_account, strict=True):
        found = held(ledger, account)
        assert found is not None
        assert found.by.run_id == f"r{answers.index('won')}"
    ledger.close()
