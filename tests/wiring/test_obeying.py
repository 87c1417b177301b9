"""What the owner tells a desk through the ledger: done in its order, each thing once, and never against what is true."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.domain.decisions import Cause, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.telling import taken, waiting
from karb_core.wiring.obeying import Obeying
from tests.chaos.boundaries import Killed
from tests.engine.scene import NOW, moment, proposal, view
from tests.wiring.steered import ACCOUNT, GOOD_FOR_NS, halt_rows, started, told


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite", wait_s=0)
    yield opened
    opened.close()


def test_a_halt_is_done_written_and_marked_with_the_run_that_took_it(ledger: Ledger) -> None:
    desk = started(ledger)
    told(ledger, "halt", "reduce-only")
    asyncio.run(desk.obeying.look())
    assert (desk.desk.halts.strength(), desk.desk.halted) == (Halt.REDUCE_ONLY, ["news"])
    assert halt_rows(ledger) == [("reduce-only", "news", "ann@phone")]
    assert waiting(ledger, ACCOUNT) == []
    found = taken(ledger, "c1")
    assert found is not None
    assert (found.run_id, found.at_ns > NOW) == (desk.run.id, True)


def test_what_waited_while_no_desk_ran_is_taken_in_its_order_at_the_next_start(ledger: Ledger) -> None:
    told(ledger, "halt", "no-entries", id="c1", reason="one")
    told(ledger, "resume", id="c2", reason="two")
    told(ledger, "flatten", id="c3", reason="three", strategy=None)
    told(ledger, "halt", "reduce-only", id="c4", strategy="another's")
    desk = started(ledger)
    asyncio.run(desk.obeying.look())
    assert [row[:2] for row in halt_rows(ledger)] == [("no-entries", "one"), ("none", "two"), ("flatten", "three")]
    assert [c.id for c in waiting(ledger, ACCOUNT)] == ["c4"]


@pytest.mark.parametrize(("kill_at", "rows"), [(1, 0), (2, 1)], ids=["before the commit", "after the commit"])
def test_a_kill_while_it_is_taken_neither_loses_nor_doubles_it(ledger: Ledger, kill_at: int, rows: int) -> None:
    told(ledger, "halt", "flatten")
    with pytest.raises(Killed):
        asyncio.run(started(ledger, kill_at=kill_at).obeying.look())
    assert len(halt_rows(ledger)) == rows
    assert len(waiting(ledger, ACCOUNT)) == 1 - rows
    after = started(ledger, started_ns=2)
    asyncio.run(after.obeying.look())
    assert (after.desk.halts.strength(), len(halt_rows(ledger)), waiting(ledger, ACCOUNT)) == (Halt.FLATTEN, 1, [])


def test_what_was_done_is_remembered_until_it_waits_no_more(ledger: Ledger) -> None:
    desk = started(ledger)
    told(ledger, "halt", "no-entries")
    asyncio.run(desk.obeying.look())
    assert desk.obeying._done == {"c1"}
    asyncio.run(desk.obeying.look())
    assert (desk.obeying._done, desk.desk.halted) == (set(), ["news"])


def test_a_halt_that_is_told_twice_is_one_halt(ledger: Ledger) -> None:
    told(ledger, "halt", "no-entries", id="c1")
    told(ledger, "halt", "no-entries", id="c2")
    asyncio.run(started(ledger).obeying.look())
    assert halt_rows(ledger) == [("no-entries", "news", "ann@phone")]
    assert waiting(ledger, ACCOUNT) == []


def test_every_desk_of_the_house_does_what_is_for_the_whole_account(ledger: Ledger) -> None:
    one, two = started(ledger), started(ledger, started_ns=2)
    house = Obeying(ledger, ACCOUNT, [one.desk, two.desk], one.clock, GOOD_FOR_NS)
    told(ledger, "halt", "no-entries", strategy=None)
    asyncio.run(house.look())
    assert (one.desk.halted, two.desk.halted, len(halt_rows(ledger))) == (["news"], ["news"], 2)


def test_what_is_not_understood_stops_entries_and_says_so(ledger: Ledger) -> None:
    told(ledger, "dance", id="c1")
    told(ledger, "halt", "a-little", id="c2")
    desk = started(ledger)
    asyncio.run(desk.obeying.look())
    assert desk.desk.halted == ["not understood: dance : news", "not understood: halt a-little: news"]
    assert desk.desk.halts.strength() is Halt.NO_ENTRIES


def test_nothing_is_entered_before_the_first_look_nor_once_the_last_is_too_old(ledger: Ledger) -> None:
    desk = started(ledger)
    assert desk.desk.halts.strength() is Halt.NO_ENTRIES
    asyncio.run(desk.obeying.look())
    assert desk.desk.halts.strength() is Halt.NONE
    desk.clock.now += GOOD_FOR_NS
    assert desk.desk.halts.strength() is Halt.NO_ENTRIES
    asyncio.run(desk.obeying.look())
    assert desk.desk.halts.strength() is Halt.NONE
    desk.clock.now -= 2 * GOOD_FOR_NS
    assert desk.desk.halts.strength() is Halt.NO_ENTRIES


def test_a_place_that_cannot_be_read_stops_entries_until_it_can_and_never_a_way_out(ledger: Ledger) -> None:
    desk = started(ledger, "1", "1", "1", "1")

    async def day() -> list[int]:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        opened = len(desk.desk.books.open_lots())
        with ledger.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE commands RENAME TO gone")
        await desk.obeying.look()
        assert desk.obeying.unread is not None
        assert desk.desk.halts.strength() is Halt.NO_ENTRIES
        (lot,) = desk.desk.books.open_lots()
        out = proposal(ProposalKind.EXIT, lot.id, cause=Cause.TAKEN)
        desk.desk.strategy.signal.says = type(desk.desk.strategy.signal.says)((out,))  # type: ignore[attr-defined]
        await desk.desk.take(moment(NOW + 9), view(moment(NOW + 9)))
        left = len(desk.desk.books.open_lots())
        with ledger.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE gone RENAME TO commands")
        await desk.obeying.look()
        return [opened, left]

    assert asyncio.run(day()) == [1, 0]
    assert desk.obeying.unread is None
    assert desk.desk.halts.strength() is Halt.NONE


def test_what_could_not_be_written_stands_and_is_written_once_when_it_can_be(ledger: Ledger) -> None:
    desk = started(ledger)
    told(ledger, "halt", "no-entries")

    async def day() -> None:
        await desk.obeying.look()
        told(ledger, "resume", id="c2", reason="over")
        other = open_ledger(ledger.name)
        with other.writing():
            await desk.obeying.look()
        other.close()
        assert desk.obeying.unread is not None
        assert desk.desk.halts.strength() is Halt.NO_ENTRIES
        assert [c.id for c in waiting(ledger, ACCOUNT)] == ["c2"]
        await desk.obeying.look()

    asyncio.run(day())
    assert [row[0] for row in halt_rows(ledger)] == ["no-entries", "none"]
    assert waiting(ledger, ACCOUNT) == []
    assert desk.desk.halts.strength() is Halt.NONE


def test_a_resume_does_not_undo_a_leg_that_stands_open(ledger: Ledger) -> None:
    desk = started(ledger, "1", *["no"] * 30)

    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        ladder = list(desk.desk.halted)
        assert len(ladder) == 1
        told(ledger, "halt", "no-entries", id="c1")
        told(ledger, "resume", id="c2", reason="over")
        await desk.obeying.look()
        assert desk.desk.halted == ladder

    asyncio.run(day())
    rows = halt_rows(ledger)
    assert [(row[0], row[2]) for row in rows[-2:]] == [("none", "ann@phone"), ("no-entries", "desk")]
    again = started(ledger, started_ns=2)
    assert again.desk.halted == desk.desk.halted


def test_a_flatten_stays_until_nothing_is_open(ledger: Ledger) -> None:
    desk = started(ledger)

    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        told(ledger, "halt", "flatten", id="c1", reason="out")
        told(ledger, "resume", id="c2", reason="no, stay")
        await desk.obeying.look()
        assert desk.desk.halts.strength() is Halt.FLATTEN
        await desk.desk.take(moment(NOW + 9), view(moment(NOW + 9)))
        assert desk.desk.books.open_lots() == ()
        told(ledger, "resume", id="c3", reason="go on")
        await desk.obeying.look()

    asyncio.run(day())
    assert desk.desk.halts.strength() is Halt.NONE
    assert [row[:2] for row in halt_rows(ledger)] == [("flatten", "out"), ("none", "go on")]


def test_a_resume_does_not_undo_what_the_house_says_is_still_so(ledger: Ledger) -> None:
    desk = started(ledger)
    desk.obeying.still = lambda: {"the lease was lost": Halt.NO_ENTRIES}
    told(ledger, "halt", "reduce-only", id="c1")
    told(ledger, "resume", id="c2", reason="over")
    asyncio.run(desk.obeying.look())
    assert (desk.desk.halted, desk.desk.halts.strength()) == (["the lease was lost"], Halt.NO_ENTRIES)


def test_an_acknowledgement_is_heard_once_taken_and_stops_nothing(ledger: Ledger) -> None:
    desk, heard = started(ledger), []
    desk.obeying.acknowledges = lambda: heard.append(1)
    told(ledger, "ack")
    for _ in range(2):
        asyncio.run(desk.obeying.look())
    assert (heard, desk.desk.halts.strength(), halt_rows(ledger)) == ([1], Halt.NONE, [])
    found = taken(ledger, "c1")
    assert found is not None
    assert found.run_id == desk.run.id
