"""Facts are asked for by the schedule at a start, once where an order needs them, and then known."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from karb_core.connection.failures import NoAnswer
from karb_core.connection.known_facts import KnownFacts
from karb_core.connection.spot_facts import spot_facts
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.statement import VenueSilent
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.connection.orders_here import BTC, FACTS, order

START = 1_795_237_200_000_000_000


class Venue:
    def __init__(self, silent: int) -> None:
        self.silent, self.asked = silent, 0

    async def reads(self) -> Mapping[Instrument, InstrumentFacts]:
        self.asked += 1
        if self.asked <= self.silent:
            raise NoAnswer("no route")
        return {BTC: FACTS}


def test_at_a_start_it_is_asked_again_and_given_up_after_the_schedule() -> None:
    async def run() -> None:
        venue = Venue(5)
        assert await KnownFacts("somewhere", venue.reads, VirtualClock()).read() == {BTC: FACTS}
        assert venue.asked == 6
        dead = Venue(99)
        with pytest.raises(VenueSilent, match="somewhere did not answer"):
            await KnownFacts("somewhere", dead.reads, VirtualClock()).read()
        assert dead.asked == 6

    virtual_loop.run(run(), START)


def test_an_order_asks_once_where_nothing_is_known_and_never_after() -> None:
    async def run() -> None:
        venue = Venue(1)
        known = KnownFacts("somewhere", venue.reads, VirtualClock())
        with pytest.raises(VenueSilent):
            await known.of(order())
        assert venue.asked == 1
        for _ in range(3):
            assert await known.of(order()) == FACTS
        assert venue.asked == 2

    virtual_loop.run(run(), START)


def test_an_instrument_that_is_none_of_the_accounts_is_a_lookup_error() -> None:
    async def run() -> None:
        async def reads() -> Mapping[Instrument, InstrumentFacts]:
            return {Instrument("somewhere", "ETH", "KRW"): FACTS}

        with pytest.raises(LookupError):
            await KnownFacts("somewhere", reads, VirtualClock()).of(order())

    virtual_loop.run(run(), START)


def test_what_was_known_stays_known_while_the_venue_is_silent() -> None:
    async def run() -> None:
        venue = Venue(0)
        known = KnownFacts("somewhere", venue.reads, VirtualClock())
        await known.read()
        venue.silent = 99
        with pytest.raises(VenueSilent):
            await known.read()
        assert await known.of(order()) == FACTS

    virtual_loop.run(run(), START)


def test_spot_facts_have_no_margin_and_their_fees_where_somebody_told_them() -> None:
    fee = Decimal("0.0005")
    made = spot_facts(BTC, FACTS.ticks, FACTS.amount_step, FACTS.min_notional, 0, (fee, fee))
    assert made == FACTS
    assert spot_facts(BTC, FACTS.ticks, FACTS.amount_step, None, 0).taker_fee is None
