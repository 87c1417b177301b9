"""What executors ask for that the simulation in their place cannot do."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text


def unsimulated(rulebook: Rulebook, mode: str) -> Iterator[tuple[Seat, Text]]:
    """Each executor whose `margin` the mode's simulation does not know, and the sentence that says so."""
    simulation = next((s for s in rulebook.seats_of("simulate") if s.path[1] == mode), None)
    known: frozenset[str] | None = getattr(simulation.offer.component, "margins", None) if simulation else None
    for seat in rulebook.seats_of("executors"):
        # karb: constant because an executor without margin asks for none
        margin: str | None = getattr(seat.params, "margin", None)
        if simulation is not None and known is not None and margin is not None and margin not in known:
            args = {"use": simulation.use, "mode": mode, "margin": margin, "known": ", ".join(sorted(known))}
            yield seat, Text("mode.margin", args)
