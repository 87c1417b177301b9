"""What venues tell us: one frozen event per message, with the venue's clock and ours.

Times are nanoseconds of UTC since 1970: `venue_at_ns` by the source, `received_at_ns` by us. Prices are plain decimals
in quote per base of the event's instrument, amounts in base.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from karb_core.domain import exact
from karb_core.domain.amount import Price
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Side

_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Top:
    """Best bid and ask with their amounts. Edge: a locked or crossed top is kept as told; `sound` says so."""

    instrument: Instrument
    bid: Decimal
    bid_amount: Decimal
    ask: Decimal
    ask_amount: Decimal
    venue_at_ns: int
    received_at_ns: int

    def to(self, side: Side) -> Decimal:
        """The price at which we would trade: the ask to buy, the bid to sell."""
        return self.ask if side is Side.BUY else self.bid

    @property
    def sound(self) -> bool:
        """Whether both sides are there and the bid lies below the ask."""
        return 0 < self.bid < self.ask and self.bid_amount > 0 and self.ask_amount > 0

    @property
    def mid(self) -> Decimal:
        """Half way between bid and ask, exact."""
        return exact.mul(exact.add(self.bid, self.ask), _HALF)


class Level(NamedTuple):
    """So much of base is offered at one price."""

    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Depth:
    """Both sides of a book, the best level first."""

    instrument: Instrument
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    venue_at_ns: int
    received_at_ns: int

    def cost(self, side: Side, amount: Decimal) -> Decimal | None:
        """Quote that this amount of base costs, or brings, on the side we would trade; None if the book is too thin.

        Unit: quote, exact: the average price is this over the amount, and needs no division to form a premium.
        """
        total, left = Decimal(0), amount
        for level in self._facing(side):
            taken = min(left, level.amount)
            total = exact.add(total, exact.mul(taken, level.price))
            left = exact.sub(left, taken)
            if left <= 0:
                return total
        return None if left > 0 else total

    def within(self, side: Side, limit: Decimal) -> Decimal:
        """Base that is offered to us at the limit or better. Edge: exactly the limit counts."""
        total = Decimal(0)
        for level in self._facing(side):
            if (level.price > limit) if side is Side.BUY else (level.price < limit):
                break
            total = exact.add(total, level.amount)
        return total

    def top(self) -> Top | None:
        """The best level of both sides; None when a side is empty."""
        if not self.bids or not self.asks:
            return None
        bid, ask = self.bids[0], self.asks[0]
        return Top(self.instrument, bid.price, bid.amount, ask.price, ask.amount, self.venue_at_ns, self.received_at_ns)

    def _facing(self, side: Side) -> tuple[Level, ...]:
        return self.asks if side is Side.BUY else self.bids


@dataclass(frozen=True, slots=True)
class Bar:
    """A closed bar: what traded from start_ns (inclusive) to end_ns (exclusive).

    Unit: volume in base. Edge: volume 0 is a bar in which nothing traded, all four prices the last close before it.
    `end_ns` is the bar's `venue_at_ns`: nothing may look at it earlier.
    """

    instrument: Instrument
    start_ns: int
    end_ns: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    received_at_ns: int

    @property
    def venue_at_ns(self) -> int:
        return self.end_ns


class FxKind(Enum):
    """base: a bank's base rate. mid: between bid and ask. reference: a fixing. market: last trade of the currency.
    tether: what a venue pays for a dollar token."""

    BASE = "base"
    MID = "mid"
    REFERENCE = "reference"
    MARKET = "market"
    TETHER = "tether"


@dataclass(frozen=True, slots=True)
class FxRate:
    """So much of `quote` for one `base`, of which source, by which reading, observed when by that source."""

    base: str
    quote: str
    rate: Decimal
    source: str
    kind: FxKind
    venue_at_ns: int
    received_at_ns: int

    @property
    def price(self) -> Price:
        """The rate as a price, which knows both its assets. Errors: ValueError for a rate not above zero."""
        return Price(self.rate, self.base, self.quote)


@dataclass(frozen=True, slots=True)
class FundingRate:
    """What one settlement of a perpetual costs.

    Unit: a ratio of the notional at the mark; above zero the long pays the short. `settled` is False while the rate is
    only announced for `settles_at_ns`. `interval_ns` is the time between settlements that the venue states, which may
    change from one to the next; None where it states none.
    """

    instrument: Instrument
    rate: Decimal
    settles_at_ns: int
    settled: bool
    interval_ns: int | None
    venue_at_ns: int
    received_at_ns: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The price at which a venue values positions, and the index under it where it is told."""

    instrument: Instrument
    price: Decimal
    index: Decimal | None
    venue_at_ns: int
    received_at_ns: int


class VenueState(Enum):
    """up; degraded: answers, but not all of it can be relied on; down."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class VenueStatus:
    """Whether a venue, or one instrument of it, can be traded; `note` is the venue's own words."""

    venue: str
    instrument: Instrument | None
    state: VenueState
    note: str
    venue_at_ns: int
    received_at_ns: int


@dataclass(frozen=True, slots=True)
class VenueClock:
    """By how much a venue's clock is ahead of ours: no less and no more than this. Unit: ns, theirs minus ours."""

    venue: str
    least_ns: int
    most_ns: int
    venue_at_ns: int
    received_at_ns: int


@dataclass(frozen=True, slots=True)
class Cautions:
    """What a venue warns of about one market now, in its own words; empty where it warns of nothing."""

    instrument: Instrument
    flags: tuple[str, ...]
    venue_at_ns: int
    received_at_ns: int


MarketEvent = Top | Depth | Bar | FxRate | FundingRate | Mark | VenueStatus | VenueClock | Cautions
