"""A run that something breaks off says so in its ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from karb_core.errors import LedgerUnusable

#: Somebody ended it: by a key, or by closing what it was printing to.
_INTERRUPTS = (KeyboardInterrupt, asyncio.CancelledError, BrokenPipeError)


class _Ends(Protocol):
    def end(self, how: str, at_ns: int) -> None: ...


@contextmanager
def breaking_off(run: _Ends, now: Callable[[], int]) -> Iterator[None]:
    """Writes what waits, and `interrupted` or `failed`, if the block does not come to its end.

    Unit: `now` in ns of UTC. Errors: what broke the block off goes on as it was; a ledger that cannot take the row
    either is not told over it.
    """
    try:
        yield
    except BaseException as e:
        with suppress(LedgerUnusable):
            run.end("interrupted" if isinstance(e, _INTERRUPTS) else "failed", now())
        raise
