"""Whether what a plan's legs pay with is free. Never cut in silence."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, LegTarget
from karb_core.ports import AccountView
from karb_core.ports.needs import needs


def short_of(legs: tuple[LegTarget, ...], account: AccountView) -> Iterator[Denied]:
    """A denial for each account that has too little free, with the amount that is missing."""
    for where, wanted in needs(legs, account.terms).items():
        # karb: constant because an account that is not there has nothing free
        free = account.free.get(where, Decimal(0))
        if wanted > free:
            missing = exact.text(exact.sub(wanted, free))
            told = f"{exact.text(free)} {where.asset} free at {where.venue}, {missing} {where.asset} missing"
            yield Denied(f"/balances/{where.venue}", told, f"{exact.text(wanted)} {where.asset}")
