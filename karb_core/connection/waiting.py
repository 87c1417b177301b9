"""Waiting by a clock that was handed in, so that virtual time passes here too."""

from __future__ import annotations

from typing import Protocol


class Waits(Protocol):
    """The part of the clock port that this room needs."""

    def now_ns(self) -> int: ...
    async def sleep_until(self, at_ns: int | None) -> None: ...


async def until(clock: Waits, at_ns: int) -> None:
    """Until then and no sooner: a sleep may end before its time."""
    while clock.now_ns() < at_ns:
        await clock.sleep_until(at_ns)
