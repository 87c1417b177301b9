"""A strategy on paper from its start to its end: it warms up, enters, leaves, and its books are the venues'."""

from __future__ import annotations

from tests.house.stage import Place, lived


def test_first(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            place.moved("high")
            await alive.until(lambda: bool(alive.desk.books.open_lots()))
            place.moved("calm")
            await alive.until(lambda: not alive.desk.books.open_lots())
            await alive.passed(2)

    lived(day)
    print(place.said, place.notices())
    place.need_sound()
    assert 0
