"""Money with its asset: so much of one asset, and what one asset costs in another."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Self

from karb_core.domain import exact


class MixedAssets(TypeError):
    """Amounts of two assets were added, compared or priced as if they were one."""


@dataclass(frozen=True, slots=True)
class Price:
    """So much of `quote` for one `base`.

    Unit: quote per base. Edge: equal whatever the trailing zeros. Errors: as `Amount`, and ValueError for a price
    that is not above zero.
    """

    value: Decimal
    base: str
    quote: str

    def __post_init__(self) -> None:
        if exact.finite(self.value) <= 0:
            raise ValueError(f"a price is above zero, not {self.value}")
        _need_asset(self.base)
        _need_asset(self.quote)

    def text(self) -> str:
        """Shape: `0.05 BTC/ETH`, so many BTC for one ETH."""
        return f"{exact.text(self.value)} {self.quote}/{self.base}"

    __str__ = text


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of one asset, signed.

    Unit: whole units of the asset. Edge: 1.0 and 1.00 are equal. Errors: TypeError for a value that is no Decimal,
    ValueError for NaN and infinity, decimal.Inexact beyond 60 digits, `MixedAssets` where two assets meet.
    """

    value: Decimal
    asset: str

    def __post_init__(self) -> None:
        exact.finite(self.value)
        _need_asset(self.asset)

    @classmethod
    def zero(cls, asset: str) -> Self:
        """Nothing of an asset: where a sum starts."""
        return cls(Decimal(0), asset)

    @classmethod
    def total(cls, amounts: Iterable["Amount"], asset: str) -> "Amount":
        """Their sum, nothing of the asset for none. Errors: `MixedAssets` for one of another asset."""
        zero = cls.zero(asset)
        return cls(exact.total([zero._same(amount) for amount in amounts]), asset)

    @classmethod
    def read(cls, written: str) -> Self:
        """The amount that `text` wrote. Errors: ValueError for any other writing."""
        number, _, asset = written.partition(" ")
        value = Decimal(number) if _is_plain(number) else None
        if value is None or exact.text(value) != number:
            raise ValueError(f"{written!r} is not an amount as karb writes it")
        return cls(value, asset)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(exact.add(self.value, self._same(other)), self.asset)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(exact.sub(self.value, self._same(other)), self.asset)

    def __neg__(self) -> "Amount":
        return Amount(exact.negate(self.value), self.asset)

    def __abs__(self) -> "Amount":
        return Amount(exact.absolute(self.value), self.asset)

    def __lt__(self, other: "Amount") -> bool:
        return self.value < self._same(other)

    def __le__(self, other: "Amount") -> bool:
        return self.value <= self._same(other)

    def __gt__(self, other: "Amount") -> bool:
        return self.value > self._same(other)

    def __ge__(self, other: "Amount") -> bool:
        return self.value >= self._same(other)

    def times(self, factor: Decimal) -> "Amount":
        """So many times this amount. Unit: factor is a plain ratio. Errors: decimal.Inexact beyond 60 digits."""
        return Amount(exact.mul(self.value, exact.finite(factor)), self.asset)

    def at(self, price: Price) -> "Amount":
        """What this amount is worth in the quote of the price. Errors: `MixedAssets` for a price of another asset."""
        if price.base != self.asset:
            raise MixedAssets(f"{self.text()} has no price in {price.text()}")
        return Amount(exact.mul(self.value, price.value), price.quote)

    def text(self) -> str:
        """Shape: `0.25 BTC`; `Amount.read` takes it back."""
        return f"{exact.text(self.value)} {self.asset}"

    __str__ = text

    def _same(self, other: "Amount") -> Decimal:
        if not isinstance(other, Amount):
            raise TypeError(f"{self.text()} and {other!r} are not two amounts")
        if other.asset != self.asset:
            raise MixedAssets(f"{self.text()} and {other.text()} are amounts of two assets")
        return other.value


def _is_plain(number: str) -> bool:
    digits = number.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


@cache
def _need_asset(asset: str) -> None:
    if not asset or not asset.isascii() or any(mark.isspace() or mark in "/:" for mark in asset):
        raise ValueError(f"{asset!r} is not the name of an asset")
