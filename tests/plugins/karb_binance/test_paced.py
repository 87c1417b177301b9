"""What a desk asks for every second, and Binance weighs: told again for a while, and anew after whatever was done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from karb_binance.lasting import Lasting
from karb_binance.limits import Limits
from karb_binance.paced import Paced

S = 1_000_000_000


@dataclass(frozen=True)
class At:
    venue_at_ns: int


class Venue:
    def __init__(self) -> None:
        self.now_ns, self.asked, self.rows = 100 * S, 0, [At(S), At(50 * S)]
        self.meanwhile = lambda: None

    async def since(self, at_ns: int) -> list[At]:
        self.asked += 1
        told = [row for row in self.rows if row.venue_at_ns >= at_ns]
        self.meanwhile()
        return told

    async def stands(self) -> int:
        self.asked += 1
        told = len(self.rows)
        self.meanwhile()
        return told


def test_a_listing_is_asked_for_once_in_its_time_and_tells_what_is_asked_for() -> None:
    async def scene() -> None:
        venue = Venue()
        paced = Paced(venue.since, 6 * S, lambda: venue.now_ns)
        assert await paced.since(0) == [At(S), At(50 * S)]
        venue.rows.append(At(101 * S))
        venue.now_ns += 6 * S - 1
        assert (await paced.since(2 * S), venue.asked) == ([At(50 * S)], 1)
        venue.now_ns += 1
        assert (await paced.since(2 * S), venue.asked) == ([At(50 * S), At(101 * S)], 2)
        assert (await paced.since(0), venue.asked) == ([At(S), At(50 * S), At(101 * S)], 3), "what lies before"
        paced.forget()
        assert (len(await paced.since(0)), venue.asked) == (3, 4)

    asyncio.run(scene())


def test_an_answer_from_before_something_was_done_is_told_to_nobody_after() -> None:
    async def scene() -> None:
        venue = Venue()
        paced, lasting = Paced(venue.since, S, lambda: venue.now_ns), Lasting(venue.stands, S, lambda: venue.now_ns)

        def traded() -> None:
            venue.meanwhile = lambda: None
            venue.rows.append(At(99 * S))
            paced.forget()
            lasting.forget()

        venue.meanwhile = traded
        assert (len(await paced.since(0)), len(await paced.since(0))) == (2, 3)
        venue.meanwhile = traded
        assert (await lasting.now(), await lasting.now(), await lasting.now()) == (3, 4, 4)

    asyncio.run(scene())


def test_a_desk_that_asks_for_ever_leaves_the_turns_that_an_order_needs() -> None:
    """Every second for ten minutes, of three markets, as the account paces it: no call waits, and facts are read at once."""
    limits, late = Limits(), 0
    for second in range(600):
        now_ns = second * S
        calls = [limits.income] * (2 * (second % 6 == 0)) + [limits.middle] * (2 * (second % 4 == 0))
        calls += [limits.middle] * (3 * (second % 3 == 0))
        for bucket in calls:
            late += bucket.free_at(now_ns, reduces=False) > now_ns
            bucket.take(now_ns)
        assert limits.heavy.free_at(now_ns, reduces=False) == now_ns
    assert late == 0
