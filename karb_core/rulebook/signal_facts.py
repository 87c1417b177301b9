"""What the file's signal says of itself: which sides, tiers and way out its parameters state."""

from __future__ import annotations

from dataclasses import replace

from karb_core.ports import SignalFacts
from karb_core.rulebook.asking import asked
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.shape import Path


def signal_facts(rulebook: Rulebook) -> SignalFacts | None:
    """None where it does not say. Errors: ComponentRaised for a signal that cannot."""
    seats = rulebook.seats_of("signal")
    if not seats:
        return None
    seat, inside = _speaks(seats[0])
    found = asked(seat.offer.component, seat.use, seat.path, "facts", seat.params)
    return _placed(found, inside) if isinstance(found, SignalFacts) else None


def _speaks(seat: Seat) -> tuple[Seat, Path]:
    """The one whose word is the seat's own: a component may speak through one that it names. And its place in `with:`."""
    through = getattr(seat.offer.component, "speaks_through", None)
    named = next((one for one in seat.inner if one.path == (*seat.path, "with", through)), None)
    if named is None:
        return seat, ()
    found, inside = _speaks(named)
    return found, (str(through), "with", *inside)


def _placed(facts: SignalFacts, inside: Path) -> SignalFacts:
    """Its paths as they are from outside."""
    return replace(
        facts,
        sides={side: (*inside, *path) for side, path in facts.sides.items()},
        tiers={name: replace(tier, path=(*inside, *tier.path)) for name, tier in facts.tiers.items()},
        min_premium_path=(*inside, *facts.min_premium_path) if facts.min_premium_path else (),
    )
