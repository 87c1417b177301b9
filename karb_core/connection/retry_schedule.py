"""When a question is asked again. Only questions are: what changes something at a venue is sent once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from karb_core.connection.failures import Unanswered, VenueRejected
from karb_core.connection.waiting import Waits, until

T = TypeVar("T")

# karb: constant because it says how often a question is asked, never what follows from an answer
AGAIN_AFTER_S = (1, 2, 4, 8, 16)
_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds


async def asked_again(ask: Callable[[], Awaitable[T]], clock: Waits) -> T:
    """The first answer to a question without effect: `ask` builds and sends it anew each time.

    Errors: the last `Unanswered` when the schedule has ended; `VenueRejected` at once, unless it passes with time.
    """
    for after_s in AGAIN_AFTER_S:
        try:
            return await ask()
        except Unanswered:
            pass
        except VenueRejected as no:
            if not no.passes:
                raise
        await until(clock, clock.now_ns() + after_s * _SECOND_NS)
    return await ask()
