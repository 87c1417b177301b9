"""What a kill kept from being told is told by whoever comes next, once."""

from __future__ import annotations

import asyncio

from tests.house.stage import Place, lived
from tests.house.test_going_on import left


def kinds(place: Place) -> list[str]:
    return [notice["kind"] for notice in place.notices()]


def test_an_entry_that_a_kill_cut_off_before_it_was_told_is_told_after_the_restart_once(place: Place) -> None:
    async def day() -> None:
        async with place.running(killed=True) as alive:
            await alive.passed(3)
            place.moved("high")
            while not alive.desk.carrier.working:
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.05)
        assert kinds(place) == []
        async with place.running() as alive:
            await alive.until(lambda: "entry" in kinds(place))
            await left(place, alive)
        async with place.running() as alive:
            await alive.passed(5)

    lived(day)
    assert kinds(place).count("entry") == 1
    place.need_sound()


def test_what_was_told_before_a_kill_is_not_told_again(place: Place) -> None:
    async def day() -> None:
        async with place.running(killed=True) as alive:
            await alive.passed(3)
            place.moved("high")
            await alive.until(lambda: "entry" in kinds(place))
            await alive.settled()
        async with place.running() as alive:
            await left(place, alive)
            await alive.until(lambda: "exit" in kinds(place))

    lived(day)
    assert kinds(place) == ["entry", "exit"]
    place.need_sound()
