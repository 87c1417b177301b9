"""The prices that a table of what entries need is made of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_core.rulebook.rulebook import Rulebook

#: By instrument (`upbit BTC/KRW`) and, for money across assets, by pair of assets (`USDT/KRW`).
Prices = Mapping[str, Decimal]


def missing_prices(rulebook: Rulebook, prices: Prices) -> list[str]:
    """The prices without which the table cannot be made."""
    wanted = [i.text() for pair in rulebook.file.pairs.values() for i in (pair.near, pair.far)]
    rates = [f"{p.far.quote}/{p.near.quote}" for p in rulebook.file.pairs.values() if p.far.quote != p.near.quote]
    return [name for name in dict.fromkeys([*wanted, *rates]) if name not in prices]
