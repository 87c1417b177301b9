"""What people call the venues of a file, as the plugins of its feeds say."""

from __future__ import annotations

from collections.abc import Mapping

from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Words


def venues_called(rulebook: Rulebook) -> dict[str, Words]:
    """Those that are called anything."""
    called: dict[str, Words] = {}
    for seat in rulebook.seats_of("feeds"):
        told = getattr(seat.offer.component, "called", None)
        called |= told if isinstance(told, Mapping) else {}
    return called
