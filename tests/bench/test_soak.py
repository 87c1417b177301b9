"""A bounded part of bench/soak.py: a house that goes on for days keeps what it kept before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.soak import Going, Soak, Weight, counted, of_a_week, of_events
from bench.soak_house import Rounds, furnish, run
from bench.soak_market import SECOND, Market, Teller

_HOUR_S = 3600
#: Three pairs that enter every eight hours, upwards and downwards in turn: after sixteen hours all is as it was.
_FEW = Soak(
    Teller(Market(3, 300 * SECOND, wave=96), 150 * SECOND, 6, 11, 7), 72 * _HOUR_S, Rounds(look=300, obey=3600, beat=3600),
    entries=24,
)  # fmt: skip


def test_after_days_of_trading_nothing_is_more_than_it_was(tmp_path: Path) -> None:
    async def days() -> tuple[int, list[Mapping[str, int]], list[Weight]]:
        going = Going(_FEW, furnish(_FEW.teller, tmp_path, _FEW.rounds))
        counts, weights = [], []
        # What is kept longest is kept for two days, and looked at once in an hour.
        for hours in (56, 16):
            await going.on(hours * _HOUR_S)
            counts.append(counted(going.soaked))
            weights.append(Weight.now())
        entries = going.soaked.carries.entries
        await going.soaked.end()
        return entries, counts, weights

    entries, (before, after), weights = run(days())
    assert entries >= _FEW.entries
    assert {name: (before[name], many) for name, many in after.items() if many > before[name]} == {}
    assert min(before["intents"], before["fills known"], before["at the venues"]) > 0
    first, last = weights
    # Whoever runs the tests has files and threads of their own that end meanwhile.
    assert (last.files or 0) <= (first.files or 0)
    assert last.threads <= first.threads


def test_the_shapes_are_those_that_are_promised() -> None:
    assert of_events(20_000_000).events == 20_000_000
    week = of_a_week()
    assert (week.events, week.seconds, len(week.teller.market.pairs)) == (20 * 7 * 24 * _HOUR_S, 7 * 24 * _HOUR_S, 20)
