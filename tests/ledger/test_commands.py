"""What the owner tells the desks of an account: kept in its order, told again for nothing, taken by exactly one."""

from __future__ import annotations

import threading
from dataclasses import replace

from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.telling import take, tell, waiting

HALT = Command(
    id="c1", account="main", strategy=None, verb="halt", strength="no-entries", reason="뉴스", author="phone", at_ns=7
)
RESUME = replace(HALT, id="c2", strategy="tiered", verb="resume", strength=None, at_ns=3)
ELSEWHERE = replace(HALT, id="c3", account="other")


def told(ledger: Ledger, *commands: Command) -> None:
    for command in commands:
        tell(ledger, command)


def test_waits_in_the_order_in_which_it_was_told_whatever_the_clocks_say(ledger: Ledger) -> None:
    told(ledger, HALT, ELSEWHERE, RESUME)
    assert waiting(ledger, "main") == [HALT, RESUME]
    assert waiting(ledger, "other") == [ELSEWHERE]
    assert waiting(ledger, "nobody's") == []


def test_telling_it_again_changes_nothing(ledger: Ledger) -> None:
    told(ledger, HALT, RESUME, replace(HALT, reason="told again"))
    assert waiting(ledger, "main") == [HALT, RESUME]


def test_what_was_taken_waits_no_more_not_even_when_it_is_told_again(ledger: Ledger) -> None:
    told(ledger, HALT, RESUME)
    assert take(ledger, "c1", run_id="r1", at_ns=9)
    assert not take(ledger, "c1", run_id="r1", at_ns=10)
    assert not take(ledger, "unheard of", run_id="r1", at_ns=10)
    told(ledger, HALT)
    assert waiting(ledger, "main") == [RESUME]


def test_of_many_that_take_it_at_once_one_has_it(ledger: Ledger) -> None:
    told(ledger, HALT)
    ready, got = threading.Barrier(6), list[bool]()

    def desk(name: str) -> None:
        ready.wait()
        got.append(take(ledger, "c1", run_id=name, at_ns=9))

    desks = [threading.Thread(target=desk, args=(f"r{n}",)) for n in range(6)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert sorted(got) == [False] * 5 + [True]


def test_a_reason_that_no_database_takes_is_spelt_out(ledger: Ledger) -> None:
    told(ledger, replace(HALT, reason="a\0b\ud800"))
    assert [c.reason for c in waiting(ledger, "main")] == ["a\\x00b\\ud800"]
