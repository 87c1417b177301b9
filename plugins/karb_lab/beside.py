"""A lab on a thread of its own beside whoever uses it: it ends with the block, and with the process whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar

from karb_core.ports import Clock
from karb_lab.lab import Lab

T = TypeVar("T")

STEP_NS = 500_000_000  # karb: constant because a made-up market is told twice a second
_LIMIT_S = 60.0  # karb: constant because it bounds how long a lab takes to open and to close


@contextmanager
def beside(clock: Callable[[], Clock], makes: Callable[[Clock], Lab]) -> Iterator[Lab]:
    """`clock` and `makes` are called on that thread. Errors: theirs, and OSError for a port that is taken."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="lab", daemon=True)
    thread.start()

    def done(work: Awaitable[T]) -> T:
        async def whole() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(whole(), loop).result(_LIMIT_S)

    try:
        lab, living = done(_opened(clock, makes))
        try:
            yield lab
        finally:
            done(_ended(lab, living))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _opened(clock: Callable[[], Clock], makes: Callable[[Clock], Lab]) -> tuple[Lab, asyncio.Future[None]]:
    ticks = clock()
    lab = makes(ticks)
    await lab.start()
    return lab, asyncio.ensure_future(stepping(lab, ticks))


async def stepping(lab: Lab, clock: Clock) -> None:
    """The market goes on until it is cancelled."""
    while True:
        await clock.sleep_until(clock.now_ns() + STEP_NS)
        lab.step()


async def _ended(lab: Lab, living: asyncio.Future[None]) -> None:
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)
    await lab.stop()
