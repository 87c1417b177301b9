"""A venue that is down: nothing is entered there, what is only taken waits, and what must go goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from karb_core.domain.decisions import Cause, DecisionKind, ProposalKind
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState, VenueStatus
from karb_core.engine.carried import Carried
from karb_core.engine.down import down
from tests.engine.scene import LEGS, NOW, PERP, Proposes, lot, moment, proposal, scene, strategy, view

DOWN, UP, DEGRADED = VenueState.DOWN, VenueState.UP, VenueState.DEGRADED


def told(state: VenueState, of: Instrument | None = None, venue: str = "dydx") -> VenueStatus:
    return VenueStatus(venue, of, state, "maintenance", NOW, NOW)


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ((), []),
        ((told(DOWN),), ["dydx is down: maintenance"]),
        ((told(DOWN, PERP),), [f"{PERP.text()} is down: maintenance"]),
        ((told(DOWN), told(UP, PERP)), ["dydx is down: maintenance"]),
        ((told(DEGRADED),), []),
        ((told(UP),), []),
        ((told(DOWN, None, "elsewhere"),), []),
        ((told(DOWN, Instrument("dydx", "XRP", "USD")),), []),
    ],
)
def test_a_leg_is_held_by_its_venue_and_by_its_own_market(said: tuple[VenueStatus, ...], denied: list[str]) -> None:
    seen = replace(view(moment()), status={(each.venue, each.instrument): each for each in said})
    assert [(d.rule, d.observed) for d in down("ADA", LEGS, seen)] == [("/pairs/ADA", each) for each in denied]


def taken(kind: ProposalKind, cause: Cause, *said: VenueStatus) -> tuple[Carried, ...]:
    lots = (lot("a", "-10", "10"),) if kind is ProposalKind.EXIT else ()
    of = scene(strategy(Proposes(proposal(kind, *(each.id for each in lots), cause=cause))), lots=lots)
    seen = replace(view(moment()), status={(each.venue, each.instrument): each for each in said})
    return asyncio.run(of.desk.take(moment(), seen))


@pytest.mark.parametrize(
    ("kind", "cause", "goes"),
    [
        (ProposalKind.ENTRY, Cause.TAKEN, False),
        (ProposalKind.EXIT, Cause.TAKEN, False),
        (ProposalKind.EXIT, Cause.DEMANDED, True),
        (ProposalKind.EXIT, Cause.FORCED, True),
    ],
)
def test_entries_and_ways_out_that_are_only_taken_wait_and_what_must_go_goes(
    kind: ProposalKind, cause: Cause, goes: bool
) -> None:
    acts = {ProposalKind.ENTRY: DecisionKind.ENTRY, ProposalKind.EXIT: DecisionKind.EXIT}[kind]
    assert [one.decided.decision.kind for one in taken(kind, cause)] == [acts]
    held = [one.decided.decision.kind for one in taken(kind, cause, told(DOWN))]
    assert held == [acts if goes else DecisionKind.REFUSAL]
