"""A file in karb's home stops a running house: what follows is recorded, and replays."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.ledger.reading import Whose, halts
from karb_core.wiring.home import home
from tests.house.stage import Alive, Place, lived
from tests.house.test_going_on import entered, left, told


@pytest.fixture
def file(place: Place) -> Path:
    home().mkdir(exist_ok=True)
    return home() / "HALT"


async def nothing_is_entered(place: Place, alive: Alive) -> None:
    before = len(alive.fills())
    place.moved("high")
    await alive.passed(10)
    assert len(alive.fills()) == before
    place.moved("calm")
    await alive.passed(45)


def test_nothing_is_entered_from_within_a_second_until_it_is_gone_and_somebody_resumed(
    place: Place, file: Path
) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            file.write_text("the news smell", "utf-8")
            await alive.passed(1)
            assert alive.desk.halted == [f"{file}: the news smell"]
            await nothing_is_entered(place, alive)
            told(place, "resume")
            await alive.passed(1)
            assert alive.desk.halted == [f"{file}: the news smell"]
            file.unlink()
            await nothing_is_entered(place, alive)
            told(place, "resume", name="c2")
            await alive.passed(1)
            assert alive.desk.halts.strength() is Halt.NONE
            await entered(place, alive)
            await left(place, alive)

    lived(day)
    place.need_sound()
    rows = [(each.strength, each.author) for each in halts(place.ledger, Whose("paper:walker"))]
    assert rows[0] == ("no-entries", "file")
    assert rows[-1][0] == "none"
    assert next(n["reason"] for n in place.notices() if n["kind"] == "halt") == f"{file}: the news smell"


def test_flatten_closes_what_is_open(place: Place, file: Path) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            file.write_text("flatten", "utf-8")
            await alive.until(lambda: not alive.desk.books.open_lots())
            await alive.settled()
            assert alive.desk.halts.strength() is Halt.FLATTEN
            alive.need_same_books()

    lived(day)
    place.need_sound()


def test_one_that_is_there_at_the_start_stops_before_anything_is_entered(place: Place, file: Path) -> None:
    file.write_text("", "utf-8")

    async def day() -> None:
        async with place.running() as alive:
            await nothing_is_entered(place, alive)
            assert alive.desk.halted == [str(file)]

    lived(day)
    place.need_sound()
