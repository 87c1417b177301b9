"""What the signal on several lengths of time would like: what a z-score signal would, but an entry only after a turn."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from karb_core.domain.decisions import ProposalKind, seen
from karb_core.ports import Explained, Explanation, Judgement, Moment, Standing, Terms
from karb_premium import explaining, judging, waking
from karb_premium.reverting_rules import RevertingRules

if TYPE_CHECKING:
    from karb_core.ports.signal import Features, Mask

_CITED = ("arm.bar", "enter.bar", "enter.reverting")


def judge(rules: RevertingRules, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
    found = judging.judge(rules.z, moment, standing, terms)
    turned = int(moment.features["turned"])
    proposals = []
    for proposal in found.proposals:
        if proposal.kind is not ProposalKind.ENTRY:
            proposals.append(proposal)
        elif turned >= rules.moves:
            told = seen({**dict(proposal.seen), "turned": turned})
            proposals.append(replace(proposal, rules=(*proposal.rules, *_CITED), seen=told))
    return replace(found, proposals=tuple(proposals))


def wakes(rules: RevertingRules, features: Features, standing: Standing, terms: Terms) -> Mask:
    entries = waking.entry_wakes(rules.z, features, standing) & (features["turned"] >= rules.moves)
    found: Mask = entries | waking.other_wakes(rules.z, features, standing, terms)
    return found


def explain(rules: RevertingRules, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
    """Between two closes of short bars nothing is entered: then no move is told."""
    found = explaining.explain(rules.z, moment, standing, terms)
    turned = int(moment.features["turned"])
    told = None if turned < 0 else Decimal(turned)
    moves = Explained("enter.reverting", "moves", told, ">=", Decimal(rules.moves), turned >= rules.moves)
    return replace(found, bounds=(*found.bounds, moves))
