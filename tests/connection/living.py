"""A feed that lives in virtual time while a test speaks for its venue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from karb_core.wiring.virtual_loop import run

L = TypeVar("L")
_SECOND = 1_000_000_000


def lives(
    make: Callable[[], L],
    runs: Callable[[L], Coroutine[Any, Any, None]],
    body: Callable[[L], Awaitable[None]],
    start_ns: int,
    hours: int,
) -> None:
    """Runs until the body ends; what breaks in it, or is left behind, fails."""

    async def whole() -> None:
        life = make()
        running = asyncio.ensure_future(runs(life))
        try:
            await asyncio.sleep(0.01)
            await body(life)
            assert not running.done(), running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert len(asyncio.all_tasks()) == 1, "it left something behind"

    run(whole(), start_ns, start_ns + hours * 3600 * _SECOND)
