"""A market that is made up as time goes: prices that wander by ticks, books around them, prints between.

Nothing of it is meant to look like a real premium: it is there so that clients have something to read.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Depth, FundingRate, Level, Mark
from karb_core.domain.orders import Side
from karb_core.venue.refusals import is_margined
from karb_lab.tape import MINUTE_NS, Tape
from karb_lab.venue import Venue

_LEVELS = 40  # karb: constant because a made-up book is deeper than any list of a venue
_STRIDE = 3  # karb: constant because a made-up price moves by so many ticks at most
_PARTS = 1000
_FUNDED_NS = 480 * MINUTE_NS  # karb: constant because Binance's usual settlements are eight hours apart
_RATE = Decimal("0.0001")  # karb: constant because a made-up rate is one that is common

Leads = Callable[[int], Decimal]


class MadeUp:
    """One instrument. The same seed goes the same way. `leads`: what the price is at a time, None for one that wanders.

    Unit: price in quote per base; worth in quote, what a level holds at most. Edge: prices stay on ticks and above half
    of where they began.
    """

    def __init__(
        self, facts: InstrumentFacts, price: Decimal, worth: Decimal, seed: str, leads: Leads | None = None
    ) -> None:
        self._facts = facts
        self._floor = facts.floor_price(exact.divide(price, Decimal(2), facts.tick_at(price), Rounding.CEIL))
        self._price = facts.floor_price(price)
        self._worth = worth
        self._leads = leads
        self._drawn = Random(f"{seed} {facts.instrument.text()}")

    @property
    def instrument(self) -> Instrument:
        return self._facts.instrument

    def past(self, tape: Tape, until_ns: int, minutes: int) -> None:
        """What traded before: two prints in each minute, and in every thirteenth none, as quiet markets have it."""
        first_ns = until_ns - until_ns % MINUTE_NS - minutes * MINUTE_NS
        for minute in range(minutes):
            if minute % 13 == 0 and minute:  # karb: constant because only that there are gaps matters
                continue
            for part in range(2):
                self._wander()
                tape.add(self._price, self._amount(), self._side(), first_ns + minute * MINUTE_NS + part)

    def open(self, tape: Tape, now_ns: int) -> None:
        """The first print, so that there is a last price from the beginning on."""
        tape.add(self._price, self._amount(), self._side(), now_ns)

    def step(self, venue: Venue) -> None:
        """The price moves, and with it the book; then something trades at its best."""
        if self._leads is None:
            self._wander()
        self.quote(venue)
        side = self._side()
        offered = venue.market[self.instrument].offers.facing(side)
        if offered:
            venue.print(self.instrument, offered[0].price, min(self._amount(), offered[0].amount), side)

    def move(self, venue: Venue, price: Decimal) -> None:
        """The price is this one now, and the book around it. Errors: ValueError for one that is led."""
        if self._leads is not None:
            raise ValueError(f"{self.instrument.text()} is led by its premium")
        self._price = self._facts.floor_price(price)
        self.quote(venue)

    def quote(self, venue: Venue) -> None:
        """The asks begin a tick above the price, the bids at it."""
        now_ns = venue.clock.now_ns()
        if self._leads is not None:
            self._price = self._facts.floor_price(self._leads(now_ns))
        bids, asks = [], []
        bid, ask = self._price, self._above(self._price)
        for _ in range(_LEVELS):
            bids.append(Level(bid, self._amount()))
            asks.append(Level(ask, self._amount()))
            bid, ask = self._below(bid), self._above(ask)
        venue.quote(Depth(self.instrument, tuple(bids), tuple(asks), now_ns, now_ns))
        if is_margined(self._facts):
            venue.mark(Mark(self.instrument, self._price, None, now_ns, now_ns))
            self._fund(venue, now_ns)

    def _fund(self, venue: Venue, now_ns: int) -> None:
        """Settled every eight hours of UTC, always at the same rate."""
        coming = venue.market[self.instrument].funding
        if coming is not None and now_ns < coming.settles_at_ns:
            return
        if coming is not None:
            venue.settle(self.instrument, coming.rate)
        settles_ns = now_ns - now_ns % _FUNDED_NS + _FUNDED_NS
        venue.announce(FundingRate(self.instrument, _RATE, settles_ns, False, _FUNDED_NS, now_ns, now_ns))

    def _wander(self) -> None:
        for _ in range(self._drawn.randrange(_STRIDE + 1)):
            up = self._drawn.randrange(2) == 0 or self._price <= self._floor
            self._price = self._above(self._price) if up else self._below(self._price)

    def _above(self, price: Decimal) -> Decimal:
        return self._facts.ceil_price(exact.add(price, self._facts.tick_at(price)))

    def _below(self, price: Decimal) -> Decimal:
        return self._facts.floor_price(exact.sub(price, self._facts.tick_at(price)))

    def _amount(self) -> Decimal:
        worth = exact.mul(self._worth, Decimal(1 + self._drawn.randrange(_PARTS)))
        most = exact.mul(self._price, Decimal(_PARTS))
        amount = exact.divide(worth, most, self._facts.amount_step, Rounding.CEIL)
        return amount if self._facts.min_amount is None else max(amount, self._facts.min_amount)

    def _side(self) -> Side:
        return Side.BUY if self._drawn.randrange(2) else Side.SELL
