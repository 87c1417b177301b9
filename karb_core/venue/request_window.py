"""How long a request may travel: after that a venue refuses it, so an order it does not know by then is dead."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.domain.orders import Order, Rejected
from karb_core.venue.refusals import Refusal


@dataclass(frozen=True, slots=True)
class RequestWindow:
    """What a venue's clock may show when a request arrives, beside the time that its sender wrote on it.

    Unit: ns; `window_ns` after the stamp, `ahead_ns` before it (a sender whose clock is fast). Edge: exactly either
    is taken. Source: Binance, `recvWindow`.
    """

    window_ns: int
    ahead_ns: int

    def __post_init__(self) -> None:
        if self.window_ns <= 0 or self.ahead_ns < 0:
            raise ValueError(f"no request fits a window of {self.window_ns} ns, {self.ahead_ns} ns ahead")

    def refusal(self, order: Order, stamped_ns: int, arrived_ns: int) -> Rejected | None:
        """Why the request comes too late or too early; None if it is in time. Its id stays free: nothing read it."""
        late_ns = arrived_ns - stamped_ns
        if -self.ahead_ns <= late_ns <= self.window_ns:
            return None
        return Refusal.OUT_OF_WINDOW.of(order, f"stamped {stamped_ns}, arrived {arrived_ns}: {late_ns} ns")

    def is_over(self, stamped_ns: int, venue_ns: int) -> bool:
        """Whether a request with this stamp is refused from now on, whenever it may still arrive.

        `venue_ns` is the venue's own clock, so that a sender's wrong clock cannot prove an order dead that lives.
        """
        return venue_ns - stamped_ns > self.window_ns
