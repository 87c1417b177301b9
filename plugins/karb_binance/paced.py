"""A listing that a desk asks for every second and Binance lets nobody ask for so often: told again as it was meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class _Timed(Protocol):
    @property
    def venue_at_ns(self) -> int: ...


R = TypeVar("R", bound=_Timed)


@dataclass(slots=True)
class Paced(Generic[R]):
    """`every_ns`: how long an answer is told again; `forget` ends it, for what was done may have changed it.

    Edge: what lies before the time that was asked from is asked for at once; an answer that was asked for before it was
    forgotten is told to nobody after. Errors: those of `reads`.
    """

    reads: Callable[[int], Awaitable[Sequence[R]]]
    every_ns: int
    now_ns: Callable[[], int]
    _since_ns: int = field(init=False, default=0)
    _read_ns: int | None = field(init=False, default=None)
    _rows: Sequence[R] = field(init=False, default=())
    _forgotten: int = field(init=False, default=0)

    async def since(self, venue_at_ns: int) -> list[R]:
        old = self._read_ns is None or self.now_ns() - self._read_ns >= self.every_ns
        if old or venue_at_ns < self._since_ns:
            asked_ns, forgotten = self.now_ns(), self._forgotten
            rows = await self.reads(venue_at_ns)
            if forgotten != self._forgotten:
                return list(rows)
            self._rows, self._since_ns, self._read_ns = rows, venue_at_ns, asked_ns
        return [row for row in self._rows if row.venue_at_ns >= venue_at_ns]

    def forget(self) -> None:
        self._forgotten += 1
        self._read_ns = None
