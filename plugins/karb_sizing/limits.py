"""What an entry may not go beyond: its pair's share, and what is kept for other tiers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, Proposal
from karb_core.ports import AccountView
from karb_sizing.near_notional import open_near


def beyond_share(proposal: Proposal, notional: Decimal, account: AccountView) -> Denied | None:
    """Whether the pair's open near notional and this one are more than its share. Edge: exactly the share passes."""
    terms, rule = account.terms, _share_line(proposal)
    limit = exact.mul(terms.capital.value, terms.pairs[proposal.pair].share)
    held = (
        open_near(account.standing[proposal.pair].lots, terms.book) if proposal.pair in account.standing else Decimal(0)
    )
    return _beyond(rule, held, notional, limit, terms.book)


def is_share(proposal: Proposal, denied: Denied) -> bool:
    """Whether it is the pair's share that denied it."""
    return denied.rule == _share_line(proposal)


def beyond_kept(
    kept: Mapping[str, Decimal], proposal: Proposal, notional: Decimal, account: AccountView
) -> Denied | None:
    """Whether the tiers that nothing is kept for would use, in all pairs together, what is kept for the others."""
    if not kept or proposal.tier in kept:
        return None
    terms, left = account.terms, Decimal(1)
    for ratio in kept.values():
        left = exact.sub(left, ratio)
    held = open_near((lot for lot in account.lots if lot.tier not in kept), terms.book)
    return _beyond(f"kept_for.{next(iter(kept))}", held, notional, exact.mul(terms.capital.value, left), terms.book)


def other_book(proposal: Proposal, account: AccountView) -> Denied | None:
    """A size is a part of the capital, so near must be paid in the capital's asset."""
    quote = account.terms.pairs[proposal.pair].legs[0].quote
    book = account.terms.book
    return Denied("/capital", f"near is paid in {quote}", f"capital in {quote}, not {book}") if quote != book else None


def _beyond(rule: str, held: Decimal | None, more: Decimal, limit: Decimal, book: str) -> Denied | None:
    if held is None:
        return Denied(rule, "a lot is open in another asset", f"lots in {book}")
    after = exact.add(held, more)
    if after <= limit:
        return None
    told = f"{exact.text(held)} {book} open, {exact.text(after)} {book} with this entry"
    return Denied(rule, told, f"{exact.text(limit)} {book}")


def _share_line(proposal: Proposal) -> str:
    return f"/pairs/{_pointed(proposal.pair)}/share"


def _pointed(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
