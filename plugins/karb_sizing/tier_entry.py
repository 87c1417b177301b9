"""One entry of a tier: whole, or its next clip, or why not."""

from __future__ import annotations

from decimal import Decimal

from karb_core.domain.decisions import Denied, Proposal
from karb_core.domain.exact import mul
from karb_core.ports import AccountView, Moment, Sized, Standing
from karb_sizing.clips import Clip, next_clip
from karb_sizing.limits import beyond_kept, beyond_share, other_book
from karb_sizing.near_notional import legs_of, near_notional
from karb_sizing.params import ByTierParams, TierSize

_WHOLE = Decimal(1)


def tier_entry(params: ByTierParams, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied:
    """Denied, never cut, where the share, what is kept, or the step between clips does not allow it whole."""
    tier = params.tiers.get(proposal.tier or "")
    if tier is None:
        return Denied("use", f"tier {proposal.tier} has no size", "a size for each tier")
    standing = account.standing.get(proposal.pair)
    clip = _clip(tier, proposal, moment, standing if standing is not None else Standing())
    if isinstance(clip, Denied):
        return clip
    pair = account.terms.pairs[proposal.pair]
    notional = near_notional(params, mul(tier.size, clip.part), pair, account.terms)
    denied = other_book(proposal, account) or _beyond(params, tier, proposal, notional, account)
    legs = denied or legs_of(proposal, moment, notional, f"{proposal.tier}.size")
    return legs if isinstance(legs, Denied) else Sized(legs, _cited(tier, proposal), clip.complete)


def _clip(tier: TierSize, proposal: Proposal, moment: Moment, standing: Standing) -> Clip | Denied:
    return Clip(_WHOLE, True) if tier.split is None else next_clip(tier.split, proposal, moment, standing)


def _beyond(
    params: ByTierParams, tier: TierSize, proposal: Proposal, notional: Decimal, account: AccountView
) -> Denied | None:
    share = None if tier.over_share else beyond_share(proposal, notional, account)
    return share or beyond_kept(params.kept_for or {}, proposal, notional, account)


def _cited(tier: TierSize, proposal: Proposal) -> tuple[str, ...]:
    name = proposal.tier
    split = (f"{name}.split.clips", f"{name}.split.next") if tier.split is not None else ()
    over = (f"{name}.over_share",) if tier.over_share else ()
    return (f"{name}.size", *split, *over, "of", "counts")
