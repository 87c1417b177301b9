"""What a stretch of trading came to by the venues' own books, open positions at the last prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.instrument import Instrument
from karb_core.venue.book import VenueBook


def came_to(
    books: Iterable[VenueBook], last: Mapping[Instrument, Decimal], money: Price | None, book: str
) -> Amount | None:
    """Fills, fees and funding since the accounts opened. None where something is in an asset that has no rate to the
    asset of the capital, or is open without a price.
    """
    by_asset: dict[str, Decimal] = {}
    moved: dict[Instrument, Decimal] = {}
    for venue in books:
        for fill in venue.fills_since(0):  # karb: constant because everything is since the beginning of time
            _add(by_asset, -fill.cost)
            _add(by_asset, -fill.fee)
            moved[fill.instrument] = exact.add(moved.get(fill.instrument, Decimal(0)), fill.moved.value)
        for income in venue.income_since(0):  # karb: constant as above
            _add(by_asset, income.received)
    for instrument, base in moved.items():
        if base and instrument not in last:
            return None
        if base:
            _add(by_asset, Amount(exact.mul(base, last[instrument]), instrument.quote))
    return _in_book(by_asset, money, book)


def left_open(books: Iterable[VenueBook]) -> dict[Instrument, Decimal]:
    """By instrument, what its fills left, signed base; nothing for what came back to nothing."""
    out: dict[Instrument, Decimal] = {}
    for venue in books:
        for fill in venue.fills_since(0):  # karb: constant as above
            out[fill.instrument] = exact.add(out.get(fill.instrument, Decimal(0)), fill.moved.value)
    return {instrument: base for instrument, base in out.items() if base}


def _add(by_asset: dict[str, Decimal], amount: Amount) -> None:
    by_asset[amount.asset] = exact.add(by_asset.get(amount.asset, Decimal(0)), amount.value)


def _in_book(by_asset: Mapping[str, Decimal], money: Price | None, book: str) -> Amount | None:
    total = Amount.zero(book)
    for asset, value in by_asset.items():
        if asset == book:
            total = total + Amount(value, asset)
        elif money is not None and (money.base, money.quote) == (asset, book):
            total = total + Amount(value, asset).at(money)
        elif value:
            return None
    return total
