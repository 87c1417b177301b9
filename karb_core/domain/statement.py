"""What a venue states about an account: balances, positions, and what it paid or took beside fills."""

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument


class VenueSilent(Exception):
    """A question to a venue got no answer: what it would have stated is not known now. Ask again, assume nothing."""

    def __init__(self, venue: str, asked: str, why: str) -> None:
        super().__init__(f"{venue} did not answer ({asked}): {why}")
        self.venue = venue
        self.asked = asked
        self.why = why


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one asset at one venue: free to use, and locked in orders and margins. Unit: whole units of the asset."""

    free: Decimal
    locked: Decimal


@dataclass(frozen=True, slots=True)
class VenuePosition:
    """A perpetual position as the venue tells it: signed base, and the margin that is locked for it."""

    amount: Decimal
    margin: Decimal
    entry_price: Decimal
    liquidation_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Income:
    """What a venue paid or took beside fills (funding). Booked once by (venue, id)."""

    id: str
    kind: str
    instrument: Instrument
    received: Amount
    venue_at_ns: int
