"""Work of a library that blocks, in a thread that nobody waits for: neither the desk, nor the end of the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from karb_core.ports import NotTold

T = TypeVar("T")

_MOST = 3  # karb: constant because it bounds how many threads of one channel may hang


class Beside:
    """Daemon threads, one for each piece of work: asyncio's own would hold up the end of the process.

    Edge: work that is given up on goes on where it hangs; so many may, and then nothing is begun until one ends.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._alive: list[threading.Thread] = []

    async def does(self, work: Callable[[], T]) -> T:
        """What it returns or raises. Errors: `NotTold` where too much hangs already."""
        self._alive = [thread for thread in self._alive if thread.is_alive()]
        if len(self._alive) >= _MOST:
            raise NotTold(f"{_MOST} attempts hang still")
        loop = asyncio.get_running_loop()
        came: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                done = work()
            except BaseException as e:  # noqa: BLE001 - it is raised where it is waited for
                _hand(loop, came.set_exception, came, e)
            else:
                _hand(loop, came.set_result, came, done)

        thread = threading.Thread(target=run, name=self._name, daemon=True)
        self._alive.append(thread)
        thread.start()
        return await came


def _hand(loop: asyncio.AbstractEventLoop, gives: Callable[[T], None], came: asyncio.Future[Any], what: T) -> None:
    def give() -> None:
        if not came.done():
            gives(what)

    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(give)
