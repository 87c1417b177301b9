"""What a local venue offers and what has traded there, instrument by instrument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FundingRate, Mark
from karb_core.venue.offers import Offers
from karb_lab.tape import Tape


@dataclass(slots=True)
class Quoted:
    """One instrument as it stands. `version` rises with every change of its book, `changed_ns` is the time of the last.

    `mark`, `funding`: of perpetuals, None until told.
    """

    offers: Offers
    tape: Tape = field(default_factory=Tape)
    version: int = 1
    changed_ns: int = 0
    mark: Mark | None = None
    funding: FundingRate | None = None
    settled: list[tuple[FundingRate, Decimal]] = field(default_factory=list)


class Market:
    """The instruments of one venue. What it holds changes by its venue's hand only."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._quoted = {one: Quoted(Offers(Depth(one, (), (), 0, 0))) for one in instruments}

    def __getitem__(self, instrument: Instrument) -> Quoted:
        """Errors: KeyError for one that is not traded here."""
        return self._quoted[instrument]

    @property
    def quoted(self) -> Mapping[Instrument, Quoted]:
        return self._quoted
