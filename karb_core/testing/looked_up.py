"""A mapping that remembers which of its keys were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LookedUp(Mapping[K, V]):
    """`asked`: each key that was looked up, there or not. Walking over all of them asks for none."""

    def __init__(self, of: Mapping[K, V]) -> None:
        self._of = of
        self.asked: set[object] = set()

    def __getitem__(self, key: K) -> V:
        self.asked.add(key)
        return self._of[key]

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return key in self._of

    def __iter__(self) -> Iterator[K]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)
