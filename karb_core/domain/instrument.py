"""What is traded where, and what its venue asks of an order: facts read from the venue, never constants."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import Self

from karb_core.domain import exact
from karb_core.domain.amount import Amount, Price


@dataclass(frozen=True, slots=True, order=True)
class Instrument:
    """One market at one venue, in our terms; the venue's own spelling stays in its adapter.

    Shape: `upbit BTC/ETH` is BTC priced in ETH at upbit. Errors: ValueError for a name that the text form could
    not carry.
    """

    venue: str
    base: str
    quote: str

    def __post_init__(self) -> None:
        for name in (self.venue, self.base, self.quote):
            if not name or not name.isascii() or any(mark.isspace() or mark in "/:" for mark in name):
                raise ValueError(f"{name!r} is not the name of a venue or an asset")

    @classmethod
    def read(cls, written: str) -> Self:
        """The instrument that `text` wrote. Errors: ValueError for any other writing."""
        venue, space, market = written.partition(" ")
        base, slash, quote = market.partition("/")
        if not space or not slash:
            raise ValueError(f"{written!r} is not an instrument: write it as `upbit BTC/ETH`")
        return cls(venue, base, quote)

    def text(self) -> str:
        return f"{self.venue} {self.base}/{self.quote}"

    __str__ = text

    def amount(self, value: Decimal) -> Amount:
        """So much of the base."""
        return Amount(value, self.base)

    def price(self, value: Decimal) -> Price:
        """So much of the quote for one base."""
        return Price(value, self.base, self.quote)


class InstrumentKind(Enum):
    """spot: assets change hands. perpetual: a signed position on margin, with funding and no end."""

    SPOT = "spot"
    PERPETUAL = "perpetual"


@dataclass(frozen=True, slots=True)
class TickBand:
    """Prices from `from_price` (inclusive) up to the next band move in steps of `tick`. Unit: quote per base."""

    from_price: Decimal
    tick: Decimal


@dataclass(frozen=True, slots=True)
class MaintenanceTier:
    """From `from_notional` (inclusive) on, maintenance margin is notional * rate - deduction.

    Unit: notional and deduction in the margin asset, rate a ratio.
    """

    from_notional: Decimal
    rate: Decimal
    deduction: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentFacts:
    """What a venue states about one instrument, from `valid_from_ns` until the next facts.

    Unit: amounts in base, prices and notionals in quote per the venue's own page, fees as ratios of the notional,
    time in nanoseconds of UTC since 1970. `multiplier` is how many base one contract of the venue stands for; all
    amounts here are in base already. Edge: None means that the venue sets no such bound or does not say.
    Errors: ValueError for ticks or tiers that are empty, unsorted or not above zero.
    """

    instrument: Instrument
    kind: InstrumentKind
    ticks: tuple[TickBand, ...]
    amount_step: Decimal
    min_amount: Decimal | None
    max_amount: Decimal | None
    min_notional: Decimal | None
    margin_asset: str | None
    multiplier: Decimal
    maintenance: tuple[MaintenanceTier, ...]
    taker_fee: Decimal | None
    maker_fee: Decimal | None
    valid_from_ns: int

    def __post_init__(self) -> None:
        if not self.ticks or any(band.tick <= 0 for band in self.ticks) or self.amount_step <= 0:
            raise ValueError(f"{self.instrument}: ticks and the amount step must be given and above zero")
        if self.multiplier <= 0:
            raise ValueError(f"{self.instrument}: the multiplier must be above zero")
        _need_rising(self.instrument, [band.from_price for band in self.ticks])
        _need_rising(self.instrument, [tier.from_notional for tier in self.maintenance])
        if (self.kind is InstrumentKind.PERPETUAL) != (self.margin_asset is not None):
            raise ValueError(f"{self.instrument}: a perpetual, and nothing else, has a margin asset")

    def tick_at(self, price: Decimal) -> Decimal:
        """The step of prices at this price. Errors: ValueError below the first band."""
        return self.ticks[self._band(price)].tick

    def floor_price(self, price: Decimal) -> Decimal:
        """The greatest price above zero that the venue takes and that is not above this one.

        Edge: a band that does not start on a multiple of its own tick is stepped over downwards.
        Errors: ValueError when there is none.
        """
        at = self._band(price)
        found = exact.floor_to(price, self.ticks[at].tick)
        while found < self.ticks[at].from_price and at > 0:
            end, at = self.ticks[at].from_price, at - 1
            found = exact.sub(exact.ceil_to(end, self.ticks[at].tick), self.ticks[at].tick)
        if found <= 0 or found < self.ticks[at].from_price:
            raise ValueError(f"{self.instrument} takes no price at or below {price}")
        return found

    def ceil_price(self, price: Decimal) -> Decimal:
        """The least price that the venue takes and that is not below this one. Edge: steps into the next band."""
        at = self._band(price)
        found = exact.ceil_to(price, self.ticks[at].tick)
        while at + 1 < len(self.ticks) and found >= self.ticks[at + 1].from_price:
            at += 1
            found = exact.ceil_to(self.ticks[at].from_price, self.ticks[at].tick)
        return found

    def floor_amount(self, amount: Decimal) -> Decimal:
        """The greatest amount in steps that is not above this one: an amount is never rounded up."""
        return exact.floor_to(amount, self.amount_step)

    def unfit(self, amount: Decimal, price: Decimal, *, reduces: bool = False) -> str | None:
        """The first fact that an order of this amount at this price breaks, by its field name; None if it fits.

        `reduces`: it only brings our position nearer to nothing. Edge: exactly a minimum or maximum fits; a way out of a
        perpetual has no least notional. Source: Binance, filters of USD-M futures.
        """
        if amount <= 0 or self.floor_amount(amount) != amount:
            return "amount_step"
        size = self.beyond_sizes(amount, price, reduces=reduces)
        if size != "min_notional" and size is not None:
            return size
        if price <= 0 or exact.floor_to(price, self.tick_at(price)) != price:
            return "ticks"
        return size

    def beyond_sizes(self, amount: Decimal, price: Decimal, *, reduces: bool = False) -> str | None:
        """As `unfit`, of an amount in steps and a price on a tick: the bound of sizes that it breaks."""
        notional = None if reduces and self.margin_asset is not None else self.min_notional
        if self.min_amount is not None and amount < self.min_amount:
            return "min_amount"
        if self.max_amount is not None and amount > self.max_amount:
            return "max_amount"
        return "min_notional" if notional is not None and exact.mul(amount, price) < notional else None

    def maintenance_of(self, notional: Decimal) -> Decimal:
        """Maintenance margin of a position of this notional. Unit: margin asset.

        Errors: LookupError when no tier is known for it: an unknown margin is never taken for zero.
        """
        tier = next((tier for tier in reversed(self.maintenance) if tier.from_notional <= notional), None)
        if tier is None:
            raise LookupError(f"{self.instrument}: no maintenance tier is known for {notional}")
        return exact.sub(exact.mul(notional, tier.rate), tier.deduction)

    def _band(self, price: Decimal) -> int:
        for at in range(len(self.ticks) - 1, -1, -1):
            if self.ticks[at].from_price <= price:
                return at
        raise ValueError(f"{self.instrument} has no prices at {price}")


def _need_rising(instrument: Instrument, bounds: list[Decimal]) -> None:
    if any(bound < 0 for bound in bounds) or any(b <= a for a, b in pairwise(bounds)):
        raise ValueError(f"{instrument}: bands and tiers must rise from zero")
