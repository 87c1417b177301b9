"""How Binance and each of its markets stand, told when it changes: what is wrong is never passed over in silence."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_binance.symbols import VENUE
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState, VenueStatus
from karb_core.ports.feed import Emit

_MINUTE_NS = 60 * 1_000_000_000  # karb: constant because it says how often a flaw is told, and no order waits for it
_WORST_FIRST = (VenueState.DOWN, VenueState.DEGRADED, VenueState.UP)


@dataclass(slots=True)
class Standing:
    """lines: their names. The venue stands as the worst of them, and is up once all are; None stands for the venue.

    A flaw makes what is up degraded, until a minute passed without one.
    """

    emit: Emit
    lines: tuple[str, ...]
    _of_lines: dict[str, tuple[VenueState, str]] = field(init=False, default_factory=dict)
    _flawed_ns: dict[Instrument | None, int] = field(init=False, default_factory=dict)
    _told: dict[Instrument | None, VenueState] = field(init=False, default_factory=dict)

    def line(self, name: str, state: VenueState, why: str, now_ns: int) -> None:
        self._of_lines[name] = (state, why)
        self._tell_venue(now_ns)

    def flawed(self, instrument: Instrument | None, note: str, now_ns: int) -> None:
        """Edge: told at its first time only, until it was told to be well again."""
        self._flawed_ns[instrument] = now_ns
        if self._told.get(instrument) in (None, VenueState.UP):
            self._tell(instrument, VenueState.DEGRADED, note, now_ns)

    def sound(self, instrument: Instrument, now_ns: int) -> None:
        """Something of this market came as it should. Its flaws, and the venue's, are over once they are old enough."""
        for scope in (instrument, None):
            flawed_ns = self._flawed_ns.get(scope)
            if flawed_ns is not None and now_ns - flawed_ns > _MINUTE_NS:
                del self._flawed_ns[scope]
                if scope is None:
                    self._tell_venue(now_ns)
                else:
                    self._tell(scope, VenueState.UP, "", now_ns)

    def _tell_venue(self, now_ns: int) -> None:
        known = self._of_lines.values()
        worst = next((state for state in _WORST_FIRST if any(state is each for each, _ in known)), VenueState.UP)
        note = next((why for state, why in known if state is worst), "")
        if worst is VenueState.UP and (len(self._of_lines) < len(self.lines) or None in self._flawed_ns):
            return
        self._tell(None, worst, note, now_ns)

    def _tell(self, scope: Instrument | None, state: VenueState, note: str, now_ns: int) -> None:
        if state is not self._told.get(scope):
            self._told[scope] = state
            self.emit(VenueStatus(VENUE, scope, state, note, now_ns, now_ns))
