"""One row of which something does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from karb_core.texts.text import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Violation:
    """Where it is, and what is wrong there. Edge: a row that should be there and is not is named by its place too."""

    table: str
    run_id: str
    ordinal: int
    said: Text


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """What a row says, and where it stands. `at` orders all that an account's runs wrote."""

    table: str
    run_id: str
    at: tuple[int, int]
    strategy: str
    value: T

    @property
    def ordinal(self) -> int:
        return self.at[1]

    def broken(self, said: Text) -> Violation:
        return Violation(self.table, self.run_id, self.ordinal, said)
