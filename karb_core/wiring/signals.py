"""Ctrl-C and the system's request to end, heard by the event loop; also where a loop has no handlers for signals."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

_HEARD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def heard(then: Callable[[], None]) -> Iterator[None]:
    """`then` is called in the loop for each signal, until the block ends. Only in the main thread.

    Windows' loops take no handlers: there Python's own handler runs between two steps, and wakes the loop.
    """
    loop = asyncio.get_running_loop()
    before = {each: signal.getsignal(each) for each in _HEARD}
    try:
        for each in _HEARD:
            _hear(loop, each, then)
        yield
    finally:
        for each in _HEARD:
            _unhear(loop, each, before[each])


def _hear(loop: asyncio.AbstractEventLoop, each: signal.Signals, then: Callable[[], None]) -> None:
    def woken(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as Python calls it
        loop.call_soon_threadsafe(then)

    try:
        loop.add_signal_handler(each, then)
    except NotImplementedError:  # Windows' loops say so: Python's own handler is what they have
        signal.signal(each, woken)


def _unhear(loop: asyncio.AbstractEventLoop, each: signal.Signals, before: Any) -> None:
    with suppress(NotImplementedError):  # as above: nothing was given to such a loop, so nothing is taken back
        loop.remove_signal_handler(each)
    if before is not None:  # None was not set from Python, and cannot be set again
        signal.signal(each, before)
