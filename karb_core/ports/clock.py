"""The clock: only wiring makes one, and hands it down."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Nanoseconds of UTC, and never back. In a backtest the events move it; live it is read from the machine once and
    goes on by the machine's steady clock, so that somebody who sets the time cannot lengthen a rule's.
    """

    def now_ns(self) -> int: ...

    async def sleep_until(self, at_ns: int | None) -> None:
        """Until then; None waits for whatever comes first, and returns at once where nothing can."""
        ...
