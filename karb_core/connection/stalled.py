"""Whether a line that is open still tells anything: a socket that answers pings can serve a dead book for hours."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Stalled:
    """Two watches over one line, both read on our clock and in nanoseconds.

    idle_ns: the longest without any message. stall_ns: the longest in which the venue's own time, as its market data
    tell it, does not advance, whatever else comes. Edge: exactly the bound is still alive.
    """

    idle_ns: int
    stall_ns: int
    _heard_ns: int = field(init=False, default=0)
    _moved_ns: int = field(init=False, default=0)
    _venue_ns: int | None = field(init=False, default=None)

    def opened(self, now_ns: int) -> None:
        """A new line: both watches begin, and the venue may tell what it told before."""
        self._heard_ns = self._moved_ns = now_ns
        self._venue_ns = None

    def heard(self, now_ns: int, venue_ns: int | None) -> None:
        """A message; `venue_ns` is the venue's time in it, None where it is no market data (an answered ping)."""
        self._heard_ns = now_ns
        if venue_ns is not None and (self._venue_ns is None or venue_ns > self._venue_ns):
            self._moved_ns, self._venue_ns = now_ns, venue_ns

    def why(self, now_ns: int) -> str | None:
        """Why the line is given up, None while it is alive."""
        if now_ns - self._heard_ns > self.idle_ns:
            return "nothing came"
        if now_ns - self._moved_ns > self.stall_ns:
            return "its time stands still"
        return None

    def due_ns(self) -> int:
        """The last moment at which it is alive if nothing more comes."""
        return min(self._heard_ns + self.idle_ns, self._moved_ns + self.stall_ns)
