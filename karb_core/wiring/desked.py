"""One strategy of a house, as its owner steers it from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from karb_core.ports import Notifier
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.latest import Latest


@dataclass(frozen=True, slots=True)
class Desked:
    """One strategy of a house: where it is told something, and what it sees."""

    rulebook: Rulebook
    account: str
    latest: Latest
    channels: Sequence[Notifier]
    acknowledges: Callable[[], int] = lambda: 0  # karb: constant because nothing stands where nobody watches

    @property
    def name(self) -> str:
        return self.rulebook.file.name
