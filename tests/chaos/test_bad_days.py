"""A bounded part of bench/bad_days.py: no bad day breaks what must always hold."""

from __future__ import annotations

from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.chaos.campaign import campaign, one, story
from tests.chaos.drawn import WEATHER, draw
from tests.chaos.faults import Fault

EPISODES = 150
#: Beyond what a campaign tries first, so that the two try different days.
FIRST = 2_000_000


def test_no_bad_day_breaks_what_must_hold() -> None:
    tally = campaign(FIRST, EPISODES, workers=1)
    assert tally.failed == {}
    assert tally.episodes == EPISODES
    assert tally.attempted > EPISODES * 9 // 10
    assert len({fault for fault, _ in tally.befell}) > 25, "the days hardly hold every fault"


#: Each of these once ended with a leg alone, a way out that opened a position, or a desk that never came to rest.
OLDEST = (100593, 100763, 100905, 101292, 101421, 102885, 251519, 413907)
ONCE_BROKE = (*OLDEST, 1057043, 6028586, 120009599)


@pytest.mark.parametrize("seed", ONCE_BROKE)
def test_what_once_broke_holds(seed: int, tmp_path: Path) -> None:
    """As it was drawn then, and as it is drawn now."""
    (tmp_path / "now").mkdir()
    drawn = draw(seed)
    assert one(seed, tmp_path, replace(drawn, others=(), disagree=(), night=None, weighs=False)).broken == []
    if drawn.others or drawn.disagree or drawn.night or drawn.weighs:
        assert one(seed, tmp_path / "now").broken == []


#: SHA-256 of what these seeds drew before OTHERS were drawn.
DRAWN = "7fd49c7b12876257d5bfe878f9352e460142f3c339d5e522261a3a67f8d2721f"


def test_what_was_drawn_first_is_what_these_seeds_always_drew() -> None:
    later = ("others", "disagree", "night", "weighs")
    told = [draw(seed) for seed in (67, *OLDEST, *range(FIRST, FIRST + 20))]
    kept = [[str(getattr(d, f.name)) for f in fields(d) if f.name not in later] for d in told]
    assert sha256(repr(kept).encode()).hexdigest() == DRAWN


def test_every_fault_of_the_catalogue_is_drawn() -> None:
    drawn = [draw(seed) for seed in range(3000)]
    held = {fault for d in drawn for _, fault in (*d.hands, *d.others)}
    held |= {spell.fault for d in drawn for s in (*d.spells.values(), d.storage, d.rates, d.disagree) for spell in s}
    held |= {fault for d in drawn for v in d.script.values() for fs in v.values() for fault in fs if fault}
    held |= {fault for d in drawn for s in d.scenes for fault, weather in WEATHER.items() if s.weather is weather}
    held |= {Fault.SKEW for d in drawn if d.skew_ns}
    held |= {d.night.spell.fault for d in drawn if d.night is not None}
    assert held == set(Fault)


def test_a_seed_is_its_story(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    assert story(one(67, tmp_path)) == story(one(67, tmp_path / "again"))


def test_every_episode_holds_an_attempt_to_enter_and_three_faults() -> None:
    drawn = [draw(seed) for seed in range(300)]
    assert min(d.faults for d in drawn) >= 3
    assert all(d.wishes for d in drawn)
