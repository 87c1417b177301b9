"""How a venue and each of its markets stand, told when it changes: what is wrong is never passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import VenueState, VenueStatus

_MINUTE_NS = 60 * 1_000_000_000  # karb: constant because it says how often a flaw is told, and no order waits for it
_WORST_FIRST = (VenueState.DOWN, VenueState.DEGRADED, VenueState.UP)
_State = tuple[VenueState, str]
_UP: _State = (VenueState.UP, "")


@dataclass(slots=True)
class Standing:
    """lines: the names of those that the venue is heard over. It stands as the worst of them, and is up once all are;
    None stands for the venue as a whole.

    A flaw makes what is up degraded, until a minute passed without one. Edge: it is told at its first time only, until
    it was told to be well again. A market is told as it is once it is not up.
    """

    emit: Callable[[VenueStatus], None]
    venue: str
    lines: tuple[str, ...]
    _of_lines: dict[str, _State] = field(init=False, default_factory=dict)
    _of_markets: dict[Instrument, _State] = field(init=False, default_factory=dict)
    _flawed_ns: dict[Instrument | None, int] = field(init=False, default_factory=dict)
    _told: dict[Instrument | None, VenueState] = field(init=False, default_factory=dict)

    def line(self, name: str, state: VenueState, why: str, now_ns: int) -> None:
        self._of_lines[name] = (state, why)
        self._tell_anew(None, now_ns)

    def market(self, instrument: Instrument, state: VenueState, note: str, now_ns: int) -> None:
        self._of_markets[instrument] = (state, note)
        if state is not VenueState.UP or instrument in self._told:
            self._tell_anew(instrument, now_ns)

    def flawed(self, scope: Instrument | None, note: str, now_ns: int) -> None:
        self._flawed_ns[scope] = now_ns
        stands = self._stands(scope)
        is_up = stands is not None and stands[0] is VenueState.UP
        if is_up or self._told.get(scope, VenueState.UP) is VenueState.UP:
            self._tell(scope, VenueState.DEGRADED, note, now_ns)

    def sound(self, instrument: Instrument, now_ns: int) -> None:
        """Something of this market came as it should. Its flaws, and the venue's, are over once they are old enough."""
        for scope in (instrument, None):
            flawed_ns = self._flawed_ns.get(scope)
            if flawed_ns is not None and now_ns - flawed_ns > _MINUTE_NS:
                del self._flawed_ns[scope]
                self._tell_anew(scope, now_ns)

    def _stands(self, scope: Instrument | None) -> _State | None:
        """But for its flaws. None for a venue of which nothing is wrong, and some lines have not told anything yet."""
        if scope is not None:
            return self._of_markets.get(scope, _UP)
        known = self._of_lines.values()
        worst = next((each for state in _WORST_FIRST for each in known if each[0] is state), _UP)
        return None if worst[0] is VenueState.UP and len(known) < len(self.lines) else worst

    def _tell_anew(self, scope: Instrument | None, now_ns: int) -> None:
        stands = self._stands(scope)
        if stands is not None and (stands[0] is not VenueState.UP or scope not in self._flawed_ns):
            self._tell(scope, *stands, now_ns)

    def _tell(self, scope: Instrument | None, state: VenueState, note: str, now_ns: int) -> None:
        if state is not self._told.get(scope):
            self._told[scope] = state
            self.emit(VenueStatus(self.venue, scope, state, note, now_ns, now_ns))
