"""While the market that the rate is of is closed, entries go by the owner's line for that time, and ways out go on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.engine import gatehouse
from karb_core.engine.strategy import RateRule
from karb_core.ports import MarketView
from tests.chaos.campaign import one
from tests.chaos.drawn import MS, Drawn, draw
from tests.chaos.episode import Ended
from tests.chaos.faults import Fault, Spell
from tests.chaos.places import START
from tests.chaos.rates import Night
from tests.chaos.trader import LEGS, SECOND, Wish

MIDNIGHT = START + 3 * SECOND


def night(until_s: int = 60, kept_s: int | None = None) -> Night:
    spell = Spell(Fault.MIDNIGHT, MIDNIGHT, START + until_s * SECOND)
    return Night(spell, None if kept_s is None else kept_s * SECOND)


def quiet(of: Night, enter_s: int, leave_s: int) -> Drawn:
    """A day on which nothing else befalls anybody."""
    nothing = {leg.venue: () for leg in LEGS}
    wish = Wish(True, Decimal("0.05"), enter_s * SECOND + 100 * MS, leave_s * SECOND)
    return replace(
        draw(1), wishes=(wish,), first=None, ladder="rruh", scenes=(), spells=nothing, script={venue: {} for venue in nothing},
        storage=(), rates=(), hands=(), kill_at=(), skew_ns=0, until_ns=(leave_s + 6) * SECOND, others=(), disagree=(),
        night=of,
    )  # fmt: skip


def lived(folder: Path, of: Night, enter_s: int, leave_s: int) -> Ended:
    ended = one(1, folder, quiet(of, enter_s, leave_s))
    assert ended.attempts > 0
    assert any(fault is Fault.MIDNIGHT for fault, _ in ended.befell)
    return ended


@pytest.mark.parametrize(
    ("of", "enter_s", "orders"),
    [
        (night(), 1, 4),
        (night(), 4, 0),
        (night(until_s=6), 4, 4),
        (night(kept_s=8), 4, 4),
        (night(kept_s=8), 8, 4),
        (night(kept_s=4), 8, 0),
    ],
    ids=["before", "refused", "until it ends", "kept", "kept for longer than by day", "too old even so"],
)
def test_an_entry_in_the_night_goes_by_the_line_for_it(tmp_path: Path, of: Night, enter_s: int, orders: int) -> None:
    """In and out, a leg each at two venues."""
    ended = lived(tmp_path, of, enter_s, enter_s + 9)
    assert (ended.orders, ended.broken) == (orders, [])


@pytest.mark.parametrize(("of", "enter_s"), [(night(), 4), (night(kept_s=4), 8)])
def test_a_desk_that_takes_night_for_day_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: Night, enter_s: int
) -> None:
    def by_day(rule: RateRule, view: MarketView) -> None:
        return None

    monkeypatch.setattr(gatehouse, "_age", by_day)
    ended = lived(tmp_path, of, enter_s, enter_s + 9)
    assert {broken.which for broken in ended.broken} == {"I6"}
