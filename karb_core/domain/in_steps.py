"""Many amounts of one asset as whole numbers of one step: what is added and divided a thousand times over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount


@dataclass(frozen=True, slots=True, eq=False)
class InSteps:
    """counts: of steps of 10^-places of the asset. Edge: equal whatever the step, as amounts are."""

    asset: str
    places: int
    counts: tuple[int, ...]

    @classmethod
    def of(cls, amounts: Iterable[Amount], asset: str) -> InSteps:
        """By the widest step in which all are whole. Errors: `MixedAssets` for one of another asset."""
        plain = [(each + Amount.zero(asset)).value for each in amounts]
        places = max([0, *map(places_of, plain)])
        return cls(asset, places, tuple(counted(each, places) for each in plain))

    def __len__(self) -> int:
        return len(self.counts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, InSteps):
            return NotImplemented
        return self.asset == other.asset and self._finer(other.places) == other._finer(self.places)

    def __hash__(self) -> int:
        return hash((self.asset, len(self.counts)))

    def amount(self, at: int) -> Amount:
        return Amount(Decimal(self.counts[at]).scaleb(-self.places, exact.EXACT), self.asset)

    def amounts(self) -> tuple[Amount, ...]:
        return tuple(map(self.amount, range(len(self.counts))))

    def part(self, first: int, stop: int) -> InSteps:
        """From one place to before another."""
        return InSteps(self.asset, self.places, self.counts[first:stop])

    def _finer(self, places: int) -> tuple[int, ...]:
        """Counted in steps so small, if they are smaller than these."""
        # karb: constant because numbers have ten digits
        more = 10 ** max(0, places - self.places)
        return self.counts if more == 1 else tuple(count * more for count in self.counts)


def places_of(value: Decimal) -> int:
    """How many decimal places are written. Edge: 0 for a whole number, also for 1e3."""
    return max(0, -int(value.as_tuple().exponent))


def counted(value: Decimal, places: int) -> int:
    """Of steps of 10^-places. Errors: decimal.Inexact where it is no whole number of them, and beyond 60 digits."""
    return int(exact.EXACT.to_integral_exact(exact.EXACT.scaleb(value, places)))
