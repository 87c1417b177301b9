"""An entry made in clips: which one is next, and whether the premium is far enough out for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, Proposal
from karb_core.domain.premium import Direction
from karb_core.ports import Fired, Moment, Standing
from karb_sizing.params import Split


@dataclass(frozen=True, slots=True)
class Clip:
    """The part of the entry that goes now; `complete` when it is the last."""

    part: Decimal
    complete: bool


def next_clip(split: Split, proposal: Proposal, moment: Moment, standing: Standing) -> Clip | Denied:
    """The first clip at once; each later one at a later moment, with the premium `next` further out than at the last.

    Unit: premiums as they were judged. Edge: exactly `next` further is enough. Without a re-arming rule an entry that
    is complete begins anew.
    """
    made = _since_complete(standing, proposal.tier or "")
    if made:
        held_back = _held_back(split, proposal, moment, made[-1])
        if held_back is not None:
            return held_back
    return Clip(split.clips[len(made)], len(made) + 1 == len(split.clips))


def _since_complete(standing: Standing, tier: str) -> list[Fired]:
    made: list[Fired] = []
    for fired in standing.fired:
        if fired.tier == tier:
            made = [] if fired.complete else [*made, fired]
    return made


def _held_back(split: Split, proposal: Proposal, moment: Moment, last: Fired) -> Denied | None:
    rule = f"{proposal.tier}.split.next"
    premium = dict(proposal.seen).get("premium")
    if not isinstance(premium, Decimal) or last.premium is None:
        return Denied(rule, "the signal tells no premium", "a premium at each clip")
    outwards = exact.negate(Direction(proposal.side).sign)
    further = exact.mul(outwards, exact.sub(premium, last.premium))
    if further >= split.next and moment.at_ns > last.at_ns:
        return None
    told = f"premium {exact.text(premium)}, the last clip at {exact.text(last.premium)}"
    return Denied(rule, told, f"{exact.text(split.next)} further out, at a later bar")
