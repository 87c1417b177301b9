"""An event loop inside another one: it runs what is ready until nothing is, and gives the thread back.

It has no timers, no sockets and no threads of its own. Whatever its tasks wait for is handed in between two steps, so
what they do depends on nothing but what is handed in, and in which order.
"""

from __future__ import annotations

import asyncio
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable
from typing import Any, NoReturn

_MOST_TURNS = 100_000  # karb: constant because it bounds a loop that stands still, and no order waits for it

#: Work for another thread: what runs it (None for anybody), and the work.
HandsOut = Callable[[Any, Callable[[], Any]], "asyncio.Future[Any]"]


class TurnsForever(Exception):
    """So many turns of the loop passed in one step: it would never give the thread back."""


class SteppedLoop(BaseEventLoop):
    """`hands_out` has work done in another thread, and is told when it is made which future is waited on for it.

    Made, stepped and ended in one thread, inside a running loop or none.
    """

    def __init__(self, hands_out: HandsOut) -> None:
        super().__init__()
        self._hands_out = hands_out
        self._turns = 0
        self._selector = self

    def step(self, work: Callable[[], object]) -> None:
        """Does this, and everything that follows from it. Errors: what the work itself raises; `TurnsForever`."""
        failed: list[BaseException] = []

        def first() -> None:
            try:
                work()
            except Exception as e:  # noqa: BLE001 - handed on to whoever asked for this step
                failed.append(e)

        self.call_soon(first)
        self._settle()
        if failed:
            raise failed[0]

    def end(self) -> None:
        """Ends every task where it stands."""
        left = asyncio.all_tasks(self)
        for task in left:
            task.cancel()
        self._settle()
        self.close()

    def time(self) -> float:
        return 0.0

    def select(self, timeout: float | None) -> list[Any]:
        """What the loop asks between two turns. It would wait only when nothing is ready."""
        self._turns += 1
        if self._turns > _MOST_TURNS:
            raise TurnsForever
        if timeout != 0:
            self.stop()
        return []

    def call_at(self, *_: Any, **__: Any) -> NoReturn:  # type: ignore[override]
        """Errors: always, and so does `call_later`."""
        raise RuntimeError("no timer inside: whoever waits for a time asks the clock")

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        return self._hands_out(executor, lambda: func(*args))

    def _settle(self) -> None:
        self._turns = 0
        around = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            self.run_forever()
        finally:
            asyncio._set_running_loop(around)

    def _process_events(self, event_list: list[Any]) -> None:
        """Nothing comes from outside."""
