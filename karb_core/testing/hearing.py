"""Runs what tells until it was heard to tell, and ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

E = TypeVar("E")

#: After so long something hangs. Nothing that works comes near it.
_HANGS_S = 20.0


@dataclass(slots=True)
class Heard(Generic[E]):
    """What was emitted up to now, and a way to wait for more."""

    events: list[E] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def emit(self, event: E) -> None:
        self.events.append(event)
        self._more.set()

    async def until(self, enough: Callable[[Sequence[E]], bool]) -> None:
        """Errors: AssertionError where it does not come."""
        while not enough(self.events):
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), _HANGS_S)
            except TimeoutError:
                raise AssertionError(f"nothing more came after {len(self.events)} events") from None


@dataclass(slots=True)
class SteadyClock:
    """A clock that is moved by hand: a step at each look."""

    at_ns: int
    step_ns: int = 1_000_000

    def now_ns(self) -> int:
        self.at_ns += self.step_ns
        return self.at_ns

    async def sleep_until(self, at_ns: int | None) -> None:
        self.at_ns = max(self.at_ns, at_ns or 0)
        await asyncio.sleep(0)


async def while_running(runs: Awaitable[Any], meanwhile: Awaitable[Any]) -> None:
    """Errors: AssertionError where it goes on after it was cancelled; whatever it raises by itself."""
    task = asyncio.ensure_future(runs)
    try:
        done = asyncio.ensure_future(meanwhile)
        await asyncio.wait({task, done}, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            done.cancel()
            task.result()
            raise AssertionError("`run` ended by itself: it goes on until it is cancelled")
        done.result()
    finally:
        task.cancel()
        ended, _ = await asyncio.wait({task}, timeout=_HANGS_S)
        assert ended, "`run` goes on after it was cancelled"
