"""What a desk remembers of how its plans were carried out: whole or not, and since when."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from karb_core.domain.decisions import Cause, Denied, Passed, ProposalKind
from karb_core.domain.orders import Unknown
from karb_core.engine.executions import executions, since_whole
from karb_core.engine.sent import NOT_WRITTEN, Sent
from karb_core.engine.unfinished import Unfinished
from karb_core.ports import AccountView, Execution
from tests.engine.scene import FACTS, NOW, D, Proposes, Scene, lot, moment, plan, proposal, rules, scene, strategy, view
from tests.engine.test_desk import gate, take
from tests.engine.test_legs import sent

ENTRY = proposal()
EXIT = proposal(ProposalKind.EXIT, "a")


def ends(of: Scene) -> list[bool]:
    return [execution.whole for execution in of.books.executions.values()]


@pytest.mark.parametrize(
    ("script", "whole"),
    [
        (("1", "1"), True),
        (("lost", "1"), True),  # nobody said so at first, and then it was found filled
        (("no", "no"), False),
        (("0", "0"), False),
        (("0.5", "0.5"), False),  # even, and not what was planned
        (("1", "0.3", "1"), False),  # whole at the second try
        (("1", "no", "no", "no", "1"), False),  # traded back
        (("1", "no", "no", "no", "no"), False),  # stuck
        (("silent", "1", "1"), False),
    ],
)
def test_an_execution_is_whole_if_every_leg_filled_to_plan_at_the_first_go(script: Any, whole: bool) -> None:
    desk = scene(strategy(Proposes(ENTRY)), *script)
    take(desk)
    (told,) = desk.books.executions.values()
    assert (told.pair, told.whole) == ("ADA", whole)
    assert NOW < told.at_ns <= desk.clock.now


@pytest.mark.parametrize("first", [0, 1])
def test_a_leg_that_goes_second_fills_to_plan_too(first: int) -> None:
    for script, whole in ((("1", "1"), True), (("0.5", "1"), False), (("0",), False)):
        desk = scene(strategy(Proposes(ENTRY), legs=rules(first)), *script)
        take(desk)
        assert ends(desk) == [whole]


def test_an_unknown_at_the_end_is_not_whole() -> None:
    desk = scene(strategy(Proposes(ENTRY)), "silent", "1")

    async def never(order: Any) -> Any:
        return next(o for o in desk.trace.of("outcome") if o.order.id == order.id)

    desk.venue.find = never  # type: ignore[method-assign]
    take(desk)
    assert ends(desk) == [False]


@pytest.mark.parametrize("cause", list(Cause))
def test_a_way_out_counts_whatever_its_cause(cause: Cause) -> None:
    way = proposal(ProposalKind.EXIT, "a", cause=cause)
    desk = scene(strategy(Proposes(way)), "1", "no", "no", "no", "1", lots=(lot("a", "-10", "10"),))
    take(desk)
    assert ends(desk) == [False]


@pytest.mark.parametrize(
    ("orders", "whole"),
    [
        ((sent(0, "100"), sent(1, "100")), True),
        ((sent(0, "100"), sent(1, "100", lost=True)), False),  # all of it traded, and nobody says that it is over
        ((sent(0, "100"), sent(1, "100", final=False)), False),
        ((sent(0, "100"), sent(1, "-")), False),  # no answer yet
        ((sent(0, "100"),), False),  # the other leg was never sent
        ((sent(0, "60", amount="60"), sent(1, "60", amount="60")), False),  # even, and less than the plan
        ((sent(0, "100"), sent(1, "100.1")), False),  # more than was asked for
    ],
)
def test_what_is_whole_is_told_by_orders_that_are_over_and_the_plan(orders: tuple[Sent, ...], whole: bool) -> None:
    (told,) = executions(plan(), orders, FACTS).values()
    assert told.whole is whole


def test_it_ended_when_the_last_answer_came_even_one_that_told_nothing_new() -> None:
    one, other = sent(0, "100"), sent(1, "50", final=False)
    assert one.outcome is not None
    assert other.outcome is not None
    first = one.answered(one.outcome, NOW + 3)
    silent = Unknown(other.order, "no answer", other.order.amount.times(D(0)), other.outcome.cost.times(D(0)))  # type: ignore[union-attr]
    last = other.answered(other.outcome, NOW + 5).answered(silent, NOW + 9)
    (told,) = executions(plan(), (first, last), FACTS).values()
    assert (told.at_ns, last.outcome) == (NOW + 9, other.outcome)


def test_a_denial_is_no_execution() -> None:
    desk = scene(strategy(Proposes(ENTRY), gates=(gate(Denied("limit", "6s", "5s"), "entry"),)))
    take(desk)
    assert ends(desk) == []


def test_a_halt_before_anything_was_sent_is_no_execution() -> None:
    assert executions(plan(), (), {}) == {}


def test_what_could_not_be_written_is_no_execution() -> None:
    unsent = [sent(leg, None) for leg in (0, 1)]
    unsent = [replace(s, outcome=replace(s.outcome, code=NOT_WRITTEN)) for s in unsent]  # type: ignore[type-var]
    assert executions(plan(), tuple(unsent), {}) == {}


def test_a_plan_that_came_to_nothing_and_is_decided_again_is_two_executions() -> None:
    desk = scene(strategy(Proposes(ENTRY)), "no", "no", "no", "no")
    take(desk)
    take(desk)  # the same moment, hence the same intent
    assert ends(desk) == [False, False]
    take(desk)
    assert ends(desk) == [True]


def test_of_each_pair_nothing_before_its_last_whole_one_is_kept() -> None:
    told = [("A", False), ("B", False), ("A", True), ("B", False), ("A", False), ("C", True)]
    kept = since_whole({str(i): Execution(pair, i, whole) for i, (pair, whole) in enumerate(told)})
    assert list(kept) == ["1", "2", "3", "4", "5"]
    assert since_whole(kept) == kept


def test_they_stand_in_the_order_in_which_they_ended() -> None:
    kept = since_whole({"late": Execution("A", 9, False), "early": Execution("B", 3, False)})
    assert list(kept) == ["early", "late"]


class Sees:
    """A gate that passes, and keeps what it was shown."""

    def __init__(self) -> None:
        self.under_way: list[frozenset[str]] = []
        self.seen: list[tuple[bool, ...]] = []

    def check(self, plan: Any, view: Any, account: AccountView) -> Passed:
        self.under_way.append(account.under_way)
        self.seen.append(tuple(e.whole for e in account.executions))
        return Passed()


def shown(*ways: Any, **more: Any) -> tuple[Scene, Sees]:
    seat = gate(Passed(), "entry", "exit")
    sees = Sees()
    return scene(strategy(Proposes(*ways), gates=(replace(seat, gate=sees),)), **more), sees


def test_a_gate_sees_how_earlier_plans_ended() -> None:
    desk, sees = shown(ENTRY)
    desk.venue.script = ["no", "no", "1", "0.5"]
    for n in range(3):
        take(desk, NOW + n)
    assert sees.seen == [(), (False,), (False, False)]


def test_what_is_decided_after_a_plan_of_the_same_moment_sees_it_under_way() -> None:
    desk, sees = shown(ENTRY, proposal(tier="ultra"))
    take(desk)
    assert sees.under_way == [frozenset(), {"ADA"}]


def test_lots_that_leave_together_are_one_plan_and_those_of_the_other_side_another() -> None:
    lots = (lot("a", "-10", "10"), lot("b", "-20", "20"), lot("c", "4", "-4", side="down"))
    ways = (EXIT, proposal(ProposalKind.EXIT, "b"), proposal(ProposalKind.EXIT, "c", side="down"))
    desk, sees = shown(*ways, lots=lots)
    take(desk)
    assert sees.under_way == [frozenset(), frozenset(), {"ADA"}]
    assert len(desk.trace.of("place")) == 4


def test_all_that_is_to_be_finished_after_a_restart_is_under_way() -> None:
    desk = scene(strategy(Proposes()), *["no"] * 4)
    other = replace(plan(intent="abcdefghij234562"), proposals=(proposal(pair="DOT"),))
    seen: list[frozenset[str]] = []
    place = desk.venue.place

    async def looking(order: Any) -> Any:
        seen.append((await desk.desk.account(view(moment()))).under_way)
        return await place(order)

    desk.venue.place = looking  # type: ignore[method-assign]
    left = [Unfinished(one, NOW, complete=True, sent=(), last=True, rules_digest="r") for one in (plan(), other)]
    asyncio.run(desk.desk.recover(left, view(moment())))
    assert seen == [{"ADA", "DOT"}] * 4
    assert asyncio.run(desk.desk.account(view(moment()))).under_way == frozenset()
