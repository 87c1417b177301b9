"""What a strategy may use now: what the venues say is free, less what is held back, never more coins than are its."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import InstrumentKind
from karb_core.engine.strategy import Strategy
from karb_core.ports import MarketView

_NOTHING = Decimal(0)  # karb: constant because what is not claimed is another's
_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is how finely a reserve is rounded up


def deployable(
    strategy: Strategy,
    view: MarketView,
    balances: Mapping[Account, Decimal],
    holdings: Holdings,
    pending: Sequence[Mapping[Account, Decimal]],
    claims: Mapping[Account, Decimal] | None = None,
) -> dict[Account, Decimal]:
    """By account, what is free less the file's reserve and less what intents that are being carried out need.

    claims: what is left of what the file claims; of what it does not claim nothing is free. None where it has it all.
    """
    facts = strategy.terms.facts
    spot = [i for i, f in facts.items() if f.kind is InstrumentKind.SPOT]
    coins = frozenset(Account(i.venue, i.base) for i in spot) - frozenset(Account(i.venue, i.quote) for i in facts)
    if claims is not None:
        balances = {a: free if a in coins else min(free, claims.get(a, _NOTHING)) for a, free in balances.items()}
    return free_to_deploy(balances, _sums([_reserved(strategy, view), *pending]), holdings, coins)


def free_to_deploy(
    balances: Mapping[Account, Decimal],
    reserved: Mapping[Account, Decimal],
    inventory: Holdings,
    coins: frozenset[Account],
) -> dict[Account, Decimal]:
    """What may be used now: what the venues say is free less the reserve; of coins, no more than karb may sell."""
    out = {}
    for account, free in balances.items():
        # karb: constant because what is not reserved is not held back
        held_back = reserved.get(account, Decimal(0))
        room = min(free, inventory.free_to_sell(account.venue, account.asset).value) if account in coins else free
        out[account] = max(exact.sub(room, held_back), Decimal(0))
    return out


def _reserved(strategy: Strategy, view: MarketView) -> Mapping[Account, Decimal]:
    """The reserve at each venue that pays for a leg, in the asset it pays with; through the `money` rate elsewhere."""
    terms = strategy.terms
    kept = Amount(exact.mul(terms.capital.value, terms.reserve), terms.book)
    out = {}
    for pair in terms.pairs.values():
        for leg in pair.legs:
            paying = terms.facts[leg].margin_asset or leg.quote
            out[Account(leg.venue, paying)] = _in_asset(kept, paying, view)
    return out


def _in_asset(kept: Amount, asset: str, view: MarketView) -> Decimal:
    if asset == kept.asset or not kept.value:
        return kept.value
    rate = view.rates.get("money")
    if rate is None or rate.quote != kept.asset:
        # No rate: how much must stay free is unknown, so nothing is free.
        return Decimal(10) ** 30  # karb: constant because it stands for "more than any account has"
    return exact.divide(kept.value, rate.rate, _STEP, Rounding.CEIL)


def _sums(of: Sequence[Mapping[Account, Decimal]]) -> Mapping[Account, Decimal]:
    out: dict[Account, Decimal] = {}
    for one in of:
        for account, value in one.items():
            out[account] = exact.add(out.get(account, Decimal(0)), value)
    return out
