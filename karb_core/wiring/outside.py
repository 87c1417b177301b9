"""What a desk's door opens to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from karb_core.domain.halt import Halt
from karb_core.wiring.inputs import Question
from karb_core.wiring.latest import Latest


class Outside(Protocol):
    """What lies beyond the door.

    now_ns: asked once for each input. market: the latest of everything. asks: an answer is handed in later, or never.
    wakes: the next time at which `Rang` is waited for, None for no time. halt, judges, ours: see `Step`; they are given
    how a house reads them.
    """

    def now_ns(self) -> int: ...
    def market(self) -> Latest: ...
    def asks(self, question: Question) -> None: ...
    def wakes(self, at_ns: int | None) -> None: ...
    def halt(self, read: Callable[[], Halt]) -> Halt: ...
    def judges(self, read: Callable[[], bool]) -> bool: ...
    def ours(self, read: Callable[[], bool]) -> bool: ...
