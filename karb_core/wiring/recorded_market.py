"""The market as a recorded desk saw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, MarketEvent, Top
from karb_core.wiring.inputs import Saw


def told_by(saw: Saw | None, known: Mapping[Instrument, Top]) -> Iterator[MarketEvent]:
    """The events that a feed would have told for this to be seen; `known`: the tops before."""
    if saw is None:
        return
    for instrument in saw.gone:
        last = known[instrument]
        yield Depth(instrument, (), (), last.venue_at_ns, last.received_at_ns)
    for depth in saw.depths:
        before = known.get(depth.instrument)
        yield depth
        if before is not None:  # a book tells a top as well, and this one was seen beside it
            yield before
    yield from saw.tops
    yield from saw.marks
    yield from saw.funding
    yield from saw.status
    yield from saw.clocks
    yield from saw.cautions
