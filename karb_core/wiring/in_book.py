"""An amount in the asset that a strategy's results are counted in."""

from __future__ import annotations

from karb_core.domain.amount import Amount, Price


def in_book(amount: Amount, money: Price | None, book: str) -> Amount:
    """At the money rate, where it is in another asset. Errors: LookupError where there is none; `MixedAssets`."""
    if amount.asset == book:
        return amount
    if money is None:
        raise LookupError(f"{amount.text()} has no rate to {book}")
    return amount.at(money)
