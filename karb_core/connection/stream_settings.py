"""How a stream is kept open: settings of the machine, which change when something is heard and never what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """idle, stall: as `Stalled`. back_off, back_off_cap, down_after: as `BackOff`. open_within: how long one attempt to
    connect may take. ping: how often `ping_text` is sent, so that the venue sees traffic; None where
    the venue sends pings itself, which the socket answers.
    """

    idle: timedelta
    stall: timedelta
    back_off: timedelta
    back_off_cap: timedelta
    down_after: int
    open_within: timedelta
    ping: timedelta
    ping_text: str | None
