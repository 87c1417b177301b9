"""Questions are asked again after 1, 2, 4, 8 and 16 seconds; a no is taken for a no."""

from __future__ import annotations

import pytest

from karb_core.connection.failures import NoAnswer, NothingSent, Unanswered, VenueRejected
from karb_core.connection.retry_schedule import asked_again
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock

SECOND = 1_000_000_000


async def _asking(*fails: Exception, wakes: bool = False) -> tuple[str, list[int]]:
    """What came of it, and at which seconds it was asked."""
    clock, times, left = VirtualClock(), list[int](), list(fails)

    async def ask() -> str:
        times.append(clock.now_ns() // SECOND)
        if wakes:
            clock.wake()  # something else came: whoever sleeps is woken before its time
        if left:
            raise left.pop(0)
        return "answered"

    try:
        return await asked_again(ask, clock), times
    except (Unanswered, VenueRejected) as e:
        return str(e), times


def asking(*fails: Exception, wakes: bool = False) -> tuple[str, list[int]]:
    return virtual_loop.run(_asking(*fails, wakes=wakes), 0)


def test_an_answer_is_enough() -> None:
    assert asking() == ("answered", [0])


@pytest.mark.parametrize("wakes", [False, True])
def test_silence_is_asked_again_five_times(wakes: bool) -> None:
    fails = [NoAnswer("no answer"), NothingSent("no connection")] * 2
    assert asking(*fails, NoAnswer("last"), wakes=wakes) == ("answered", [0, 1, 3, 7, 15, 31])
    assert asking(*fails, NoAnswer("x"), NoAnswer("still nothing"), wakes=wakes) == (
        "still nothing",
        [0, 1, 3, 7, 15, 31],
    )


def test_a_no_is_not_asked_again() -> None:
    told, times = asking(VenueRejected(401, "invalid_access_key", "no"))
    assert (told, times) == ("invalid_access_key: no (HTTP 401)", [0])


def test_a_no_that_passes_is() -> None:
    assert asking(VenueRejected(429, "too_many_requests", "wait")) == ("answered", [0, 1])
