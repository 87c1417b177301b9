"""A strategy on paper from its start to its end: it warms up, enters, leaves, and its books are the venues'."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, decisions, runs
from karb_core.ledger.runs import RUNS
from karb_core.wiring.paper import account_of
from tests.house.stage import Alive, Place, lived

#: The feed of the file, that knows nothing of what was.
NO_PAST = ("wrong: nothing}}\nfx", "wrong: no_past}}\nfx")


@pytest.fixture
def both(folder: Path, ledger: Ledger) -> Place:
    """On SQLite and on PostgreSQL."""
    return Place(folder, ledger)


async def there_and_back(place: Place, alive: Alive) -> None:
    place.moved("high")
    await alive.until(lambda: bool(alive.desk.books.open_lots()))
    await alive.settled()
    alive.need_same_books()
    place.moved("calm")
    await alive.until(lambda: not alive.desk.books.open_lots())
    await alive.settled()
    alive.need_same_books()


def test_it_enters_and_leaves_and_its_books_are_the_venues_to_the_last_digit(both: Place) -> None:
    async def day() -> None:
        async with both.running() as alive:
            await alive.passed(5)
            assert alive.fills() == []
            await there_and_back(both, alive)
            assert len(alive.fills()) == 4

    lived(day)
    both.need_sound()
    assert both.said == ["BTC: 40 of the 40 bars that the signal looks back on are there"]


def test_of_each_thing_the_owner_is_told_and_the_ledger_has_it(both: Place) -> None:
    async def day() -> None:
        async with both.running() as alive:
            await there_and_back(both, alive)

    lived(day)
    assert [notice["kind"] for notice in both.notices()] == ["entry", "exit"]
    with both.ledger.reading() as connection:
        kept = connection.exec_driver_sql("SELECT kind FROM notices ORDER BY ordinal").scalars().all()
    assert list(kept) == ["entry", "exit"]


def test_the_same_day_twice_is_the_same(folder: Path, file_ledger: Ledger, tmp_path: Path) -> None:
    """But for what a ledger minted for itself."""
    from karb_core.ledger.ledger import open_ledger

    told = []
    for ledger in (file_ledger, open_ledger(tmp_path / "other.ledger")):
        place = Place(folder, ledger)

        async def day(place: Place = place) -> None:
            async with place.running() as alive:
                await there_and_back(place, alive)
                told.append([(f.venue_at_ns, f.instrument, f.side, f.amount, f.price, f.fee) for f in alive.fills()])

        lived(day)
        ledger.close()
    assert told[0] == told[1]


def test_without_a_past_it_waits_until_it_has_seen_enough(place: Place) -> None:
    """95 % of forty bars: what is high until then is entered by nobody."""

    async def day() -> None:
        async with place.running(NO_PAST) as alive:
            await alive.passed(15)
            place.moved("high")
            await alive.passed(10)
            place.moved("calm")
            await alive.passed(10)
            assert alive.fills() == []
            assert list(decisions(place.ledger, Whose(alive.made.account))) == []
            await alive.passed(60)
            await there_and_back(place, alive)

    lived(day)
    assert place.said == ["BTC: 0 of the 40 bars that the signal looks back on are there"]


def test_nothing_is_judged_until_the_past_was_told(place: Place) -> None:
    """It is asked again and again, and said once; when it is there, trading begins by itself."""
    broken = ("wrong: nothing}}\nfx", "wrong: past}}\nfx")

    async def day() -> None:
        async with place.running(broken) as alive:
            place.moved("high")
            await alive.passed(20)
            assert alive.desk.books.open_lots() == ()
            assert list(decisions(place.ledger, Whose(alive.made.account))) == []
            place.moved("calm")
            await alive.passed(45)
            alive.made.feeds[0]._wrong = "nothing"  # type: ignore[attr-defined]
            await alive.passed(5)
            await there_and_back(place, alive)

    lived(day)
    assert place.said == [
        "what was before could not be asked, and is asked again: upbit did not answer (past): no connection",
        "BTC: 40 of the 40 bars that the signal looks back on are there",
    ]


def test_a_feed_that_breaks_is_begun_anew_said_once_and_asked_for_what_was_missed(place: Place) -> None:
    """Half the window's bars closed meanwhile."""

    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            place.moved("broken")
            await alive.passed(20)
            assert alive.fills() == []
            place.moved("calm")
            await alive.passed(5)
            await there_and_back(place, alive)

    lived(day)
    assert place.said[1:] == ["a source of market data broke and is begun anew: OSError: the line is cut"]


def test_bars_that_one_leg_lacks_are_said_once_for_as_long_as_it_lacks_them(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            for _ in range(2):
                place.moved("half")
                await alive.passed(7)
                place.moved("calm")
                await alive.passed(5)

    lived(day)
    began = "when the next one closed there was none of upbit BTC/KRW"
    spells = [line for line in place.said if "not judged" in line]
    assert [began in line for line in spells] == [True, False] * 2
    counted = [int(line.rpartition("not judged meanwhile: ")[2]) for line in spells[1::2]]
    assert set(counted) <= {6, 7, 8}
    place.need_sound()


def test_prices_that_no_longer_come_are_not_traded_at(place: Place) -> None:
    """Bars of one leg alone make no row, and old books are refused by the owner's gate."""

    async def day() -> None:
        async with place.running() as alive:
            await alive.passed(5)
            place.moved("silent")
            await alive.passed(30)
            assert alive.fills() == []
            place.moved("calm")
            await alive.passed(45)
            await there_and_back(place, alive)

    lived(day)


def test_it_is_a_run_of_its_own_with_its_beginning_and_its_end(both: Place) -> None:
    async def day() -> None:
        for _ in range(2):
            async with both.running() as alive:
                await alive.passed(2)

    lived(day)
    kept = list(runs(both.ledger))
    assert [(run.mode, run.account, run.strategy) for run in kept] == [("paper", "paper:walker", "walker")] * 2
    assert kept[0].account == account_of(both.rulebook())
    with both.ledger.reading() as connection:
        ended = connection.execute(RUNS.select().order_by(RUNS.c.number)).mappings().all()
    assert [row["ended"] for row in ended] == ["done", "done"]


def test_nothing_is_entered_while_a_venue_says_it_is_down_and_the_owner_hears_once(both: Place) -> None:
    async def day() -> None:
        async with both.running() as alive:
            await alive.passed(5)
            both.moved("dead")
            await alive.passed(3)
            assert alive.fills() == []
            both.moved("high")
            await alive.until(lambda: bool(alive.desk.books.open_lots()))
            await alive.settled()

    lived(day)
    both.need_sound()
    down = "binance_usdm is down: maintenance. Until it is back nothing is entered there, and of what is open only what must go is left."
    assert [said for said in both.said if "binance_usdm" in said] == [
        down,
        "binance_usdm is back: what your rules and gates allow is entered there again.",
    ]
    assert [n["kind"] for n in both.notices()] == ["halt", "refusal", "entry"]
    assert both.notices()[0]["reason"] == down


def test_a_way_out_that_is_only_taken_waits_for_a_venue_that_is_down(both: Place) -> None:
    async def day() -> None:
        async with both.running() as alive:
            await alive.passed(5)
            both.moved("high")
            await alive.until(lambda: bool(alive.desk.books.open_lots()))
            await alive.settled()
            both.moved("fallen")
            await alive.passed(10)
            assert len(alive.fills()) == 2, "a leg went out while the other could not"
            both.moved("calm")
            await alive.until(lambda: not alive.desk.books.open_lots())
            await alive.settled()
            alive.need_same_books()

    lived(day)
    both.need_sound()
