"""Whether the venues show what the books say, and what waits while they do not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from karb_core.domain.decisions import Cause, DecisionKind, ProposalKind
from karb_core.domain.holdings import Holdings, Position
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Fill
from karb_core.domain.statement import VenuePosition
from karb_core.engine.agreement import Agreement, Difference, differences
from karb_core.engine.catching_up import CatchingUp
from tests.engine.scene import (
    FACTS,
    LEGS,
    NOW,
    PERP,
    SPOT,
    D,
    Proposes,
    Scene,
    lot,
    moment,
    proposal,
    scene,
    strategy,
    view,
)
from tests.engine.test_books import fill

ENTRY, EXIT = proposal(), proposal(ProposalKind.EXIT, "a")


def stated(amount: str) -> dict[Instrument, VenuePosition]:
    return {PERP: VenuePosition(D(amount), D(0), D(10), None)}


@pytest.mark.parametrize(("theirs", "found"), [("30", []), ("29.9", [Difference(PERP, D(30), D("29.9"))])])
def test_a_position_has_to_be_ours_whole(theirs: str, found: list[Difference]) -> None:
    held = Holdings({}, {}, {PERP: Position(D(30), D(300))})
    assert list(differences("dydx", stated(theirs), held, FACTS)) == found


def test_a_position_the_books_do_not_know_is_a_difference() -> None:
    assert list(differences("dydx", stated("5"), Holdings({}), FACTS)) == [Difference(PERP, D(0), D(5))]
    assert list(differences("dydx", {}, Holdings({}), FACTS)) == []


def test_coins_are_the_owners_and_no_difference() -> None:
    assert list(differences("korbit", {}, Holdings({}), FACTS)) == []


def test_a_venue_that_was_never_compared_bars() -> None:
    known = Agreement()
    assert [d.observed for d in known.bars("ADA", LEGS)] == [
        "korbit was not compared yet",
        "dydx was not compared yet",
    ]
    known.compared("korbit", ())
    known.compared("dydx", [Difference(PERP, D(0), D(5))])
    assert [d.observed for d in known.bars("ADA", LEGS)] == ["dydx ADA/USD: 5 at the venue, 0 in the books"]
    assert list(known.bars("ADA", [SPOT])) == []


class Watched:
    """A desk with an account that it looks at, as a live one does."""

    def __init__(self, of: Scene) -> None:
        self.of = of
        of.desk.agreement = Agreement()
        executors: Any = {"korbit": of.venue, "dydx": of.venue}
        self.strangers: list[Fill] = []
        self.watch = CatchingUp(of.desk, executors, dict.fromkeys(executors, NOW), stranger=self.strangers.append)

    def look(self) -> None:
        asyncio.run(self.watch.look(lambda: ((moment(),), view(moment()))))

    def take(self, at_ns: int = NOW) -> list[DecisionKind]:
        seen = moment(at_ns)
        return [c.decided.decision.kind for c in asyncio.run(self.of.desk.take(seen, view(seen)))]

    def shows(self, amount: str) -> None:
        async def positions() -> Any:
            return stated(amount)

        self.of.venue.positions = positions  # type: ignore[method-assign]


def test_nothing_is_entered_before_the_books_were_compared() -> None:
    desk = Watched(scene(strategy(Proposes(ENTRY))))
    assert desk.take() == [DecisionKind.REFUSAL]
    desk.look()
    assert desk.take(NOW + 1) == [DecisionKind.ENTRY]


def test_while_they_differ_neither_entry_nor_a_taken_way_out_is_planned() -> None:
    desk = Watched(scene(strategy(Proposes(ENTRY)), lots=(lot("a", "-30", "30"),)))
    desk.shows("12")
    desk.look()
    assert desk.take() == [DecisionKind.REFUSAL]
    desk.of.desk.strategy = desk.of.desk.carrier.strategy = strategy(Proposes(EXIT))
    assert desk.take(NOW + 1) == [DecisionKind.REFUSAL]
    desk.of.desk.strategy = strategy(Proposes(proposal(ProposalKind.EXIT, "a", cause=Cause.DEMANDED)))
    assert desk.take(NOW + 2) == [DecisionKind.EXIT]
    assert desk.of.books.lots == {}


def booked(desk: Watched, fills: list[Fill]) -> None:
    desk.of.venue.booked += fills


def test_a_forced_close_is_found_booked_and_left_once() -> None:
    desk = Watched(scene(strategy(Proposes()), lots=(lot("a", "-30", "30"),)))
    booked(desk, [fill("autoclose-1-t", PERP, _sell(), "30", fee="0", order_id="autoclose-ADA-USD-1")])
    desk.look()
    desk.look()
    assert [c.lot.id for c in desk.of.books.closed] == ["a"]
    assert len(desk.of.trace.of("place")) == 1
    assert desk.strangers == []


def test_a_trade_by_other_hands_in_a_perpetual_stops_entries_and_is_told_once() -> None:
    desk = Watched(scene(strategy(Proposes(ENTRY))))
    booked(
        desk,
        [fill("web-t", PERP, _sell(), "3", order_id="web_1"), fill("coin-t", SPOT, _sell(), "3", order_id="web_2")],
    )
    desk.look()
    desk.look()
    assert [f.order_id for f in desk.strangers] == ["web_1", "web_2"]
    assert desk.of.desk.halted == ["a trade by other hands: dydx ADA/USD web_1"]
    assert desk.of.books.holdings.positions == {}


def test_an_order_of_our_form_with_another_mark_is_another_karb() -> None:
    desk = Watched(scene(strategy(Proposes(ENTRY))))
    booked(desk, [fill("x-t", SPOT, _sell(), "3", order_id="karb-zz9-abcdefghij234567-0-0")])
    desk.look()
    assert len(desk.of.desk.halted) == 1


def _sell() -> Any:
    from karb_core.domain.orders import Side

    return Side.SELL


def test_a_forced_close_waits_until_our_own_fills_of_that_leg_are_booked() -> None:
    desk = Watched(scene(strategy(Proposes()), lots=(lot("a", "-30", "30"),)))
    booked(desk, [fill("autoclose-1-t", PERP, _sell(), "30", fee="0", order_id="autoclose-ADA-USD-1")])
    desk.of.desk.carrier.working["ADA"] = "an intent"
    desk.look()
    assert desk.of.trace.events == []
    assert "an intent" in desk.of.desk.driver.void, "nothing more of it is placed"
    del desk.of.desk.carrier.working["ADA"]
    desk.look()
    assert [c.lot.id for c in desk.of.books.closed] == ["a"]


def test_a_forced_close_that_belongs_to_no_lot_stops_entries() -> None:
    desk = Watched(scene(strategy(Proposes(ENTRY)), lots=(lot("a", "-30", "30"),)))
    booked(desk, [fill("adl-t", PERP, _sell(), "31", fee="0", order_id="adl_autoclose-ADA-USD-1")])
    desk.look()
    assert "a forced close that belongs to no lot: dydx ADA/USD adl_autoclose-ADA-USD-1" in desk.of.desk.halted
