"""What the accounts of a simulated run open with, and which coins of the owner's karb may sell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.exact import Rounding, divide
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.ports import Terms
from karb_core.rulebook.strategy_file import StrategyFile
from karb_core.rules.stock import Stock, Worth
from karb_core.venue.terms import VenueTerms

_STEP = Decimal(1).scaleb(-8)  # karb: constant because it is the finest step of a coin


@dataclass(frozen=True, slots=True)
class Opening:
    """`prices`: by instrument, what `worth ... at start` is bought at, and cut down to 1e-8; without one it is nothing."""

    file: StrategyFile
    terms: Terms
    prices: Mapping[Instrument, Decimal]

    def accounts(self) -> list[VenueTerms]:
        """One for each venue of a leg."""
        venues = dict.fromkeys(leg.venue for pair in self.terms.pairs.values() for leg in pair.legs)
        return [
            VenueTerms(
                venue=venue,
                opening=self._sums(venue, self.file.balances.get(venue, ())),
                facts={i: f for i, f in self.terms.facts.items() if i.venue == venue},
                leverage=self.terms.leverage[venue],
                taker_fee=self.terms.costs[venue],
            )
            for venue in venues
        ]

    def inventory(self) -> Holdings:
        """Holdings of nothing, and how far below nothing each coin may go."""
        lent = {venue: self._sums(venue, stocks) for venue, stocks in (self.file.inventory or {}).items()}
        return Holdings({Account(venue, asset): value for venue, of in lent.items() for asset, value in of.items()})

    def _sums(self, venue: str, stocks: Iterable[Stock]) -> dict[str, Decimal]:
        out: dict[str, Decimal] = {}
        for stock in stocks:
            asset, value = self._stock(venue, stock)
            out[asset] = out.get(asset, Decimal(0)) + value
        return out

    def _stock(self, venue: str, stock: Stock) -> tuple[str, Decimal]:
        if not isinstance(stock, Worth):
            return stock.asset, stock.value
        for instrument, price in self.prices.items():
            spot = self.terms.facts[instrument].kind is InstrumentKind.SPOT
            if instrument.venue == venue and instrument.base == stock.asset and spot:
                return stock.asset, divide(stock.value.value, price, _STEP, Rounding.FLOOR)
        return stock.asset, Decimal(0)
