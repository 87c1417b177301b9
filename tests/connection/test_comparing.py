"""A market that is silent while others are not: its line is given up where REST's book went on, and not where it is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest

from karb_core.connection.comparing import Comparing
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level
from karb_core.domain.statement import VenueSilent
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.connection.orders_here import BTC

S = 1_000_000_000
START = 1_795_237_200 * S


def book(bids: Sequence[int], at_s: int = 0) -> Depth:
    levels = tuple(Level(Decimal(bid), Decimal(1)) for bid in bids)
    return Depth(BTC, levels, (Level(Decimal(99), Decimal(1)),), START + at_s * S, START + at_s * S)


@dataclass
class Heard:
    instruments: Sequence[Instrument] = (BTC,)
    books: dict[Instrument, Depth] = field(default_factory=lambda: {BTC: book([9, 8])})
    since_ns: int | None = START


def given_up(heard: Heard, there: Depth | None, seconds: float) -> list[str]:
    """What was given up within so many seconds of silence, where REST tells this book, or nothing."""

    async def books(wanted: Sequence[Instrument], received_at_ns: int) -> Mapping[Instrument, Depth]:
        if there is None:
            raise VenueSilent("somewhere", "/book", "no route")
        return {BTC: there}

    async def run() -> list[str]:
        found: list[str] = []
        clock = VirtualClock()
        comparing = Comparing(heard, books, clock.now_ns, timedelta(seconds=60), found.append)
        task = asyncio.ensure_future(comparing.run())
        await asyncio.sleep(seconds)
        task.cancel()
        return found

    return virtual_loop.run(run(), START)


def test_a_book_that_went_on_at_the_venue_gives_the_line_up_after_the_bound() -> None:
    assert given_up(Heard(), book([10, 8], at_s=50), 60) == []
    assert given_up(Heard(), book([10, 8], at_s=50), 90) == ["somewhere BTC/KRW is told no more"]


@pytest.mark.parametrize(
    "there", [book([9, 8], at_s=70), book([9, 8, 7, 6], at_s=70), book([9], at_s=70), book([10], at_s=-1), None]
)
def test_a_quiet_book_is_quiet_whatever_its_time_and_however_many_levels_rest_tells(there: Depth | None) -> None:
    assert given_up(Heard(), there, 300) == []


def test_a_market_of_which_nothing_ever_came_is_told_no_more_where_rest_has_a_book() -> None:
    assert given_up(Heard(books={}), book([9]), 90) != []
    assert given_up(Heard(books={BTC: book([])}), book([9], at_s=9), 90) != []


def test_before_a_line_is_open_nothing_is_compared() -> None:
    assert given_up(Heard(since_ns=None), book([10], at_s=70), 300) == []
