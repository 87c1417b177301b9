"""Values that are made only when somebody looks at them: most moments nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True, slots=True)
class WhenAsked(Mapping[Key, Value]):
    """`made`: by key, what makes its value. Making it twice gives the same twice."""

    made: Mapping[Key, Callable[[], Value]]

    def __getitem__(self, key: Key) -> Value:
        return self.made[key]()

    def __iter__(self) -> Iterator[Key]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)
