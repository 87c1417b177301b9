"""How often each venue came back: counted from one look at the market to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from karb_core.ports import Document

_UP = "up"


@dataclass(slots=True)
class Returns:
    """`counted`: by venue. Edge: what was down for less than the time between two looks is not counted."""

    counted: Counter[str] = field(default_factory=Counter)
    _down: set[str] = field(default_factory=set)

    def take(self, markets: Iterable[Document]) -> None:
        states: dict[str, set[str]] = {}
        for told in markets:
            legs = told["legs"]
            assert isinstance(legs, list)
            for leg in legs:
                states.setdefault(leg["venue"], set()).update(leg["status"])
        for venue, found in states.items():
            self.counted[venue] += 0
            if found - {_UP}:
                self._down.add(venue)
            elif venue in self._down:
                self._down.discard(venue)
                self.counted[venue] += 1
