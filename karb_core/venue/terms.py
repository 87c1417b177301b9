"""What one simulated account starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind
from karb_core.domain.market import Level
from karb_core.domain.orders import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueTerms:
    """One venue: what the account opens with, what is traded there, its leverage and its fee.

    Unit: opening by asset in whole units; leverage a plain ratio, of perpetuals only (margin is isolated), `leverages`
    those of instruments that have one of their own; taker_fee a
    ratio of the notional, taken in quote; maker_fee likewise, of what rested, None where it is the taker's;
    fee_from_received: a spot purchase pays it in base, out of what it buys; booked_step: of the asset in which fees and
    settlements are booked, what is finer being cut off; None where every digit is.
    Errors: ValueError for an opening balance or fee below zero, a leverage not above zero, an instrument of another
    venue, and a perpetual whose margin is not its quote or whose maintenance tiers do not begin at zero or reach the
    whole notional: an unknown margin is never taken for zero.
    """

    venue: str
    opening: Mapping[str, Decimal]
    facts: Mapping[Instrument, InstrumentFacts]
    leverage: Decimal
    taker_fee: Decimal
    maker_fee: Decimal | None = None
    fee_from_received: bool = False
    leverages: Mapping[Instrument, Decimal] = field(default_factory=dict)
    booked_step: Decimal | None = None

    @property
    def fee_of_maker(self) -> Decimal:
        """What an order pays for what of it rested. Unit: a ratio of the notional, below zero for a rebate."""
        return self.taker_fee if self.maker_fee is None else self.maker_fee

    def booked(self, value: Decimal) -> Decimal:
        """What of a fee or a settlement the venue books, signed."""
        if self.booked_step is None:
            return value
        return exact.divide(value, Decimal(1), self.booked_step, Rounding.TOWARDS_ZERO)

    def fee_of(self, instrument: Instrument, side: Side, taken: Level, rate: Decimal) -> Amount:
        """What a trade pays, in the asset that it is taken from. Unit: `rate` a ratio of the notional."""
        if self._from_received(instrument, side):
            return Amount(self.booked(exact.mul(taken.amount, rate)), instrument.base)
        return Amount(self.booked(exact.mul(exact.mul(taken.amount, taken.price), rate)), instrument.quote)

    def taken_fee_of(self, instrument: Instrument, side: Side, taken: Level) -> Amount:
        """What a trade pays that did not rest."""
        return self.fee_of(instrument, side, taken, self.taker_fee)

    def fee_beside(self, instrument: Instrument, side: Side, cost: Decimal, rate: Decimal) -> Decimal:
        """What has to be there in quote for the fee, beside the cost itself."""
        # karb: constant because what is taken out of what comes needs nothing beside it
        return Decimal(0) if self._from_received(instrument, side) else exact.mul(cost, rate)

    def _from_received(self, instrument: Instrument, side: Side) -> bool:
        spot = self.facts[instrument].kind is InstrumentKind.SPOT
        return self.fee_from_received and spot and side is Side.BUY

    def leverage_of(self, instrument: Instrument) -> Decimal:
        return self.leverages.get(instrument, self.leverage)

    def __post_init__(self) -> None:
        if self.taker_fee < 0 or min(self.leverage, *self.leverages.values(), self.leverage) <= 0:
            raise ValueError(
                f"{self.venue}: no account has a fee of {self.taker_fee} and a leverage of {self.leverage}"
            )
        for asset, opening in self.opening.items():
            if opening < 0:
                raise ValueError(f"{self.venue} cannot open with {opening} {asset}")
        for instrument, facts in self.facts.items():
            self._check(instrument, facts)

    def _check(self, instrument: Instrument, facts: InstrumentFacts) -> None:
        if instrument.venue != self.venue or facts.instrument != instrument:
            raise ValueError(
                f"the facts of {facts.instrument.text()} are not those of {instrument.text()} at {self.venue}"
            )
        if facts.kind is not InstrumentKind.PERPETUAL:
            return
        if facts.margin_asset != instrument.quote:
            raise ValueError(
                f"{instrument.text()} has its margin in {facts.margin_asset}: only the quote is known here"
            )
        if not facts.maintenance or facts.maintenance[0].from_notional:
            raise ValueError(f"{instrument.text()}: the maintenance tiers must be known, from a notional of zero on")
        if any(not 0 <= tier.rate < 1 for tier in facts.maintenance):
            raise ValueError(f"{instrument.text()}: a maintenance margin is a part of the notional")
