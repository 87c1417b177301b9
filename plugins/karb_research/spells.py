"""When each event of a scenario is on, once the parts of the play have begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.rules.exits import nanoseconds
from karb_research.happenings import Moves
from karb_research.scenario import Event, Phase

_STEP = Decimal("0.000001")  # karb: constant because it is how finely a move of prices is drawn


@dataclass(frozen=True, slots=True)
class Spell:
    """An event, by its number in the file, at its place in time.

    Unit: ns of UTC. `until_ns`: None as long as its part of the play goes on.
    """

    number: int
    event: Event
    from_ns: int
    until_ns: int | None

    def on(self, at_ns: int) -> bool:
        """Edge: on at its first moment, over at its last."""
        return self.from_ns <= at_ns and (self.until_ns is None or at_ns < self.until_ns)

    def moved(self, moves: Moves, at_ns: int) -> Decimal:
        """How much of its way a price has gone by then, from 0 to 1."""
        gone = _part(at_ns - self.from_ns, nanoseconds(moves.within))
        if self.until_ns is None or at_ns < self.until_ns or moves.back_within is None:
            return gone
        back = _part(at_ns - self.until_ns, nanoseconds(moves.back_within))
        return exact.mul(gone, exact.sub(Decimal(1), back))

    def moving(self, moves: Moves, at_ns: int) -> bool:
        """Whether the price is on its way then, or has just arrived."""
        if self.from_ns <= at_ns <= self.from_ns + nanoseconds(moves.within):
            return True
        back = moves.back_within
        return self.until_ns is not None and back is not None and 0 <= at_ns - self.until_ns <= nanoseconds(back)


def spells(
    events: tuple[Event, ...], began: Mapping[Phase, int], over: Mapping[Phase, int], close: Callable[[int], int]
) -> tuple[Spell, ...]:
    """Those whose part of the play has begun, in the order of the file. `close`: the first close of a bar after a time."""
    found = []
    for number, event in enumerate(events):
        if event.when in began:
            part_ns = began[event.when]
            from_ns = (close(part_ns) if event.from_ == "close" else part_ns) + nanoseconds(event.after)
            until_ns = over.get(event.when) if event.for_ is None else from_ns + nanoseconds(event.for_)
            found.append(Spell(number, event, from_ns, until_ns))
    return tuple(found)


def happening(kind: str, among: tuple[Spell, ...], at_ns: int) -> Iterator[Any]:
    """The blocks of this name that are on: each with its own keys."""
    for spell in among:
        block = getattr(spell.event.happens, kind)
        if block is not None and spell.on(at_ns):
            yield block


def _part(passed_ns: int, whole_ns: int) -> Decimal:
    if passed_ns <= 0:
        return Decimal(0)
    return min(Decimal(1), exact.divide(Decimal(passed_ns), Decimal(whole_ns), _STEP, Rounding.FLOOR))
