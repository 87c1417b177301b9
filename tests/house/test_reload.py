"""Rules that a running desk adopts: locked ones, when it is told to, for what is entered from then on."""

from __future__ import annotations

import asyncio

import pytest

from karb_core.domain.halt import Halt
from karb_core.ledger.reading import Whose, decisions
from karb_core.ledger.reading import lived as runs
from karb_core.ledger.telling import waiting
from tests.house.stage import Alive, Place, lived
from tests.house.test_changed_file import heard, noticed
from tests.house.test_going_on import entered, left, told
from tests.house.test_older_rules import NEVER, OTHER_BARS
from tests.wiring.tiny import Edit

ADOPTED = "is adopted"
REFUSED = "is not adopted"


async def reloaded(place: Place, alive: Alive, *edits: Edit, name: str = "r1") -> str:
    """The digest of the rules that were adopted."""
    place.written(*edits)
    place.locked()
    told(place, "reload", name=name)
    await heard(place, alive, ADOPTED)
    await alive.recovered()
    digest: str = alive.desk.strategy.terms.rules_digest
    return digest


def done(place: Place) -> list[tuple[str, str]]:
    found = [d for d in decisions(place.ledger, Whose("paper:walker")) if d.intent_id is not None]
    return [(d.kind.value, d.rules_digest) for d in found]


@pytest.mark.parametrize("edits", [(NEVER,), (NEVER, OTHER_BARS)], ids=["target", "bars"])
def test_a_lot_keeps_its_rules_and_the_next_entry_follows_the_new_ones(place: Place, edits: tuple[Edit, ...]) -> None:
    digests: list[str] = []

    async def day() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            digests.append(alive.desk.strategy.terms.rules_digest)
            digests.append(await reloaded(place, alive, *edits))
            assert len(alive.desk.books.open_lots()) == 1
            await left(place, alive)
            await alive.passed(45)
            await entered(place, alive)
            place.moved("calm")
            await alive.passed(20)
            assert len(alive.desk.books.open_lots()) == 1
            alive.need_same_books()

    lived(day)
    old, new = digests
    assert old != new
    assert done(place) == [("entry", old), ("exit", old), ("entry", new)]
    assert [(each.run.rules_digest, each.ended) for each in runs(place.ledger)] == [(old, "reloaded"), (new, "done")]
    place.need_sound(*edits)


def test_rules_that_are_not_locked_are_not_adopted(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            place.written(NEVER)
            told(place, "reload")
            await heard(place, alive, REFUSED)
            assert waiting(place.ledger, "paper:walker") == []
            await entered(place, alive)
            await left(place, alive)

    lived(day)
    assert any("karb lock" in line for line in noticed(place)[-1])
    assert len(list(runs(place.ledger))) == 1
    place.need_sound()


def test_what_is_locked_and_changed_again_is_not_adopted(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            place.written(OTHER_BARS)
            place.locked()
            place.written(NEVER)
            told(place, "reload")
            await heard(place, alive, REFUSED)

    lived(day)
    assert len(list(runs(place.ledger))) == 1


@pytest.mark.parametrize(
    ("edit", "pointer"),
    [
        (("tick: 200ms", "tick: 100ms"), "/feeds/0/with/tick"),
        (
            ("max_age: 30s, every: 1s}}\n  money", "max_age: 20s, every: 1s}}\n  money"),
            "/fx_source/premium/with/max_age",
        ),
        (("order_latency: 80ms", "order_latency: 90ms"), "/simulate/paper/with/order_latency"),
        (("  BTC: {near", "  COIN: {near"), "/pairs/BTC/near"),
        (("mode: paper", "mode: live"), "/mode"),
        (("name: walker", "name: stroller"), "/name"),
    ],
)
def test_what_the_desk_was_opened_with_needs_a_restart(place: Place, edit: Edit, pointer: str) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            place.written(edit)
            place.locked()
            told(place, "reload")
            await heard(place, alive, REFUSED)
            await entered(place, alive)
            await left(place, alive)

    lived(day)
    said = [lines for lines in noticed(place) if REFUSED in lines[0]][-1]
    assert "cannot change while the desk runs" in said[0]
    assert pointer in said[0]
    assert "start it again" in said[1]


def test_a_kill_between_the_lock_and_the_reload_leaves_nothing_half_done(place: Place) -> None:
    """Who starts next starts by the file as it is; the reload that comes then finds it in force."""
    digests: list[str] = []

    async def day() -> None:
        async with place.running(killed=True) as alive:
            await entered(place, alive)
            digests.append(alive.desk.strategy.terms.rules_digest)
            place.written(NEVER)
            place.locked()
            await heard(place, alive, "is locked as it is now")
        told(place, "reload")
        async with place.running(NEVER) as alive:
            await heard(place, alive, "enters by already")
            digests.append(alive.desk.strategy.terms.rules_digest)
            await left(place, alive)
            alive.need_same_books()

    lived(day)
    old, new = digests
    assert done(place) == [("entry", old), ("exit", old)]
    assert [each.run.rules_digest for each in runs(place.ledger)] == [old, new]
    place.need_sound(NEVER)


@pytest.mark.parametrize("after_s", [0, 0.3, 0.6, 1.2])
def test_a_kill_while_it_reloads_leaves_each_lot_its_rules(place: Place, after_s: float) -> None:
    async def day() -> str:
        async with place.running(killed=True) as alive:
            await entered(place, alive)
            digest: str = alive.desk.strategy.terms.rules_digest
            place.written(NEVER)
            place.locked()
            told(place, "reload")
            await asyncio.sleep(after_s)
        async with place.running(NEVER) as alive:
            await left(place, alive)
            alive.need_same_books()
            return digest

    old = lived(day)
    assert done(place) == [("entry", old), ("exit", old)]
    place.need_sound(NEVER)


def test_an_entry_that_is_under_way_is_finished_by_the_rules_that_began_it(place: Place) -> None:
    async def day() -> str:
        async with place.running() as alive:
            await alive.recovered()
            digest: str = alive.desk.strategy.terms.rules_digest
            place.written(NEVER)
            place.locked()
            place.moved("high")
            while not alive.desk.carrier.working:
                await asyncio.sleep(0.005)
            told(place, "reload")
            await heard(place, alive, ADOPTED)
            await alive.recovered()
            await left(place, alive)
            assert len(alive.fills()) == 4
            return digest

    old = lived(day)
    assert done(place) == [("entry", old), ("exit", old)]
    place.need_sound(NEVER)


def test_a_halt_stands_over_a_reload_and_a_resume_is_heard_after_it(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
            told(place, "halt", "no-entries")
            await alive.passed(1)
            await reloaded(place, alive, OTHER_BARS)
            assert alive.desk.halts.latched == {"news": Halt.NO_ENTRIES}
            place.moved("high")
            await alive.passed(20)
            assert alive.fills() == []
            told(place, "resume", name="c2")
            place.moved("calm")
            await alive.passed(90)
            await entered(place, alive)

    lived(day)
    place.need_sound(OTHER_BARS)


def test_many_reloads_in_a_row_are_a_run_each(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await entered(place, alive)
            for i, edits in enumerate([(NEVER,), (), (NEVER, OTHER_BARS)]):
                await reloaded(place, alive, *edits, name=f"r{i}")
                await alive.until(lambda i=i: len(list(runs(place.ledger))) == i + 2)  # type: ignore[misc]
            await left(place, alive)
            alive.need_same_books()

    lived(day)
    assert [each.ended for each in runs(place.ledger)] == ["reloaded", "reloaded", "reloaded", "done"]
    place.need_sound(NEVER, OTHER_BARS)
