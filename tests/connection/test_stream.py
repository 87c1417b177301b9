"""A stream is kept open in virtual time: over cuts, silence, a venue that stands still, and one that is gone for hours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from karb_core.connection.stream import Stream
from karb_core.connection.stream_settings import StreamSettings
from karb_core.domain.market import VenueState
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from tests.connection.memory import MemoryVenue

S = 1_000_000_000
START = 1_736_132_400 * S
SETTINGS = StreamSettings(
    idle=timedelta(seconds=60),
    stall=timedelta(seconds=60),
    back_off=timedelta(seconds=1),
    back_off_cap=timedelta(seconds=5),
    down_after=10,
    open_within=timedelta(seconds=5),
    ping=timedelta(seconds=30),
    ping_text="PING",
)


class Ear:
    """Hears the venue's time as a number of seconds; anything else is no market data."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.began = 0

    def asks(self) -> Sequence[str]:
        return ["books", "bars"]

    def opened(self, now_ns: int) -> None:
        self.began += 1

    def heard(self, message: bytes, now_ns: int) -> int | None:
        self.came.append(message)
        return int(message) * S if message.isdigit() else None


class Lived:
    def __init__(self) -> None:
        self.venue, self.ear = MemoryVenue(), Ear()
        self.told: list[tuple[VenueState, str]] = []
        self.clock = VirtualClock()
        self.stream = Stream(
            self.venue.opens, self.ear, lambda state, why: self.told.append((state, why)), self.clock.now_ns, SETTINGS,
            Random(1),
        )  # fmt: skip

    @property
    def states(self) -> list[VenueState]:
        return [state for state, _ in self.told]


def lived(body: Callable[[Lived], Awaitable[None]], hours: int = 24) -> None:
    async def whole() -> None:
        life = Lived()
        runs = asyncio.ensure_future(life.stream.run())
        try:
            await asyncio.sleep(0.01)
            await body(life)
            assert not runs.done()
        finally:
            runs.cancel()
            await asyncio.gather(runs, return_exceptions=True)

    run(whole(), START, START + hours * 3600 * S)


def test_each_connection_asks_for_everything_anew() -> None:
    async def body(life: Lived) -> None:
        for number in range(3):
            life.venue.line.tell(b"%d" % (number + 1))
            await asyncio.sleep(0.01)
            life.venue.line.cut()
            await asyncio.sleep(2)
        assert [line.said for line in life.venue.lines] == [["books", "bars"]] * 4
        assert life.ear.began == 4

    lived(body)


def test_it_is_up_at_the_first_data_degraded_when_cut_and_up_again() -> None:
    async def body(life: Lived) -> None:
        assert life.told == []
        life.venue.line.tell(b"1")
        await asyncio.sleep(0.01)
        life.venue.line.cut()
        await asyncio.sleep(2)
        life.venue.line.tell(b"2")
        await asyncio.sleep(0.01)
        assert life.told == [(VenueState.UP, ""), (VenueState.DEGRADED, "cut"), (VenueState.UP, "")]

    lived(body)


def test_sixty_seconds_without_a_message_begin_a_new_line() -> None:
    async def body(life: Lived) -> None:
        life.venue.line.tell(b"1")
        await asyncio.sleep(60)
        assert life.states == [VenueState.UP]
        await asyncio.sleep(0.1)
        assert life.told[-1] == (VenueState.DEGRADED, "nothing came")
        await asyncio.sleep(1)
        assert len(life.venue.lines) == 2

    lived(body)


def test_a_socket_that_answers_pings_and_whose_book_stands_still_is_given_up() -> None:
    async def body(life: Lived) -> None:
        for _ in range(69):
            if not life.venue.lines[0].ended:
                life.venue.lines[0].tell(b'{"status":"UP"}')
                life.venue.lines[0].tell(b"1")
            await asyncio.sleep(1)
        assert len(life.venue.lines) == 2
        assert (VenueState.DEGRADED, "its time stands still") in life.told

    lived(body)


def test_the_venue_sees_traffic_though_nothing_is_asked() -> None:
    async def body(life: Lived) -> None:
        for second in range(100):
            life.venue.line.tell(b"%d" % second)
            await asyncio.sleep(1)
        assert life.venue.line.said == ["books", "bars", "PING", "PING", "PING"]

    lived(body)


def test_after_ten_failures_in_a_row_it_is_down_once_and_attempts_go_on_at_the_cap_for_ever() -> None:
    async def body(life: Lived) -> None:
        life.venue.line.tell(b"1")
        await asyncio.sleep(0.01)
        life.venue.reachable = False
        life.venue.line.cut()
        await asyncio.sleep(12 * 3600)
        assert life.states == [VenueState.UP, VenueState.DEGRADED, VenueState.DOWN]
        waits = [b - a for a, b in pairwise(life.venue.tried_s)]
        assert all(2.5 <= wait <= 5 for wait in waits[10:])
        assert len(waits) > 12 * 3600 / 5

    lived(body)


def test_it_is_down_at_the_tenth_failure_and_not_at_the_ninth() -> None:
    async def body(life: Lived) -> None:
        life.venue.reachable = False
        life.venue.line.cut()
        while len(life.venue.tried_s) < 10:  # the cut and eight refusals after it
            assert VenueState.DOWN not in life.states
            await asyncio.sleep(0.1)
        assert life.states[-1] is VenueState.DOWN

    lived(body)


@pytest.mark.parametrize("gone", ["refused", "silent"])
def test_it_is_up_again_within_ten_seconds_once_the_venue_is_back(gone: str) -> None:
    async def body(life: Lived) -> None:
        life.venue.reachable, life.venue.hangs = gone != "refused", gone == "silent"
        life.venue.line.cut()
        await asyncio.sleep(7200)
        assert life.states[-1] is VenueState.DOWN
        life.venue.reachable, life.venue.hangs = True, False
        await asyncio.sleep(10)
        life.venue.line.tell(b"9")
        await asyncio.sleep(0.01)
        assert life.states[-1] is VenueState.UP
        life.venue.line.cut()
        await asyncio.sleep(1.01)
        assert len([line for line in life.venue.lines if not line.ended]) == 1, "its first failure again"

    lived(body)


def test_a_venue_that_opens_and_tells_nothing_is_down_too() -> None:
    async def body(life: Lived) -> None:
        await asyncio.sleep(1800)
        assert life.states == [VenueState.DEGRADED, VenueState.DOWN]
        assert len(life.venue.lines) > 10

    lived(body)


def test_an_attempt_that_hangs_is_one_that_failed() -> None:
    async def body(life: Lived) -> None:
        life.venue.hangs = True
        life.venue.line.cut()
        await asyncio.sleep(600)
        assert life.states == [VenueState.DEGRADED, VenueState.DOWN]
        life.venue.hangs = False
        opened = len(life.venue.lines)
        while len(life.venue.lines) == opened:
            await asyncio.sleep(0.1)
        life.venue.line.tell(b"1")
        await asyncio.sleep(0.01)
        assert life.states[-1] is VenueState.UP

    lived(body)


def test_a_machine_that_slept_begins_a_new_line_at_the_next_look() -> None:
    """What our clock says, not how many timers ran."""

    async def body(life: Lived) -> None:
        life.venue.line.tell(b"1")
        await asyncio.sleep(1)
        life.clock.jump(3600 * S)
        await asyncio.sleep(9)
        assert life.told[-1] == (VenueState.DEGRADED, "nothing came")

    lived(body)


def test_whoever_hears_better_gives_the_line_up() -> None:
    async def body(life: Lived) -> None:
        life.venue.line.tell(b"1")
        await asyncio.sleep(1)
        life.stream.give_up("it is not so")
        life.stream.give_up("again")
        await asyncio.sleep(2)
        assert life.told[-1] == (VenueState.DEGRADED, "it is not so")
        assert len(life.venue.lines) == 2

    lived(body)


def test_it_ends_within_a_second_and_gives_the_line_back() -> None:
    async def whole() -> None:
        life = Lived()
        runs = asyncio.ensure_future(life.stream.run())
        await asyncio.sleep(5)
        began_ns = life.clock.now_ns()
        runs.cancel()
        await asyncio.gather(runs, return_exceptions=True)
        assert life.clock.now_ns() - began_ns < S
        assert life.venue.lines[0].ended
        assert len(asyncio.all_tasks()) == 1

    run(whole(), START, START + 60 * S)
