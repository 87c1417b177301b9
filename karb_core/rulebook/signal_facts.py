"""What the file's signal says of itself: which sides, tiers and way out its parameters state."""

from __future__ import annotations

from karb_core.ports import SignalFacts
from karb_core.rulebook.asking import asked
from karb_core.rulebook.rulebook import Rulebook


def signal_facts(rulebook: Rulebook) -> SignalFacts | None:
    """None where it does not say. Errors: ComponentRaised for a signal that cannot."""
    seats = rulebook.seats_of("signal")
    if not seats:
        return None
    found = asked(seats[0].offer.component, seats[0].use, seats[0].path, "facts", seats[0].params)
    return found if isinstance(found, SignalFacts) else None
