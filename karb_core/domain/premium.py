"""The premium: what near costs above far in one asset. Only pairs and this file know near and far.

premium = near / (far * fx) - 1, with near and far in their own quotes and fx in quote of near per quote of far
(KRW per USD or per USDT, as the owner's file says; 1 where both legs have one quote). near and far may be prices, or
what equal amounts of base cost at depth: the premium is the same number.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price
from karb_core.domain.exact import Rounding
from karb_core.domain.market import Top
from karb_core.domain.orders import Side
from karb_core.domain.premium_units import ONE, PLACES, of_units, premium_units

_STEP = Decimal((0, (1,), -PLACES))
__all__ = [
    "ONE",
    "PLACES",
    "Crossing",
    "Direction",
    "Net",
    "Split",
    "entry_premium",
    "exit_premium",
    "net_money",
    "net_points",
    "of_units",
    "premium",
    "premium_units",
    "split",
]


class Direction(Enum):
    """long_premium: bought near and sold far, earns when the premium rises. short_premium: the reverse."""

    LONG = "long_premium"
    SHORT = "short_premium"

    @property
    def opposite(self) -> "Direction":
        return Direction.SHORT if self is Direction.LONG else Direction.LONG

    @property
    def sign(self) -> Decimal:
        """+1 for long, -1 for short."""
        return Decimal(1) if self is Direction.LONG else Decimal(-1)

    @property
    def near_side(self) -> Side:
        """What an entry does near; far it does the opposite."""
        return Side.BUY if self is Direction.LONG else Side.SELL


def premium(near: Decimal, far: Decimal, fx: Decimal) -> Decimal:
    """The premium as a ratio with eight decimals: 0.03100000 is 3.1 %. Errors: as `premium_units`."""
    return of_units(premium_units(near, far, fx))


def entry_premium(direction: Direction, near: Top, far: Top, fx: Decimal) -> Decimal:
    """The premium at the sides we would trade to get in: long buys the ask near and sells the bid far."""
    side = direction.near_side
    return premium(near.to(side), far.to(side.opposite), fx)


def exit_premium(direction: Direction, near: Top, far: Top, fx: Decimal) -> Decimal:
    """The premium at the sides we would trade to get out: those of an entry the other way."""
    return entry_premium(direction.opposite, near, far, fx)


@dataclass(frozen=True, slots=True)
class Net:
    """A result over the near notional at entry, kept as a fraction so that a bound is met exactly or not at all.

    Unit: a ratio, over / under. Errors: ValueError for an `under` that is not above zero.
    """

    over: Decimal
    under: Decimal

    def __post_init__(self) -> None:
        if not exact.finite(self.under) > 0 or not self.over.is_finite():
            raise ValueError(f"a result is measured over a notional above zero, not over {self.under}")

    def reaches(self, bound: Decimal) -> bool:
        """net >= bound: how targets are read. Edge: exactly the bound reaches it."""
        return self.over >= exact.mul(bound, self.under)

    def exceeds(self, bound: Decimal) -> bool:
        """net > bound: how `above zero` is read. Edge: exactly the bound does not."""
        return self.over > exact.mul(bound, self.under)

    def points(self) -> Decimal:
        """The ratio to 1e-8, half even: to be shown, never to be judged by."""
        return exact.divide(self.over, self.under, _STEP, Rounding.HALF_EVEN)


def net_points(
    direction: Direction,
    *,
    entered_at: Decimal,
    now_at: Decimal,
    fee: Decimal,
    funding: Decimal,
    near_notional: Decimal,
) -> Net:
    """Net in points of premium: d (p - e) / e - fee - fee p / e + funding / near notional at entry.

    Unit: entered_at and now_at are premiums (e - 1 and p - 1, executable), fee is both venues' rates added, funding
    what has been booked so far and near_notional the near leg at entry, both in the asset of near at the money rate.
    Edge: a fee of 0 gives gross, a funding of 0 leaves funding uncounted. Errors: ValueError for a premium of -1 or a
    notional that is not above zero. Source: our own; what the file's word `net` means.
    """
    if not near_notional > 0 or not entered_at > -1:
        raise ValueError(f"no net of an entry at {entered_at} over {near_notional}")
    e, p = exact.add(entered_at, Decimal(1)), exact.add(now_at, Decimal(1))
    earned = exact.mul(direction.sign, exact.sub(p, e))
    points = exact.sub(earned, exact.mul(fee, exact.add(e, p)))
    over = exact.add(exact.mul(points, near_notional), exact.mul(funding, e))
    return Net(over, exact.mul(e, near_notional))


def net_money(
    *,
    near_cash: Amount,
    far_result: Amount,
    funding: Amount,
    fees_paid: Amount,
    fees_to_leave: Amount,
    notional: Amount,
) -> Net:
    """Net in money over the near notional at entry, every amount already in the asset of near at the money rate.

    Unit: near_cash is what the near leg brought less what it cost, leaving included; fees are above zero.
    Errors: `MixedAssets` where one is in another asset. Source: our own; what the file's word `net` means.
    """
    result = near_cash + far_result + funding - fees_paid - fees_to_leave
    return Net(result.value, (Amount.zero(result.asset) + notional).value)


@dataclass(frozen=True, slots=True)
class Split:
    """Where the result of a round trip came from; the four parts sum to net to the last digit.

    Unit: the asset of near. fees is below zero where they were paid.
    """

    premium: Amount
    rate: Amount
    funding: Amount
    fees: Amount

    @property
    def net(self) -> Amount:
        return self.premium + self.rate + self.funding + self.fees


@dataclass(frozen=True, slots=True)
class Crossing:
    """Both legs at one end of a round trip.

    Unit: near and far are what the legs' base cost or brought, above zero, each in its own quote; money is what one
    quote of far fetches in the quote of near (1 where they are one asset).
    """

    near: Amount
    far: Amount
    money: Price

    @property
    def above(self) -> Amount:
        """far * money * premium without a division: near - far * money."""
        return self.near - self.far.at(self.money)


def split(direction: Direction, entered: Crossing, left: Crossing, *, funding: Amount, fees: Amount) -> Split:
    """The exact split of a round trip's result into premium, rate, funding and fees.

    With near n, far f, money rate U and f U pi = n - f U, for a long premium (the negative for a short one):
    (n1 - n0) - (f1 - f0) U1 = [f1 U1 pi1 - f0 U0 pi0] + f0 (U1 - U0).
    Unit: fees is what was paid, above zero, funding what was received, both in the asset of near.
    Errors: `MixedAssets` where an amount is in another asset. Source: our own; expand the right side.
    """
    by_premium = left.above - entered.above
    by_rate = entered.far.at(left.money) - entered.far.at(entered.money)
    sign = direction.sign
    return Split(premium=by_premium.times(sign), rate=by_rate.times(sign), funding=funding, fees=-fees)
