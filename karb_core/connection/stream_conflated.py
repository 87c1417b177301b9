"""What came and was not taken yet, the latest of each thing: who is slow sees less, and never what is old."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class Conflated(Generic[K, V]):
    """One place for each key, so it never holds more than there are keys. Only complete states may stand here.

    `dropped` counts what a later one replaced before anybody took it.
    """

    dropped: int = field(init=False, default=0)
    _waiting: dict[K, V] = field(init=False, default_factory=dict)
    _came: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def put(self, key: K, value: V) -> None:
        """Edge: what replaces another goes to the end of the line, so that what is taken is in the order it came."""
        if self._waiting.pop(key, None) is not None:
            self.dropped += 1
        self._waiting[key] = value
        self._came.set()

    async def take(self) -> list[V]:
        """Everything that waits, in the order in which it came, once there is anything."""
        await self._came.wait()
        self._came.clear()
        taken = list(self._waiting.values())
        self._waiting.clear()
        return taken
