"""How an account stands, told again for a moment: a desk asks every second, and Binance lets nobody ask so often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Lasting(Generic[T]):
    """`for_ns`: how long an answer is told again; `forget` ends it, for what was done may have changed it.

    Edge: an answer that was asked for before it was forgotten is told to whoever asked, and to nobody after.
    Errors: those of `reads`.
    """

    reads: Callable[[], Awaitable[T]]
    for_ns: int
    now_ns: Callable[[], int]
    _known: tuple[int, T] | None = field(init=False, default=None)
    _forgotten: int = field(init=False, default=0)

    async def now(self) -> T:
        if self._known is not None and self.now_ns() - self._known[0] < self.for_ns:
            return self._known[1]
        asked_ns, forgotten = self.now_ns(), self._forgotten
        told = await self.reads()
        if forgotten == self._forgotten:
            self._known = asked_ns, told
        return told

    def forget(self) -> None:
        self._forgotten += 1
        self._known = None
