"""Whether what the files of a house claim of an account is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.holdings import Account
from karb_core.domain.statement import VenueSilent
from karb_core.engine.claimed import claimed
from karb_core.engine.desk import Desk
from karb_core.ports import Executor
from karb_core.texts.text import Text

_NOTHING = Decimal(0)  # karb: constant because an account that is not told of has nothing free


async def funds_missing(name: str, executor: Executor, desks: Sequence[Desk]) -> tuple[Text, ...]:
    """By asset of the account called `name`, that the claims of these desks come to more than is free there.

    Meant for a moment at which nothing is under way. Edge: nothing is said of a venue that does not answer, where
    nothing can be entered either.
    """
    try:
        balances = await executor.balances()
    except VenueSilent:
        return ()
    free = {account: balance.free for account, balance in balances.items()}
    return tuple(_short(name, free, _sums(desks, {account.venue for account in free})))


def _sums(desks: Sequence[Desk], venues: set[str]) -> dict[Account, Decimal]:
    out: dict[Account, Decimal] = {}
    for desk in desks:
        left = claimed(desk.strategy.terms, desk.books.holdings, desk.books.open_lots()) or {}
        for account, value in left.items():
            if account.venue in venues:
                out[account] = exact.add(out.get(account, _NOTHING), max(value, _NOTHING))
    return out


def _short(name: str, free: dict[Account, Decimal], wanted: dict[Account, Decimal]) -> Iterator[Text]:
    for account, value in wanted.items():
        there = free.get(account, _NOTHING)
        if value > there:
            args = {"claimed": exact.text(value), "free": exact.text(there), "asset": account.asset}
            yield Text("live.funds_missing", {"account": name, **args})
