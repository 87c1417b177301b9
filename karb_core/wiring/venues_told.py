"""The owner hears of a venue, or one market of it, that is down, and that it is back: each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import MarketEvent, VenueState, VenueStatus
from karb_core.texts.text import Said, Text, render


@dataclass(slots=True)
class VenuesTold:
    """`say` tells whoever watches; `stopped` is told why entries wait there, for channels.

    Edge: degraded is neither: what can be relied on is the gates' question, and they look at ages.
    """

    say: Callable[[Said], None]
    stopped: Callable[[str], None]
    _down: set[tuple[str, Instrument | None]] = field(init=False, default_factory=set)

    def take(self, event: MarketEvent) -> None:
        if not isinstance(event, VenueStatus):
            return
        of = (event.venue, event.instrument)
        what = event.venue if event.instrument is None else event.instrument.text()
        if event.state is VenueState.DOWN and of not in self._down:
            self._down.add(of)
            said = Text("run.venue_down", {"what": what, "why": event.note})
            self.say(said)
            self.stopped(render(said))
        elif event.state is VenueState.UP and of in self._down:
            self._down.discard(of)
            self.say(Text("run.venue_up", {"what": what}))
