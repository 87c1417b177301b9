"""Which lot of a run is which of a backtest's: the one of the same moment, else the one held at the same time."""

from __future__ import annotations

from decimal import Decimal

from karb_core.wiring.divergence.held import Held
from karb_core.wiring.divergence.matched import matched
from tests.wiring.divergence.lots import held

D = Decimal
TRADED = (D(1), D(1), D(1))
END = 100


def lot(name: str, entered: int, left: int | None, tier: str | None = "normal") -> Held:
    return held(TRADED, TRADED, entered_ns=entered, left_ns=left, tier=tier, name=name)


def names(run: list[Held], backtest: list[Held]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    found = matched(run, backtest, END)
    both = [(mine.lot.id, other.lot.id) for mine, other in found.both]
    return both, [one.lot.id for one in found.only_run], [one.lot.id for one in found.only_backtest]


def test_those_of_one_moment_are_one_lot_however_long_they_are_held() -> None:
    assert names([lot("a", 10, 20)], [lot("b", 10, None)]) == ([("a", "b")], [], [])


def test_the_moment_goes_before_the_time_held() -> None:
    """`x` is held at the same time as both; `y` has the moment of the second."""
    assert names([lot("a", 11, 50), lot("b", 12, 50)], [lot("x", 10, 50), lot("y", 12, 50)]) == (
        [("a", "x"), ("b", "y")],
        [],
        [],
    )


def test_lots_that_only_touch_are_two() -> None:
    assert names([lot("a", 10, 20)], [lot("b", 20, 30)]) == ([], ["a"], ["b"])
    assert names([lot("a", 10, 21)], [lot("b", 20, 30)]) == ([("a", "b")], [], [])


def test_an_open_lot_is_held_to_the_end() -> None:
    assert names([lot("a", 10, None)], [lot("b", 99, None)]) == ([("a", "b")], [], [])
    assert names([lot("a", 10, None)], [lot("b", END, None)]) == ([], ["a"], ["b"])


def test_another_tier_is_another_lot() -> None:
    assert names([lot("a", 10, 20)], [lot("b", 10, 20, "extreme")]) == ([], ["a"], ["b"])


def test_each_lot_is_one_lots_and_no_more() -> None:
    assert names([lot("a", 10, 40), lot("b", 11, 40)], [lot("x", 9, 40)]) == ([("a", "x")], ["b"], [])
