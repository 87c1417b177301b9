"""An event loop whose time is virtual: when nothing is ready, it is at once the time of the next timer.

Nothing sleeps and nothing comes from outside, so the same coroutine does the same things in the same order. What
would wait for ever, or turn for ever while no time passes, ends with an error instead.
"""

from __future__ import annotations

import asyncio
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MOST_TURNS = 100_000  # karb: constant because it bounds a loop that stands still, and no order waits for it
#: Half a nanosecond: two times that differ are never one time.
_SAME_S = 5e-10  # karb: constant because it is finer than any time that is told


class WaitsForever(Exception):
    """Nothing is ready and no timer is set: in the world outside, this would hang."""


class TurnsForever(Exception):
    """So many turns of the loop passed while the time stood still: in the world outside, this would burn a core."""


class TimeIsUp(Exception):
    """The virtual time that was allowed has passed, and it is not done."""


def run(coro: Coroutine[Any, Any, T], start_ns: int, until_ns: int | None = None) -> T:
    """The result of the coroutine, begun at that time of UTC. Tasks it leaves behind are cancelled.

    `until_ns` is the last moment it may last, None for as long as it takes: what asks every second for ever never
    waits for ever. Errors: `WaitsForever`, `TurnsForever`, `TimeIsUp`, and whatever the coroutine raises.
    """
    loop = VirtualLoop(start_ns, until_ns)
    try:
        return loop.run_until_complete(coro)
    finally:
        try:
            _cancel_all(loop)
        finally:
            loop.close()


class VirtualLoop(BaseEventLoop):
    """`now_ns` is the time of the world; each venue's clock is right, and ours may be wrong (`VirtualClock`)."""

    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, start_ns: int, until_ns: int | None) -> None:
        super().__init__()
        self._start_ns = start_ns
        self._until_ns = until_ns
        self._now_s = 0.0
        self._turns = 0
        self._selector = self
        self._clock_resolution = _SAME_S

    def time(self) -> float:
        return self._now_s

    def now_ns(self) -> int:
        """Nanoseconds of UTC. Exact for hundred days of one run: beyond that a float second has no more digits."""
        return self._start_ns + round(self._now_s * _SECOND_NS)

    def call_at_ns(self, at_ns: int, callback: Callable[..., object], *args: Any) -> asyncio.TimerHandle:
        """Calls it then; what lies in the past is called at the next turn."""
        return self.call_at((at_ns - self._start_ns) / _SECOND_NS, callback, *args)

    def stall(self, until_ns: int) -> None:
        """The process does nothing until then: whatever was due meanwhile comes late, and all at once."""
        self._now_s = max(self._now_s, (until_ns - self._start_ns) / _SECOND_NS)

    def select(self, timeout: float | None) -> list[Any]:
        """What the loop asks between two turns, with the time it would wait."""
        if timeout is None:
            raise WaitsForever
        if timeout > 0:
            self._now_s = self._scheduled[0].when()
            self._turns = 0
            if self._until_ns is not None and self.now_ns() > self._until_ns:
                self._until_ns = None  # what it leaves behind may clean up
                raise TimeIsUp
        self._turns += 1
        if self._turns > _MOST_TURNS:
            raise TurnsForever
        return []

    def run_in_executor(self, executor: object, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # noqa: ARG002 - as asyncio calls it
        """Runs it here and now: a thread would bring a clock of its own."""
        done: asyncio.Future[Any] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as failed:  # noqa: BLE001 - handed on to whoever awaits it
            done.set_exception(failed)
        return done

    def _process_events(self, event_list: list[Any]) -> None:
        """Nothing comes from outside."""


def _cancel_all(loop: VirtualLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
