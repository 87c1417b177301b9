"""Rows that a leg lacked when the next bar had closed: nobody judges them, and the owner hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from karb_core.domain.instant import to_text
from karb_core.domain.instrument import Instrument
from karb_core.texts.text import Said, Text


def _unheard(_: Said) -> None:
    """Nobody listens."""


def _always() -> bool:
    return True


@dataclass(slots=True)
class PassedOver:
    """A spell lasts from the first such row of a pair until a whole one comes: its begin is said once, and its end with
    how many they were. `matter`: whether rows are judged at all yet; of a spell that began before, the next row is said.

    counts: by pair, how many rows in the spell that lasts; none where the last row was whole.
    """

    say: Callable[[Said], None] = _unheard
    matter: Callable[[], bool] = _always
    counts: dict[str, int] = field(init=False, default_factory=dict)
    _said: set[str] = field(init=False, default_factory=set)

    def lacks(self, pair: str, lacked: Mapping[int, tuple[Instrument, ...]]) -> None:
        for at_ns, legs in sorted(lacked.items()):
            self.counts[pair] = self.counts.get(pair, 0) + 1  # karb: constant because it counts rows for people to read
            if pair not in self._said and self.matter():
                self._said.add(pair)
                told = {"pair": pair, "at": to_text(at_ns), "legs": ", ".join(leg.text() for leg in legs)}
                self.say(Text("run.passed_over", told))

    def is_whole(self, pair: str) -> None:
        count = self.counts.pop(pair, 0)  # karb: constant because a pair without a spell lacked none
        if pair in self._said:
            self._said.discard(pair)
            self.say(Text("run.whole_again", {"pair": pair, "count": count}))
