"""A file that was edited while lots were open: each lot leaves by the rules that it was opened with."""

from __future__ import annotations

import pytest

from karb_core.domain.halt import Halt
from karb_core.ledger.reading import Whose, decisions
from tests.house.stage import Alive, Place, lived
from tests.house.test_going_on import entered, told
from tests.plugin.site import GOOD, Site
from tests.wiring.tiny import Edit

NEVER = ("take_profit: 0.2%", "take_profit: 40%")
OTHER_BARS = ("bar: 1s", "bar: 2s")
OTHER_PAIR = ("  BTC: {near", "  COIN: {near")
CAP = ("risk_gates:", "risk_gates:\n  - {use: caps.cap, at: [entry], with: {limit: 20%}}")
WITH_CAP = """
    def check(self, plan, view, account):
        from karb_core.domain.decisions import Passed

        return Passed()

"""


async def calm_again(place: Place, alive: Alive) -> None:
    place.moved("calm")
    await alive.recovered()
    await alive.passed(8)


@pytest.mark.parametrize("edits", [(NEVER,), (NEVER, OTHER_BARS), (NEVER, OTHER_PAIR)], ids=["target", "bars", "pair"])
def test_a_lot_leaves_by_the_rules_it_was_opened_with(place: Place, edits: tuple[Edit, ...]) -> None:
    async def day() -> str:
        async with place.running() as alive:
            await entered(place, alive)
            digest: str = alive.desk.strategy.terms.rules_digest
        place.moved("calm")
        async with place.running(*edits) as alive:
            assert len(alive.desk.books.open_lots()) == 1
            await calm_again(place, alive)
            assert not alive.desk.books.open_lots()
            assert len(alive.fills()) == 4
            assert not alive.desk.halts.latched
            return digest

    digest = lived(day)
    done = [d for d in decisions(place.ledger, Whose("paper:walker")) if d.intent_id is not None]
    assert [(d.kind.value, d.rules_digest) for d in done] == [("entry", digest), ("exit", digest)]
    assert any("keep the rules they were opened with" in said for said in place.said)
    place.need_sound()


def test_a_lot_of_now_does_not_leave_by_rules_of_before(place: Place) -> None:
    async def day() -> None:
        async with place.running() as alive:
            await alive.recovered()
        async with place.running(NEVER) as alive:
            await entered(place, alive)
            await calm_again(place, alive)
            assert len(alive.desk.books.open_lots()) == 1

    lived(day)


def test_rules_that_nobody_can_read_any_more_stop_entries_and_name_both_ways_out(
    place: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin of a gate is gone: the lot is told of, and a flatten brings it back."""
    source = GOOD.replace("        self._params = params\n", f"        self._params = params\n{WITH_CAP}")
    site.install("caps", source)
    with_it = f"{_allowed()},caps"
    monkeypatch.setenv("KARB_PLUGINS", with_it)
    place.catalogue = type(place.catalogue).installed()

    async def day() -> None:
        async with place.running(CAP) as alive:
            await entered(place, alive)
        monkeypatch.setenv("KARB_PLUGINS", with_it.removesuffix(",caps"))
        place.catalogue = type(place.catalogue).installed()
        async with place.running() as alive:
            await calm_again(place, alive)
            assert len(alive.desk.books.open_lots()) == 1
            assert alive.desk.halts.strength() is Halt.NO_ENTRIES
            assert any("cannot be read now" in reason for reason in alive.desk.halts.latched)
            told(place, "flatten")
            await alive.until(lambda: not alive.desk.books.open_lots())

    lived(day)
    assert any("two ways out" in said for said in place.said)
    assert any("cannot be read now" in str(notice.get("facts", notice)) for notice in place.notices())
    monkeypatch.setenv("KARB_PLUGINS", with_it)
    place.need_sound()


def _allowed() -> str:
    import os

    return os.environ["KARB_PLUGINS"]
