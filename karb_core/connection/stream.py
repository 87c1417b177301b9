"""Keeps one stream of a venue open: connect, subscribe, receive, watch, and begin anew, for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Protocol

from karb_core.connection.back_off import BackOff
from karb_core.connection.stalled import Stalled
from karb_core.connection.stream_line import Line, LineBroke, OpensLine
from karb_core.connection.stream_settings import StreamSettings
from karb_core.domain.market import VenueState

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_JUST_AFTER_NS = 1_000_000  # karb: constant because a timer may ring this much early
_LOOKS = 8  # karb: constant because it says how often a clock is looked at that somebody may have set
_ENDS_S = 0.5  # karb: constant because a run that is cancelled ends within a second
_US = timedelta(microseconds=1)


class Hears(Protocol):
    """What a venue's adapter does with a stream.

    asks: what is said on each new connection, the whole subscription. opened: a new line is subscribed; nothing is known
    of what happened before. heard: one message, and when it reached us; the venue's own time in it, None where it is no
    market data. It does not raise: what cannot be read is the adapter's to count.
    """

    def asks(self) -> Sequence[str]: ...
    def opened(self, now_ns: int) -> None: ...
    def heard(self, message: bytes, now_ns: int) -> int | None: ...


#: The venue's state and why, told when it changes.
Tells = Callable[[VenueState, str], None]


@dataclass(slots=True)
class Stream:
    """`run` goes on until it is cancelled. A venue is up once market data came, degraded once the line broke, and down
    after so many failures in a row; a line that opens and tells nothing is a failure too. `now_ns` is our clock.
    """

    opens: OpensLine
    hears: Hears
    tells: Tells
    now_ns: Callable[[], int]
    settings: StreamSettings
    random: Random
    connections: int = field(init=False, default=0)
    _back_off: BackOff = field(init=False)
    _stalled: Stalled = field(init=False)
    _state: VenueState | None = field(init=False, default=None)
    _given_up: asyncio.Future[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        asked = self.settings
        first_s, most_s = asked.back_off.total_seconds(), asked.back_off_cap.total_seconds()
        self._back_off = BackOff(first_s, most_s, asked.down_after, self.random)
        self._stalled = Stalled(_ns(asked.idle), _ns(asked.stall))

    async def run(self) -> None:
        while True:
            try:
                await self._connected()
            except LineBroke as e:
                wait_s = self._back_off.failed()
                self._tell(VenueState.DOWN if self._back_off.down else VenueState.DEGRADED, str(e))
                await asyncio.sleep(wait_s)

    def give_up(self, why: str) -> None:
        """The line that is open, if one is, tells what is not so: a new one is opened."""
        if self._given_up is not None and not self._given_up.done():
            self._given_up.set_result(why)

    async def _connected(self) -> None:
        line = await self._opened()
        try:
            for text in self.hears.asks():
                await line.send(text)
            self.connections += 1
            now_ns = self.now_ns()
            self._stalled.opened(now_ns)
            self._given_up = asyncio.get_running_loop().create_future()
            self.hears.opened(now_ns)
            await _first_end(self._receive(line), self._watch(), self._ping(line), self._until(self._given_up))
        finally:
            await _within(line.end())

    async def _opened(self) -> Line:
        try:
            async with asyncio.timeout(self.settings.open_within.total_seconds()):
                return await self.opens()
        except TimeoutError as e:
            raise LineBroke("no connection in time") from e

    async def _receive(self, line: Line) -> None:
        while True:
            message = await line.receive()
            now_ns = self.now_ns()
            venue_ns = self.hears.heard(message, now_ns)
            self._stalled.heard(now_ns, venue_ns)
            if venue_ns is not None:
                self._back_off.answered()
                self._tell(VenueState.UP, "")

    async def _watch(self) -> None:
        """By the clock, in steps: a clock that was set, or a machine that slept, is seen at the next look."""
        every_s = min(self.settings.idle, self.settings.stall).total_seconds() / _LOOKS
        while (why := self._stalled.why(now_ns := self.now_ns())) is None:
            await asyncio.sleep(min(every_s, (self._stalled.due_ns() - now_ns + _JUST_AFTER_NS) / _SECOND))
        raise LineBroke(why)

    async def _until(self, given_up: asyncio.Future[str]) -> None:
        raise LineBroke(await given_up)

    async def _ping(self, line: Line) -> None:
        while True:
            await asyncio.sleep(self.settings.ping.total_seconds())
            if self.settings.ping_text is not None:
                await line.send(self.settings.ping_text)

    def _tell(self, state: VenueState, why: str) -> None:
        if state is not self._state:
            self._state = state
            self.tells(state, why)


async def _first_end(*work: Coroutine[Any, Any, None]) -> None:
    """None of them ends but by an error: the first one's ends them all."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _within(ending: Coroutine[Any, Any, None]) -> None:
    """Nobody waits for a venue that does not say goodbye."""
    try:
        async with asyncio.timeout(_ENDS_S):
            await ending
    except (TimeoutError, LineBroke):
        return


def _ns(length: timedelta) -> int:
    return length // _US * 1000
