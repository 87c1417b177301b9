"""A store that several hosts look at stops a desk: by what it says, and by saying nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ports import HaltStoreSilent
from karb_core.wiring.halt_board import HaltBoard
from tests.engine.scene import SECOND
from tests.wiring.steered import GOOD_FOR_NS, Steered, halt_rows, started, told

WHERE = "store://here"


@dataclass
class Stored:
    """A store of a stranger's: `stands` is what it says, or what it raises."""

    stands: bytes | Exception | None = None
    where: str = WHERE

    async def read(self) -> bytes | None:
        if isinstance(self.stands, Exception):
            raise self.stands
        return self.stands

    async def write(self, said: bytes) -> None:
        self.stands = said

    async def remove(self) -> bool:
        had, self.stands = self.stands is not None, None
        return had

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Watched:
    desk: Steered
    board: HaltBoard
    lost: list[str] = field(default_factory=list)

    def looks(self) -> tuple[Halt, list[str]]:
        async def once() -> None:
            await self.board.read()
            await self.desk.obeying.look()

        asyncio.run(once())
        return self.desk.desk.halts.strength(), self.desk.desk.halted


def watched(ledger: Ledger, store: Stored, started_ns: int = 1) -> Watched:
    desk = started(ledger, started_ns=started_ns)
    made = Watched(desk, HaltBoard(store, desk.clock, GOOD_FOR_NS))
    made.board.lost = made.lost.append
    desk.obeying.board = made.board
    return made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite", wait_s=0)
    yield opened
    opened.close()


@pytest.fixture
def store() -> Stored:
    return Stored()


@pytest.mark.parametrize(
    ("stands", "strength", "reason"),
    [
        (b"", Halt.NO_ENTRIES, WHERE),
        (b"news", Halt.NO_ENTRIES, f"{WHERE}: news"),
        (b"reduce-only: news", Halt.REDUCE_ONLY, f"{WHERE}: news"),
        (b"flatten", Halt.FLATTEN, WHERE),
    ],
)
def test_what_stands_there_is_obeyed_and_kept(
    ledger: Ledger, store: Stored, stands: bytes, strength: Halt, reason: str
) -> None:
    store.stands = stands
    assert watched(ledger, store).looks() == (strength, [reason])
    assert halt_rows(ledger) == [(strength.word, reason, "store")]


def test_before_its_first_answer_and_while_it_is_silent_nothing_is_entered(ledger: Ledger, store: Stored) -> None:
    desk = watched(ledger, store)
    asyncio.run(desk.desk.obeying.look())
    assert desk.desk.desk.halts.strength() is Halt.NO_ENTRIES
    assert desk.looks() == (Halt.NONE, [])
    for wrong in (HaltStoreSilent("away"), ValueError("a mistake of theirs")):
        store.stands = wrong
        assert desk.looks() == (Halt.NO_ENTRIES, [])
    store.stands = None
    assert desk.looks() == (Halt.NONE, [])
    assert halt_rows(ledger) == []


def test_it_is_told_once_that_it_is_away_and_again_when_it_is_away_again(ledger: Ledger, store: Stored) -> None:
    desk = watched(ledger, store)
    for stands in (HaltStoreSilent("away"), HaltStoreSilent("away"), None, HaltStoreSilent("gone")):
        store.stands = stands
        desk.looks()
    assert desk.lost == ["away", "gone"]


def test_an_answer_that_is_too_old_stops_entries(ledger: Ledger, store: Stored) -> None:
    desk = watched(ledger, store)
    desk.looks()
    desk.desk.clock.now += GOOD_FOR_NS + SECOND
    asyncio.run(desk.desk.obeying.look())
    assert desk.desk.desk.halts.strength() is Halt.NO_ENTRIES


def test_while_it_hangs_the_owners_other_hands_are_heard(ledger: Ledger, store: Stored) -> None:
    desk = watched(ledger, store)
    desk.looks()
    told(ledger, "halt", "flatten")

    async def hangs() -> None:
        reads = asyncio.ensure_future(HaltBoard(Hanging(), desk.desk.clock, GOOD_FOR_NS).read())
        await desk.desk.obeying.look()
        assert not reads.done()
        reads.cancel()
        await asyncio.gather(reads, return_exceptions=True)

    asyncio.run(hangs())
    assert desk.desk.desk.halts.strength() is Halt.FLATTEN


class Hanging(Stored):
    async def read(self) -> bytes | None:
        await asyncio.Event().wait()
        return None


def test_it_stands_over_a_restart_and_only_a_resume_after_it_was_taken_away_ends_it(
    ledger: Ledger, store: Stored
) -> None:
    store.stands = b"flatten: news"
    watched(ledger, store).looks()
    again = watched(ledger, store, started_ns=2)
    told(ledger, "resume", id="c1", reason="over")
    assert again.looks() == (Halt.FLATTEN, [f"{WHERE}: news"])
    store.stands = None
    assert again.looks() == (Halt.FLATTEN, [f"{WHERE}: news"])
    told(ledger, "resume", id="c2", reason="over")
    assert again.looks() == (Halt.NONE, [])


def test_what_was_known_to_stand_stays_while_the_store_is_away(ledger: Ledger, store: Stored) -> None:
    desk = watched(ledger, store)
    store.stands = b"reduce-only: news"
    desk.looks()
    store.stands = HaltStoreSilent("away")
    told(ledger, "resume", id="c1", reason="over")
    assert desk.looks() == (Halt.REDUCE_ONLY, [f"{WHERE}: news"])
