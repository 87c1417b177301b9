"""Where a result came from, as sums that add up: premium, rate, funding, fees, and what is no premium's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from karb_core.domain.amount import Amount
from karb_core.domain.trade import Trade


@dataclass(frozen=True, slots=True)
class Parts:
    """Signed parts in one asset; their sum is the net, to the last digit.

    Unit: fees below zero where they were paid. other: what has no such split, because it is no premium's.
    Errors: `MixedAssets` where parts of two assets meet.
    """

    premium: Amount
    rate: Amount
    funding: Amount
    fees: Amount
    other: Amount

    @classmethod
    def none(cls, book: str) -> Self:
        zero = Amount.zero(book)
        return cls(zero, zero, zero, zero, zero)

    @classmethod
    def of(cls, trade: Trade) -> Self:
        zero, split = Amount.zero(trade.net.asset), trade.split
        if split is None:
            return cls(zero, zero, zero, zero, trade.net)
        return cls(split.premium, split.rate, split.funding, split.fees, zero)

    @classmethod
    def total(cls, parts: Iterable["Parts"], book: str) -> "Parts":
        columns = tuple(zip(*((p.premium, p.rate, p.funding, p.fees, p.other) for p in parts), strict=True))
        return cls(*(Amount.total(column, book) for column in columns)) if columns else cls.none(book)

    @property
    def net(self) -> Amount:
        return Amount.total((self.premium, self.rate, self.funding, self.fees, self.other), self.premium.asset)

    def __add__(self, more: "Parts") -> "Parts":
        return Parts(
            self.premium + more.premium,
            self.rate + more.rate,
            self.funding + more.funding,
            self.fees + more.fees,
            self.other + more.other,
        )

    def __sub__(self, less: "Parts") -> "Parts":
        return self + Parts(-less.premium, -less.rate, -less.funding, -less.fees, -less.other)
