"""What a venue says of itself is asked for again and again: its clock as bounds that narrow, its warnings as they stand."""

from __future__ import annotations

import asyncio

from karb_core.connection.telling_of_venue import TellingOfVenue, VenueSaid
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Cautions, MarketEvent, VenueClock
from karb_core.domain.statement import VenueSilent
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run

S, MS = 1_000_000_000, 1_000_000
START = 1_795_237_200 * S
BTC = Instrument("upbit", "BTC", "KRW")


class Venue:
    """Its clock is `ahead_ns` ahead and is told to the second; an answer takes 40 ms. Each answer warns of the next flags."""

    def __init__(self, ahead_ns: int, *flags: tuple[str, ...] | None) -> None:
        self.ahead_ns, self.flags = ahead_ns, list(flags)

    async def __call__(self) -> VenueSaid:
        await asyncio.sleep(0.02)
        at_ns = VirtualClock().now_ns() + self.ahead_ns
        await asyncio.sleep(0.02)
        flags = self.flags.pop(0) if self.flags else ()
        if flags is None:
            raise VenueSilent("upbit", "/v1/market/all", "gone")
        return VenueSaid(at_ns // S * S, S, {BTC: flags})


def told(venue: Venue, answers: int) -> list[MarketEvent]:
    found: list[MarketEvent] = []

    async def whole() -> None:
        telling = TellingOfVenue("upbit", venue, found.append, VirtualClock().now_ns)
        for n in range(answers):
            await telling.once()
            await asyncio.sleep(0.3 + 0.07 * n)

    run(whole(), START, START + 3600 * S)
    return found


def test_the_offset_lies_within_what_is_told_and_that_narrows() -> None:
    clocks = [event for event in told(Venue(250 * MS), 12) if isinstance(event, VenueClock)]
    assert len(clocks) == 12
    assert all(each.least_ns <= 250 * MS <= each.most_ns for each in clocks)
    widths = [each.most_ns - each.least_ns for each in clocks]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > S
    assert widths[-1] < 300 * MS


def test_warnings_are_told_as_they_stand_and_their_end_too() -> None:
    found = [event for event in told(Venue(0, ("warning",), ()), 2) if isinstance(event, Cautions)]
    assert [(each.instrument, each.flags) for each in found] == [(BTC, ("warning",)), (BTC, ())]
    assert found[0].received_at_ns == START + 40 * MS


def test_while_the_venue_is_silent_nothing_is_told() -> None:
    found = told(Venue(0, None, ("warning",)), 2)
    assert [type(event).__name__ for event in found] == ["VenueClock", "Cautions"]


def test_it_is_asked_each_minute_until_it_is_cancelled() -> None:
    found: list[MarketEvent] = []

    async def whole() -> None:
        work = asyncio.ensure_future(TellingOfVenue("upbit", Venue(0), found.append, VirtualClock().now_ns).run())
        await asyncio.sleep(150)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    run(whole(), START, START + 3600 * S)
    assert [round((each.received_at_ns - START) / S) for each in found if isinstance(each, VenueClock)] == [0, 60, 120]
