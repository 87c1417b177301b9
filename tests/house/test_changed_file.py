"""A file that is edited while its desk runs: the owner hears what is different, and the desk goes on as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.stage import Alive, Place, lived
from tests.house.test_going_on import entered, left
from tests.house.test_older_rules import NEVER
from tests.wiring.tiny import Edit

#: One value allows more, one less.
WIDER: tuple[Edit, ...] = (("book: 2s, between_legs: 1s", "book: 3s, between_legs: 500ms"),)
UNIT: Edit = ("take_profit: 0.2%", "take_profit: 0.2")


def noticed(place: Place) -> list[list[str]]:
    """What the channel was told of the file, its lines."""
    return [notice["figures"] for notice in place.notices() if notice["kind"] == "rules"]


async def heard(place: Place, alive: Alive, what: str) -> None:
    await alive.until(lambda: any(what in line for lines in noticed(place) for line in lines))


def test_each_value_that_differs_is_told_with_what_it_was_and_whether_it_allows_more(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            place.written(*WIDER)
            await heard(place, alive, "differ from the rules in force: 2.")
            await alive.passed(10)

    lived(day)
    (lines,) = noticed(place)
    gate = [" ".join(line.split()) for line in lines[1:]]
    assert gate == [
        "~ /risk_gates/0/with/between_legs 1s -> 500ms tighter",
        "~ /risk_gates/0/with/book 2s -> 3s looser",
    ]
    told = [" ".join(line.split()) for line in place.said]
    assert all(line in told for line in gate)
    place.need_sound()


def test_a_file_that_cannot_be_used_is_one_sentence_and_the_desk_trades_on(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            place.written(UNIT)
            await heard(place, alive, "cannot be used, the desk goes on by the rules it has")
            await entered(place, alive)
            await left(place, alive)

    lived(day)
    (lines,) = noticed(place)
    assert len(lines) == 1
    assert "walker.yaml:" in lines[0]
    assert "0.2%" in lines[0]
    place.need_sound()


def test_a_file_that_is_gone_is_told_and_one_that_is_back_as_it_was_needs_no_approval(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            Path(place.file.path).unlink()
            await heard(place, alive, "cannot be used")
            place.written(NEVER)
            await heard(place, alive, "differ from the rules in force: 1.")
            place.written()
            await heard(place, alive, "says again what the desk trades by")

    lived(day)
    assert len(noticed(place)) == 3


@pytest.mark.parametrize("edits", [(), (NEVER,)], ids=["not locked", "locked"])
def test_nothing_is_adopted_by_itself(place: Place, edits: tuple[Edit, ...]) -> None:
    """Also not what is locked: a lot that opened after the file changed leaves at the target of before."""

    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            place.written(NEVER)
            await heard(place, alive, "differ from the rules in force: 1.")
            if edits:
                place.locked()
                await heard(place, alive, "is locked as it is now")
            await entered(place, alive)
            await left(place, alive)

    lived(day)
    place.need_sound()


def test_a_comment_is_no_difference(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            path = Path(place.file.path)
            path.write_text("# a word to myself\n" + path.read_text("utf-8"), "utf-8")
            await alive.passed(10)

    lived(day)
    assert noticed(place) == []
