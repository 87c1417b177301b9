"""Whether the venues show what the books say. While they do not, or nobody has looked, nothing is entered there.

A way out that the exit policy takes waits too: where a position is not what the books say, one of its legs cannot be
traded, and it would be traded back and tried again for ever. What is demanded, forced or flattened goes all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied
from karb_core.domain.holdings import Holdings
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.statement import VenuePosition


@dataclass(frozen=True, slots=True)
class Difference:
    """One perpetual of which a venue shows another position than the books. Unit: base, signed."""

    instrument: Instrument
    ours: Decimal
    theirs: Decimal

    def text(self) -> str:
        ours, theirs = exact.text(self.ours), exact.text(self.theirs)
        return f"{self.instrument.text()}: {theirs} at the venue, {ours} in the books"


def differences(
    venue: str,
    positions: Mapping[Instrument, VenuePosition],
    holdings: Holdings,
    facts: Mapping[Instrument, InstrumentFacts],
) -> Iterator[Difference]:
    """Every perpetual of this venue that a pair trades. A venue knows one position per instrument, so one that is
    partly somebody else's cannot be told from ours: it has to be ours whole.
    """
    for instrument, stated in facts.items():
        if instrument.venue != venue or stated.margin_asset is None:
            continue
        ours = holdings.position(instrument).amount
        theirs = positions[instrument].amount if instrument in positions else Decimal(0)
        if ours != theirs:
            yield Difference(instrument, ours, theirs)


@dataclass(slots=True)
class Agreement:
    """By venue, what differed when it was compared last; a venue that is not here was never compared."""

    found: dict[str, tuple[Difference, ...]] = field(default_factory=dict)

    def compared(self, venue: str, found: Iterable[Difference]) -> None:
        self.found[venue] = tuple(found)

    def forget(self, legs: Iterable[Instrument]) -> None:
        """Something there did not go as planned: it is to be compared before the next plan."""
        for leg in legs:
            self.found.pop(leg.venue, None)

    def differs(self, leg: Instrument) -> bool:
        return any(difference.instrument == leg for difference in self.found.get(leg.venue, ()))

    def bars(self, pair: str, legs: Iterable[Instrument]) -> Iterator[Denied]:
        """Why nothing may be planned on these legs; empty where all agree."""
        for leg in legs:
            if leg.venue not in self.found:
                yield Denied(f"/pairs/{pair}", f"{leg.venue} was not compared yet", "books that agree with the venue")
                continue
            for difference in self.found[leg.venue]:
                if difference.instrument == leg:
                    yield Denied(f"/pairs/{pair}", difference.text(), "books that agree with the venue")
