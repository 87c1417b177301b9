"""Adopting rules at real accounts, whose truth the test holds, and over a ledger of the release before."""

from __future__ import annotations

from pathlib import Path

from karb_core.domain.halt import Halt
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions
from tests.house.live_stage import ACCOUNT, at_venues, housed
from tests.house.stage import LIVE, Place, lived
from tests.house.test_changed_file import heard, noticed
from tests.house.test_going_on import entered, told
from tests.house.test_older_rules import NEVER
from tests.house.test_reload import ADOPTED, REFUSED, done, reloaded
from tests.house.test_upgrade import as_the_release_before_left_it


def test_live_a_lot_keeps_its_rules_and_the_next_entry_follows_the_new_ones(place: Place) -> None:
    digests: list[str] = []

    async def day() -> None:
        async with at_venues(place) as known, housed(place, known) as house:
            alive = house.first
            await entered(place, alive)
            digests.append(alive.desk.strategy.terms.rules_digest)
            place.written(*LIVE, NEVER)
            told(place, "reload", account=ACCOUNT, name="r0")
            await heard(place, alive, REFUSED)
            place.locked()
            told(place, "reload", account=ACCOUNT, name="r1")
            await heard(place, alive, ADOPTED)
            await alive.recovered()
            digests.append(alive.desk.strategy.terms.rules_digest)
            place.moved("calm")
            await alive.until(lambda: not alive.desk.books.open_lots())
            await alive.settled()
            house.need_flat()
            await alive.passed(45)
            await entered(place, alive)
            assert house.fills() == 6

    lived(day)
    old, new = digests
    found = [d for d in decisions(place.ledger, Whose(ACCOUNT)) if d.intent_id is not None]
    assert [(d.kind.value, d.rules_digest) for d in found] == [("entry", old), ("exit", old), ("entry", new)]


def test_a_desk_that_only_leaves_enters_again_when_its_rules_are_locked_and_reloaded(place: Place) -> None:
    """With lots open live starts by rules that are not locked, to leave; the lock and a reload end that."""

    async def day() -> None:
        async with at_venues(place) as known:
            async with housed(place, known) as house:
                await entered(place, house.first)
            async with housed(place, known, (NEVER,), locked=False) as house:
                alive = house.first
                await alive.recovered()
                assert alive.desk.halts.strength() is Halt.REDUCE_ONLY
                place.locked()
                told(place, "reload", account=ACCOUNT, name="r1")
                await heard(place, alive, ADOPTED)
                await alive.recovered()
                told(place, "resume", account=ACCOUNT, name="c1")
                await alive.until(lambda: alive.desk.halts.strength() is Halt.NONE)

    lived(day)
    assert [lines[0] for lines in noticed(place) if ADOPTED in lines[0]]


def test_a_ledger_of_the_release_before_reads_on_and_is_reloaded_over(folder: Path) -> None:
    path = folder / "karb.ledger"
    place = Place(folder, open_ledger(path))
    digests: list[str] = []

    async def before() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            digests.append(alive.desk.strategy.terms.rules_digest)

    async def after() -> None:
        async with place.running() as alive:
            digests.append(await reloaded(place, alive, NEVER))
            place.moved("calm")
            await alive.until(lambda: not alive.desk.books.open_lots())
            await alive.settled()
            alive.need_same_books()

    lived(before)
    place.ledger.close()
    as_the_release_before_left_it(path)
    place.ledger = open_ledger(path)
    lived(after)
    old, new = digests
    assert old != new
    assert done(place) == [("entry", old), ("exit", old)]
    place.need_sound(NEVER)
    place.ledger.close()
