"""While nobody can tell what became of an order nothing is placed beside it, and once it is known its intent comes to its end."""

from __future__ import annotations

import asyncio
from typing import Any

from karb_core.domain.decisions import DecisionKind, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.orders import Order, Side
from karb_core.engine.carried import Carried
from karb_core.engine.next_step import Phase
from tests.engine.scene import NOW, PERP, SECOND, SPOT, Proposes, Scene, lot, moment, proposal, scene, strategy, view

EXIT = proposal(ProposalKind.EXIT, "a")


def take(of: Scene, at_ns: int = NOW) -> tuple[Carried, ...]:
    seen = moment(at_ns)
    return asyncio.run(of.desk.take(seen, view(seen)))


def silent_leg(*script: str) -> tuple[Scene, list[str]]:
    """A way out of which the first leg's fate is never told; what is said of it later is put into the list."""
    desk = scene(strategy(Proposes(EXIT)), *script, lots=(lot("a", "-100", "100"),))
    told: list[str] = []
    found = desk.venue.find

    async def find(order: Order) -> Any:
        if told:
            return await found(order)
        desk.trace.events.append(("find", order))
        return next(o for o in reversed(desk.trace.of("outcome")) if o.order.id == order.id)

    desk.venue.find = find  # type: ignore[method-assign]
    return desk, told


def later(desk: Scene, minutes: int) -> tuple[Carried, ...]:
    desk.clock.now += minutes * 60 * SECOND
    desk.clock.venue_ns = desk.clock.now
    return take(desk, desk.clock.now)


def test_beside_an_order_of_unknown_fate_nothing_is_placed_however_often_its_pair_is_judged() -> None:
    desk, _ = silent_leg("silent", "1")
    (first,) = take(desk)
    assert first.end is not None
    assert first.end.phase is Phase.STUCK
    placed, asked = len(desk.trace.of("place")), len(desk.trace.of("find"))
    for minutes in (1, 2, 60):
        (again,) = later(desk, minutes)
        assert again.decided.decision.kind is DecisionKind.REFUSAL
        assert "/execution/on_unknown/then" in {denied.rule for denied in again.decided.decision.denied}
    assert len(desk.trace.of("place")) == placed
    assert len(desk.trace.of("find")) == asked + 3, "it is asked about on"


def test_a_flatten_waits_for_an_order_of_unknown_fate_too() -> None:
    desk, _ = silent_leg("silent", "1")
    take(desk)
    placed = len(desk.trace.of("place"))
    asyncio.run(desk.desk.stop(Halt.FLATTEN, "flatten", "owner", NOW))
    assert later(desk, 1) == ()
    assert len(desk.trace.of("place")) == placed


def test_once_it_is_known_to_have_traded_the_way_out_has_ended_and_nothing_is_sent_again() -> None:
    desk, told = silent_leg("lost", "1")
    take(desk)
    placed = len(desk.trace.of("place"))
    assert desk.desk.still == {"/execution/on_unknown/then": Halt.NO_ENTRIES}
    told.append("now it answers")
    desk.desk.strategy = strategy(Proposes())
    assert later(desk, 1) == ()
    assert len(desk.trace.of("place")) == placed
    assert [closed.lot.id for closed in desk.books.closed] == ["a"]
    assert desk.desk.still == {}


def test_once_it_is_known_to_have_come_to_nothing_its_legs_are_brought_to_their_end() -> None:
    """The owner's time for a leg alone is long over: what did trade is traded back, and only then a new way out begins."""
    desk, told = silent_leg("silent", "1")
    take(desk)
    told.append("now it answers")
    later(desk, 1)
    orders = [(order.instrument, order.side) for order in desk.trace.of("place")]
    assert orders[:3] == [(SPOT, Side.BUY), (PERP, Side.SELL), (PERP, Side.BUY)]
    assert orders[3:] == [(SPOT, Side.BUY), (PERP, Side.SELL)]
    assert [closed.lot.id for closed in desk.books.closed] == ["a"]


def test_a_way_out_that_failed_and_was_traded_back_leaves_the_lot_as_it_was_entered() -> None:
    """Its target is measured from what the owner entered at, and not from the price at which a leg came back."""
    desk, told = silent_leg("silent", "1")
    entered = [(leg.entered, leg.entered_cost) for leg in desk.books.lots["a"].legs]
    take(desk)
    desk.venue.script = ["1"]
    told.append("it is not there, and never came")
    desk.desk.strategy = strategy(Proposes())
    later(desk, 1)
    held = desk.books.lots["a"]
    assert [leg.open.value for leg in held.legs] == [-100, 100], desk.trace.of("place")
    assert [(leg.entered, leg.entered_cost) for leg in held.legs] == entered
