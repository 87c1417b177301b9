"""What a simulated venue asks of bars, and what the wiring of a run over bars asks of a simulated venue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.domain.orders import Side
from karb_core.venue.book import VenueBook
from karb_core.venue.terms import VenueTerms


class BarMarket(Protocol):
    """Bars, marks and funding by instrument, each question answered for one time.

    Unit: nanoseconds of UTC since 1970; prices in quote per base, volume in base, rates as ratios: exact. None where
    there is no such bar or settlement. Errors: KeyError for an instrument that the market does not have.

    opens_together: whether every instrument that is traded together with this one has a bar that opens then.
    grid_from: the first time at or after, at which a bar of the instrument may open, whether one is there or not.
    mark_at: the mark price known at a time. next_funding: the first settlement after a time.
    first_crossing: when the first mark bar closes whose high (rising) or low reaches the price, of those that open
    at or after `opened_from_ns` and close after `after_ns` and not after `until_ns`; may come early by the last bit of
    a float, never late. extreme: the high (rising) or low of the mark bar that closes then, if it opens at or after
    `opened_from_ns`.
    """

    def open_at(self, instrument: Instrument, at_ns: int) -> Decimal | None: ...
    def close_at(self, instrument: Instrument, closed_at_ns: int) -> Decimal | None: ...
    def volume_at(self, instrument: Instrument, closed_at_ns: int) -> Decimal | None: ...
    def opens_together(self, instrument: Instrument, at_ns: int) -> bool: ...
    def grid_from(self, instrument: Instrument, at_ns: int) -> int: ...
    def mark_at(self, instrument: Instrument, at_ns: int) -> Decimal | None: ...
    def next_funding(self, instrument: Instrument, after_ns: int) -> int | None: ...
    def funding_at(self, instrument: Instrument, at_ns: int) -> Decimal | None: ...
    def first_crossing(
        self,
        instrument: Instrument,
        price: Decimal,
        *,
        rising: bool,
        opened_from_ns: int,
        after_ns: int,
        until_ns: int | None,
    ) -> int | None: ...
    def extreme(
        self, instrument: Instrument, closed_at_ns: int, *, rising: bool, opened_from_ns: int
    ) -> Decimal | None: ...


class BarVenues(Protocol):
    """Simulated venues that are open: beside the executor port, what only the wiring of a run over bars calls.

    at: what time it is; every order is placed then. next_wake: the first time after a time, and not
    after `until_ns`, at which a venue does something by itself; None where there is none. wake: lets it, at exactly that time; a second time does nothing.
    Wakes of a time go before the orders of that time. sides: the prices of one side of
    `top` for a column of closes, as floats.
    """

    @property
    def books(self) -> Mapping[str, VenueBook]: ...
    def at(self, now_ns: int) -> None: ...
    def top(self, instrument: Instrument, close: Decimal, at_ns: int) -> Top: ...
    def sides(self, closes: Any, side: Side) -> Any: ...
    def next_wake(self, after_ns: int, until_ns: int | None = None) -> int | None: ...
    def wake(self, at_ns: int) -> None: ...


@runtime_checkable
class WholeAtOpens(Protocol):
    """Simulated venues that can say whether each order they take fills whole, at once, at the side of `top` for the open
    of the bar that opens when it is placed, and ends unfilled where an instrument that is traded together has none."""

    def whole_at_opens(self) -> bool: ...


@runtime_checkable
class OpensOverBars(Protocol):
    """A component of the executor port that can be furnished with bars."""

    def open_market(self, market: BarMarket, accounts: Sequence[VenueTerms]) -> BarVenues: ...
