"""What a strategy may use and holds now, asked of the venues."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.domain.holdings import Account
from karb_core.engine.carrier import Carrier
from karb_core.engine.claimed import claimed
from karb_core.engine.deployable import deployable
from karb_core.engine.driver import Driver
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, MarketView


async def ask_account(
    driver: Driver, strategy: Strategy, carrier: Carrier, finishing: frozenset[str], view: MarketView
) -> AccountView:
    """Less the file's reserve and what is under way; `finishing`: pairs that are being finished after a restart.

    Edge: of an account that does not answer nothing is free, so entries wait and ways out go.
    """
    books, balances = carrier.books, dict[Account, Decimal]()
    for executor in {id(e): e for e in driver.executors.values()}.values():
        try:
            balances |= {account: b.free for account, b in (await executor.balances()).items()}
        except Exception:  # noqa: BLE001 - whatever kept it from answering, what is free there is not known
            continue
    left = claimed(strategy.terms, books.holdings, books.open_lots())
    free = deployable(strategy, view, balances, books.holdings, tuple(carrier.reserved.values()), left)
    return account_of(strategy, carrier, finishing, free)


def account_of(
    strategy: Strategy, carrier: Carrier, finishing: frozenset[str], free: Mapping[Account, Decimal]
) -> AccountView:
    """What the books say, beside what is free."""
    books = carrier.books
    pairs = dict.fromkeys((*strategy.terms.pairs, *(lot.pair for lot in books.open_lots())))
    standing = {pair: books.standing(pair) for pair in pairs}
    under_way = finishing.union(carrier.working)
    executions = tuple(books.executions.values())
    return AccountView(
        strategy.terms, free, standing, executions, under_way, dict(carrier.entering), books.ended_lots(),
        dict(carrier.approvals),
    )  # fmt: skip
