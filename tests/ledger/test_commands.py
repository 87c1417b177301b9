"""What the owner tells the desks of an account: kept in its order, told again for nothing, taken by exactly one."""

from __future__ import annotations

import threading
from dataclasses import replace

from karb_core.ledger.commands import Command, take, tell, waiting
from karb_core.ledger.ledger import Ledger

HALT = Command(
    id="c1", account="main", strategy=None, verb="halt", strength="no-entries", reason="뉴스", author="phone", at_ns=7
)
RESUME = replace(HALT, id="c2", strategy="tiered", verb="resume", strength=None, at_ns=3)
ELSEWHERE = replace(HALT, id="c3", account="other")


def told(ledger: Ledger, *commands: Command) -> None:
    for command in commands:
        with ledger.writing() as connection:
            tell(connection, command)


def test_waits_in_the_order_in_which_it_was_told_whatever_the_clocks_say(ledger: Ledger) -> None:
    told(ledger, HALT, ELSEWHERE, RESUME)
    with ledger.reading() as connection:
        assert waiting(connection, "main") == [HALT, RESUME]
        assert waiting(connection, "other") == [ELSEWHERE]
        assert waiting(connection, "nobody's") == []


def test_telling_it_again_changes_nothing(ledger: Ledger) -> None:
    told(ledger, HALT, RESUME, replace(HALT, reason="told again"))
    with ledger.reading() as connection:
        assert waiting(connection, "main") == [HALT, RESUME]


def test_what_was_taken_waits_no_more_not_even_when_it_is_told_again(ledger: Ledger) -> None:
    told(ledger, HALT, RESUME)
    with ledger.writing() as connection:
        assert take(connection, "c1", run_id="r1", at_ns=9)
        assert not take(connection, "c1", run_id="r1", at_ns=10)
        assert not take(connection, "unheard of", run_id="r1", at_ns=10)
    told(ledger, HALT)
    with ledger.reading() as connection:
        assert waiting(connection, "main") == [RESUME]


def test_of_many_that_take_it_at_once_one_has_it(ledger: Ledger) -> None:
    told(ledger, HALT)
    ready, got = threading.Barrier(6), list[bool]()

    def desk(name: str) -> None:
        ready.wait()
        with ledger.writing() as connection:
            got.append(take(connection, "c1", run_id=name, at_ns=9))

    desks = [threading.Thread(target=desk, args=(f"r{n}",)) for n in range(6)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert sorted(got) == [False] * 5 + [True]


def test_a_reason_that_no_database_takes_is_spelt_out(ledger: Ledger) -> None:
    told(ledger, replace(HALT, reason="a\0b\ud800"))
    with ledger.reading() as connection:
        assert [c.reason for c in waiting(connection, "main")] == ["a\\x00b\\ud800"]
