"""A ledger that cannot be written: nothing is sent that is not written, and it goes on when it can be again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, make_url

from karb_core.domain.approved import Approved
from karb_core.domain.halt import Halt
from karb_core.domain.orders import Order, Outcome
from karb_core.engine.carrier import UNWRITTEN
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.orders import ORDERS
from karb_core.ledger.reading import Whose, fills
from tests.house.line import Line
from tests.house.stage import Alive, Place, lived
from tests.house.test_a_day import there_and_back
from tests.house.test_going_on import entered, left, told

Break = Callable[[], None]


class Watched:
    """A venue at which no order arrives that its ledger does not know."""

    def __init__(self, way: Any, known: Callable[[str], bool]) -> None:
        self._way, self._known = way, known

    async def place(self, order: Approved[Order]) -> Outcome:
        assert self._known(order.item.id), "an order was sent that is not written"
        outcome: Outcome = await self._way.place(order)
        return outcome

    def __getattr__(self, name: str) -> Any:
        return getattr(self._way, name)


class Broken:
    """A ledger with a way to break it, a way to mend it, and a look into it that neither touches."""

    def __init__(self, ledger: Ledger, direct: str, cut: Break, mend: Break, end: Break = lambda: None) -> None:
        self.ledger, self.cut, self.mend, self._end = ledger, cut, mend, end
        self._direct = create_engine(direct)

    def knows(self, order_id: str) -> bool:
        with self._direct.connect() as connection:
            return connection.execute(ORDERS.select().where(ORDERS.c.order_id == order_id)).first() is not None

    def watch(self, alive: Alive) -> None:
        driver = alive.desk.driver
        driver.executors = {name: Watched(way, self.knows) for name, way in driver.executors.items()}

    def close(self) -> None:
        self._direct.dispose()
        self.ledger.close()
        self._end()


def full_disk(tmp_path: Path) -> Broken:
    """SQLite may not grow beyond what it is."""
    path = tmp_path / "karb.ledger"
    ledger, most = open_ledger(path), [2**30]

    def bounded(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most[0]}")

    event.listen(ledger.engine, "begin", bounded)
    return Broken(ledger, f"sqlite:///{path}", lambda: most.__setitem__(0, 1), lambda: most.__setitem__(0, 2**30))


def cut_line(postgres_url: str) -> Broken:
    """PostgreSQL whose connections all break, and which lets nobody in for a while."""
    url = make_url(postgres_url)
    line = Line(url.host or "127.0.0.1", url.port or 5432)
    through = url.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)
    direct = url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return Broken(open_ledger(through), direct, line.cut, line.mend, line.close)


@pytest.fixture(params=["full disk", "cut line"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broken]:
    made = full_disk(tmp_path) if request.param == "full disk" else cut_line(request.getfixturevalue("postgres_url"))
    yield made
    made.mend()
    made.close()


@pytest.fixture
def place(folder: Path, broken: Broken) -> Place:
    return Place(folder, broken.ledger)


async def until_it_is_noticed(place: Place, alive: Alive) -> None:
    """A disk takes a little more before it is full; a line is missed at once."""
    for _ in range(8):
        place.moved("high")
        await alive.passed(8)
        place.moved("calm")
        await alive.passed(45)
        if UNWRITTEN in alive.desk.halted or alive.made.obeying.unread is not None:
            return
    raise AssertionError("nobody noticed")


def test_it_goes_on_when_it_can_write_again_and_the_owner_resumes(place: Place, broken: Broken) -> None:
    async def day() -> None:
        async with place.running() as alive:
            broken.watch(alive)
            await there_and_back(place, alive)
            await alive.passed(45)
            broken.cut()
            await until_it_is_noticed(place, alive)
            before = len(alive.fills())
            place.moved("high")
            await alive.passed(20)
            assert len(alive.fills()) == before
            place.moved("calm")
            await alive.passed(45)
            broken.mend()
            await alive.passed(15)
            assert alive.desk.journal.waiting == 0
            told(place, "resume")
            await alive.passed(45)
            assert alive.desk.halts.strength() is Halt.NONE
            await there_and_back(place, alive)
            alive.need_same_books()
            assert {f.venue_trade_id for f in alive.fills()} == {
                f.venue_trade_id for f, _ in fills(place.ledger, Whose("paper:walker"))
            }

    lived(day)
    place.need_sound()
    reasons = [n["reason"] for n in place.notices() if n["kind"] == "halt"]
    assert UNWRITTEN in reasons or "does not answer" in reasons[0]


def test_what_was_open_is_left_once_it_can_be_written_and_not_before(place: Place, broken: Broken) -> None:
    async def day() -> None:
        async with place.running() as alive:
            broken.watch(alive)
            await entered(place, alive)
            broken.cut()
            for _ in range(30):
                if UNWRITTEN in alive.desk.halted:
                    break
                place.moved("calm")
                await alive.passed(5)
                place.moved("high")
                await alive.passed(5)
            open_ = len(alive.desk.books.open_lots())
            place.moved("calm")
            await alive.passed(10)
            assert len(alive.desk.books.open_lots()) == open_
            broken.mend()
            await left(place, alive)
            alive.need_same_books()

    lived(day)
    place.need_sound()


@pytest.mark.parametrize("after_ms", [10, 90, 150, 250])
def test_a_line_that_is_cut_in_the_middle_of_an_entry_loses_nothing(
    folder: Path, postgres_url: str, after_ms: int
) -> None:
    import asyncio

    broken = cut_line(postgres_url)
    place = Place(folder, broken.ledger)

    async def day() -> None:
        async with place.running() as alive:
            broken.watch(alive)
            await alive.passed(3)
            place.moved("high")
            while not alive.desk.carrier.working:
                await asyncio.sleep(0.005)
            await asyncio.sleep(after_ms / 1000)
            broken.cut()
            await alive.passed(8)
            broken.mend()
            await alive.settled()
            await left(place, alive)
            alive.need_same_books()
            assert alive.books["binance_usdm"].positions() == {}
            await alive.passed(5)
            assert {f.venue_trade_id for f in alive.fills()} == {
                f.venue_trade_id for f, _ in fills(place.ledger, Whose("paper:walker"))
            }

    lived(day)
    place.need_sound()
    broken.close()
