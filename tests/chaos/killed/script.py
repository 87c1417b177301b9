"""What is played: moments one after the other, the books that stand at each, and the owner's ladder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level
from karb_core.engine.leg_rules import LegRules
from tests.chaos.places import FAR, NEAR, START
from tests.chaos.trader import SECOND, Wish, leg_rules

_AMOUNT = Decimal("0.1")
_RUNG_NS = 30 * SECOND


@dataclass(frozen=True, slots=True)
class Act:
    """One moment. The books stand as they are, less what is taken, until the next act.

    `suspended`: what is not traded meanwhile.
    """

    at_ns: int
    books: tuple[Depth, ...]
    suspended: Instrument | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """`ladder` as `trader.ladder` reads it. No rung ends while a slow machine starts karb again.

    `one_way`: whether all ways through it pay the same. Where a leg fills in part and the ladder has no retry, an order
    that a kill kept from its venue is no order that filled in part: the leg that leads is traded back whole, and what
    is held at the end is the same and what it cost is not.
    """

    acts: tuple[Act, ...]
    wishes: tuple[Wish, ...]
    ladder: str
    first: int | None
    one_way: bool = True

    @property
    def rules(self) -> LegRules:
        rules = leg_rules(self.first, self.ladder)
        rungs = tuple(replace(rung, for_ns=_RUNG_NS) for rung in rules.ladder)
        return replace(rules, ladder=rungs, ask_ns=_RUNG_NS, unhedged_ns=_RUNG_NS * len(rungs))


def _act(second: int, suspended: Instrument | None = None, **sides: str) -> Act:
    """Deep on every side that is not written as `price amount, price amount`."""
    deep = {
        "near_bids": "94990000 0.5", "near_asks": "95000000 0.5", "far_bids": "63000 0.5", "far_asks": "63010 0.5",
    }  # fmt: skip
    told = {**deep, **sides}
    at_ns = START + second * SECOND
    books = [(NEAR, told["near_bids"], told["near_asks"]), (FAR, told["far_bids"], told["far_asks"])]
    return Act(at_ns, tuple(Depth(i, _levels(b), _levels(a), at_ns, at_ns) for i, b, a in books), suspended)


def _levels(told: str) -> tuple[Level, ...]:
    return tuple(Level(*map(Decimal, level.split())) for level in told.split(","))


def _wish(way: str, enter: int, leave: int) -> Wish:
    return Wish(way == "long", _AMOUNT, enter * SECOND, leave * SECOND)


#: Far takes a part, in and out: what lacks is inside the wider band of the retry. What is entered last stays.
_RETRIED = (
    (_act(1, far_bids="63000 0.06, 62800 0.3"), _act(5, far_asks="63010 0.07, 63200 0.3"), _act(6)),
    (_wish("long", 1, 5), _wish("short", 6, 9)),
    "ruh",
)
#: Far is not traded, so that near is traded back whole.
_UNWOUND = (
    (_act(1, suspended=FAR), _act(5)),
    (_wish("long", 1, 5),),
    "uh",
)
#: Far takes a part, and there is no retry: near is traded back to it.
_CUT_DOWN = (
    (_act(1, far_bids="63000 0.06, 60000 0.3"), _act(5)),
    (_wish("long", 1, 5),),
    "uh",
)
#: The way out goes in two clips, for near takes a part, and far follows it.
_IN_PARTS = (
    (_act(1), _act(5, near_bids="96000000 0.03, 90000000 0.3"), _act(6)),
    (_wish("long", 1, 5),),
    "ruh",
)

SCRIPTS = {
    "retried, together": Script(*_RETRIED, first=None),
    "retried, near first": Script(*_RETRIED, first=0),
    "unwound, together": Script(*_UNWOUND, first=None),
    "unwound, near first": Script(*_UNWOUND, first=0),
    "cut down, together": Script(*_CUT_DOWN, first=None, one_way=False),
    "cut down, near first": Script(*_CUT_DOWN, first=0, one_way=False),
    "in parts, near first": Script(*_IN_PARTS, first=0),
}
