"""What a lot would bring if it were left now: at the sides we would trade, at the last rates known.

A lot's first leg is near, its second far, as its pair states them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact, premium
from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.market import FxRate, Top
from karb_core.domain.premium import Direction, Net


@dataclass(frozen=True, slots=True)
class Leaving:
    """The terms on which one lot could be left at one moment.

    tops: near, then far; rates: by seat, the last known; costs: taker fees by venue, as ratios.
    Edge: what cannot be computed (a leg that never filled, a rate, a price or a fee that is missing, a fee or a
    settlement in a third asset) is None, never a guess. A rate is taken as the owner's seat gives it: so many of
    near's quote for one of far's, also where a study books money at the dollar.
    """

    lot: Lot
    tops: tuple[Top, ...]
    rates: Mapping[str, FxRate]
    costs: Mapping[str, Decimal]

    @property
    def direction(self) -> Direction:
        return Direction(self.lot.side)

    def entered_at(self) -> Decimal | None:
        """The premium of the lot's entry fills at the `premium` rate of its entry."""
        near, far = self.lot.legs
        fx = self._entry_rate("premium")
        if fx is None or not near.entered.value or not far.entered.value:
            return None
        costs = exact.absolute(near.entered_cost.value), exact.absolute(far.entered_cost.value)
        sizes = exact.absolute(near.entered.value), exact.absolute(far.entered.value)
        if sizes[0] != sizes[1]:
            # prices, not costs: each cost is brought to the same amount of base
            costs = exact.mul(costs[0], sizes[1]), exact.mul(costs[1], sizes[0])
        return premium.premium(*costs, fx)

    def left_at(self) -> Decimal | None:
        """The premium at the sides we would trade to leave, at the `premium` rate now."""
        fx = rate_now(self.rates, "premium", *self._instruments())
        if fx is None or self._price(0) is None or self._price(1) is None:
            return None
        near, far = self.tops
        return premium.exit_premium(self.direction, near, far, fx)

    def net(self, by: str, *, fees: bool, funding: bool) -> Net | None:
        """`by` premium: in points of it; `by` krw: in near's quote at the `money` rate. Both over near at entry."""
        return self.points(fees=fees, funding=funding) if by == "premium" else self.money(fees=fees, funding=funding)

    def points(self, *, fees: bool, funding: bool) -> Net | None:
        """Net in points of premium; without fees it is gross, without funding that is left out."""
        entered, left = self.entered_at(), self.left_at()
        fee = self.fee() if fees else Decimal(0)
        came = self.in_near(self.lot.funding) if funding else self._nothing()
        if entered is None or left is None or fee is None or came is None:
            return None
        return premium.net_points(
            self.direction,
            entered_at=entered,
            now_at=left,
            fee=fee,
            funding=came.value,
            near_notional=exact.absolute(self.lot.legs[0].entered_cost.value),
        )

    def money(self, *, fees: bool, funding: bool) -> Net | None:
        """Net in near's quote: both legs brought back now, fees paid and fees of leaving, funding booked so far."""
        near, far = self._brought(0), self._brought(1)
        far_result = self.in_near((far,)) if far is not None else None
        came = self.in_near(self.lot.funding) if funding else self._nothing()
        paid = self.in_near(self.lot.charged) if fees else self._nothing()
        to_leave = self._fees_to_leave() if fees else self._nothing()
        notional = abs(self.lot.legs[0].entered_cost)
        if near is None or far_result is None or came is None or paid is None or to_leave is None or not notional.value:
            return None
        return premium.net_money(
            near_cash=near,
            far_result=far_result,
            funding=came,
            fees_paid=paid,
            fees_to_leave=to_leave,
            notional=notional,
        )

    def fee(self) -> Decimal | None:
        """Both venues' rates added."""
        total = Decimal(0)
        for instrument in self._instruments():
            rate = self.costs.get(instrument.venue)
            if rate is None:
                return None
            total = exact.add(total, rate)
        return total

    def in_near(self, amounts: Iterable[Amount]) -> Amount | None:
        """The sum in near's quote, what is in far's at the `money` rate now."""
        near, far = self._instruments()
        money = rate_now(self.rates, "money", near, far)
        total = self._nothing()
        for amount in amounts:
            if amount.asset == near.quote or not amount.value:
                total = Amount(exact.add(total.value, amount.value), near.quote)
            elif amount.asset == far.quote and money is not None:
                total = total + Amount(exact.mul(amount.value, money), near.quote)
            else:
                return None
        return total

    def _brought(self, at: int) -> Amount | None:
        """What a leg would have earned in its quote once it was left, without fees."""
        leg, price = self.lot.legs[at], self._price(at)
        if price is None or not leg.entered.value:
            return None
        return leg.result + leg.open.at(leg.instrument.price(price))

    def _fees_to_leave(self) -> Amount | None:
        near, far = self._fee_to_leave(0), self._fee_to_leave(1)
        return self.in_near((near, far)) if near is not None and far is not None else None

    def _fee_to_leave(self, at: int) -> Amount | None:
        leg, price = self.lot.legs[at], self._price(at)
        cost = self.costs.get(leg.instrument.venue)
        if price is None or cost is None:
            return None
        return abs(leg.open).at(leg.instrument.price(price)).times(cost)

    def _price(self, at: int) -> Decimal | None:
        """The price at which a leg would be left; None where the top has none, or is another instrument's."""
        leg = self.lot.legs[at]
        if at >= len(self.tops) or self.tops[at].instrument != leg.instrument:
            return None
        price = self.tops[at].to(leg.side.opposite)
        return price if price > 0 else None

    def _entry_rate(self, seat: str) -> Decimal | None:
        near, far = self._instruments()
        if near.quote == far.quote:
            return Decimal(1)
        price = dict(self.lot.rates).get(seat)
        return price.value if price is not None and price.quote == near.quote else None

    def _instruments(self) -> tuple[Instrument, Instrument]:
        near, far = self.lot.legs
        return near.instrument, far.instrument

    def _nothing(self) -> Amount:
        return Amount.zero(self.lot.legs[0].instrument.quote)


def rate_now(rates: Mapping[str, FxRate], seat: str, near: Instrument, far: Instrument) -> Decimal | None:
    """So many of near's quote for one of far's, as the seat says it now; 1 where both have one quote."""
    if near.quote == far.quote:
        return Decimal(1)
    rate = rates.get(seat)
    return rate.rate if rate is not None and rate.quote == near.quote and rate.rate > 0 else None
