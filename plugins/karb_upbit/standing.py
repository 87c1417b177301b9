"""How the venue and each of its markets stand, told when it changes: what is wrong is never passed over in silence."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState, VenueStatus
from karb_core.ports.feed import Emit
from karb_upbit.codes import VENUE

_MINUTE_NS = 60 * 1_000_000_000  # karb: constant because it says how often a flaw is told, and no order waits for it


@dataclass(slots=True)
class _Stand:
    """state, note: as the line, or the market, says; flawed_ns: when something was wrong last, None while nothing is."""

    state: VenueState = VenueState.UP
    note: str = ""
    flawed_ns: int | None = None
    told: VenueState | None = None


@dataclass(slots=True)
class Standing:
    """None stands for the venue as a whole. A flaw makes what is up degraded, until a minute passed without one.

    Edge: a flaw of a market is told at its first time only; of the venue too, until it was told to be well again.
    """

    emit: Emit
    _stands: dict[Instrument | None, _Stand] = field(init=False, default_factory=dict)

    def line(self, state: VenueState, why: str, now_ns: int) -> None:
        self._set(None, state, why, now_ns)

    def market(self, instrument: Instrument, state: VenueState, note: str, now_ns: int) -> None:
        self._set(instrument, state, note, now_ns)

    def flawed(self, instrument: Instrument | None, note: str, now_ns: int) -> None:
        stand = self._of(instrument)
        stand.flawed_ns = now_ns
        if stand.state is VenueState.UP:
            self._tell(instrument, VenueState.DEGRADED, note, now_ns)

    def sound(self, instrument: Instrument, now_ns: int) -> None:
        """Something of this market came as it should. Its flaws, and the venue's, are over once they are old enough."""
        for scope in (instrument, None):
            stand = self._of(scope)
            if stand.flawed_ns is not None and now_ns - stand.flawed_ns > _MINUTE_NS:
                stand.flawed_ns = None
                self._tell(scope, stand.state, stand.note, now_ns)

    def _set(self, scope: Instrument | None, state: VenueState, note: str, now_ns: int) -> None:
        stand = self._of(scope)
        stand.state, stand.note = state, note
        flawed = stand.flawed_ns is not None and state is VenueState.UP
        if not flawed and (stand.told is not None or scope is None or state is not VenueState.UP):
            self._tell(scope, state, note, now_ns)

    def _tell(self, scope: Instrument | None, state: VenueState, note: str, now_ns: int) -> None:
        stand = self._of(scope)
        if state is not stand.told:
            stand.told = state
            self.emit(VenueStatus(VENUE, scope, state, note, now_ns, now_ns))

    def _of(self, scope: Instrument | None) -> _Stand:
        return self._stands.setdefault(scope, _Stand())
