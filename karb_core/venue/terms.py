"""What one simulated account starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueTerms:
    """One venue: what the account opens with, what is traded there, its leverage and its fee.

    Unit: opening by asset in whole units; leverage a plain ratio, of perpetuals only (margin is isolated), `leverages`
    those of instruments that have one of their own; taker_fee a
    ratio of the notional, taken in quote; maker_fee likewise, of what rested, None where it is the taker's.
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
    leverages: Mapping[Instrument, Decimal] = field(default_factory=dict)

    @property
    def fee_of_maker(self) -> Decimal:
        """What an order pays for what of it rested. Unit: a ratio of the notional, below zero for a rebate."""
        return self.taker_fee if self.maker_fee is None else self.maker_fee

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
