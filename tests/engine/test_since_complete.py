"""What fired and is let go of changes nothing that can still be asked about."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_core.engine.since_complete import since_complete
from karb_core.ports import Fired, Standing

TIERS = ("normal", "extreme", "")
FIRED = st.builds(
    Fired, st.sampled_from(TIERS), st.integers(1, 10**6), st.none() | st.just(Decimal("0.03")), st.booleans()
)


def clips(fired: tuple[Fired, ...], tier: str) -> list[Fired]:
    """Those of a tier after its last complete entry."""
    mine = [one for one in fired if one.tier == tier]
    last = max((i for i, one in enumerate(mine) if one.complete), default=-1)
    return mine[last + 1 :]


@given(st.lists(FIRED), st.data())
def test_whenever_it_is_forgotten_tiers_are_as_spent_and_as_far_with_their_clips(
    fired: list[Fired], data: st.DataObject
) -> None:
    kept: tuple[Fired, ...] = ()
    for one in fired:
        kept = (*kept, one)
        if data.draw(st.booleans()):
            kept = since_complete(kept)
    whole, left = Standing((), tuple(fired)), Standing((), kept)
    for tier in TIERS:
        assert left.spent(tier) == whole.spent(tier)
        assert clips(left.fired, tier) == clips(whole.fired, tier)
    assert bool(left.fired) == bool(whole.fired)


@given(st.lists(FIRED))
def test_of_complete_entries_one_is_left_for_each_tier(fired: list[Fired]) -> None:
    left = since_complete(fired)
    complete = [one.tier for one in left if one.complete]
    assert len(complete) == len(set(complete))
    assert since_complete(left) == left
