"""A lot: one entry with the rules it was opened by, its legs folded from fills."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side


@dataclass(frozen=True, slots=True)
class LotLeg:
    """One leg of a lot as sums of its fills, the way in and the way out apart, so that no average is ever needed.

    Unit: amounts in base, signed (+ came to us); costs in quote, signed (+ was paid), without fees. `side` is the way
    in. Edge: a fill against `side` is the way out, whoever ordered it (an unwind, a forced close). What of it is traded back,
    because the other leg could not follow, is the way out undone: what that cost stays in `left_cost`, and what the lot was
    entered at is what it was.
    """

    instrument: Instrument
    side: Side
    entered: Amount
    entered_cost: Amount
    left: Amount
    left_cost: Amount

    @classmethod
    def unfilled(cls, instrument: Instrument, side: Side) -> Self:
        """A leg before its first fill."""
        base, quote = Amount.zero(instrument.base), Amount.zero(instrument.quote)
        return cls(instrument, side, base, quote, base, quote)

    @property
    def open(self) -> Amount:
        """Base that is still to be brought back, signed."""
        return self.entered + self.left

    @property
    def result(self) -> Amount:
        """Quote earned, without fees, once nothing is open; before that, all that was taken in less all paid out."""
        return -(self.entered_cost + self.left_cost)

    def moved(self, base: Amount, cost: Amount) -> Self:
        """The leg after one more fill, or one lot's share of it. Errors: `MixedAssets` for another instrument's."""
        if not base.value:
            raise ValueError(f"nothing moved in {self.instrument.text()}")
        entered, paid, left, came = self.entered, self.entered_cost, self.left, self.left_cost
        if Side.of(base.value) is self.side and exact.absolute(base.value) > exact.absolute(left.value):
            entered, paid = entered + base, paid + cost
        else:
            left, came = left + base, came + cost
        return type(self)(self.instrument, self.side, entered, paid, left, came)

    def entry_price(self, step: Decimal, rounding: Rounding) -> Decimal:
        """The average price of the way in, rounded once to the caller's step: to be shown, not to be added up.

        Errors: decimal.DivisionByZero before the first fill.
        """
        return exact.divide(self.entered_cost.value, self.entered.value, step, rounding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One entry (a clip, a tier): its rules, its target, its legs, what it paid and received.

    `side` is the pair's own word for the way it was entered. Unit: target a ratio of the entry's notional, None for
    none; rates what each seat of rates said when it was opened, by the seat's name; fees and funding signed sums, one
    per asset, in the order of their names (fees + were paid, funding + came). coin_fees: what fees that were taken in a
    leg's own coin were worth, in its quote, each at the price of its own fill.
    """

    id: str
    pair: str
    tier: str | None
    side: str
    rules_digest: str
    target: Decimal | None
    opened_at_ns: int
    rates: tuple[tuple[str, Price], ...]
    legs: tuple[LotLeg, ...]
    fees: tuple[Amount, ...]
    funding: tuple[Amount, ...]
    coin_fees: tuple[Amount, ...] = ()

    def with_fill(
        self, instrument: Instrument, base: Amount, cost: Amount, fee: Amount, price: Price | None = None
    ) -> Self:
        """The lot after one fill of its own, or its share of one. `price`: the fill's, for a fee that is taken in base.

        Errors: LookupError for no leg of this lot.
        """
        if instrument not in (leg.instrument for leg in self.legs):
            raise LookupError(f"lot {self.id} has no leg in {instrument.text()}")
        legs = tuple(leg.moved(base, cost) if leg.instrument == instrument else leg for leg in self.legs)
        coins = self.coin_fees
        if price is not None and fee.asset == price.base:
            coins = _with(coins, fee.at(price))
        return replace(self, legs=legs, fees=_with(self.fees, fee), coin_fees=coins)

    @property
    def charged(self) -> tuple[Amount, ...]:
        """What the fees came to: those that were taken in a leg's coin in its quote, the others as they were paid.

        A coin that went as a fee is a cost at the price it was bought or sold at; what it is worth since is not the lot's.
        """
        if not self.coin_fees:
            return self.fees
        coins = {leg.instrument.base for leg in self.legs}
        return (*(fee for fee in self.fees if fee.asset not in coins), *self.coin_fees)

    def with_funding(self, received: Amount) -> Self:
        """The lot after its share of one settlement: below zero for what was paid."""
        return replace(self, funding=_with(self.funding, received))

    @property
    def flat(self) -> bool:
        """Whether nothing of it is open, on any leg. Edge: a lot that never filled is flat."""
        return not any(exact.add(leg.entered.value, leg.left.value) for leg in self.legs)


def _with(sums: tuple[Amount, ...], more: Amount) -> tuple[Amount, ...]:
    by_asset = {amount.asset: amount for amount in sums}
    by_asset[more.asset] = by_asset.get(more.asset, Amount.zero(more.asset)) + more
    return tuple(by_asset[asset] for asset in sorted(by_asset))
