"""Whether a venue, or a market of it, says that it is down, or nobody reaches it.

While it is, nothing is entered there, and a way out that the exit policy takes waits too: one of its legs could not be
traded, so the other would be traded back, and that again and again. What is demanded, forced or flattened goes all the
same. What was never told of is not down: how old a price may be is a rule of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from karb_core.domain.decisions import Denied
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState
from karb_core.ports import MarketView


def down(pair: str, legs: Iterable[Instrument], view: MarketView) -> Iterator[Denied]:
    """Why nothing may be planned on these legs; empty where none is down. Degraded is not down."""
    for leg in legs:
        for of in (None, leg):
            known = view.status.get((leg.venue, of))
            if known is not None and known.state is VenueState.DOWN:
                what = leg.venue if of is None else of.text()
                yield Denied(f"/pairs/{pair}", f"{what} is down: {known.note}", "a venue that answers")
