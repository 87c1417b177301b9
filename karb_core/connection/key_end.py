"""Until when a key is good, as a venue writes it: `2027-01-09T19:36:34+09:00`."""

from __future__ import annotations

from datetime import datetime

from karb_core.domain.instant import to_ns


def ends_ns(told: str | None) -> int | None:
    """Nanoseconds since 1970. Edge: None for what names no moment with its zone: nothing is known of its end then.
    Source: Upbit's and Bithumb's pages on the list of API keys."""
    try:
        return None if told is None else to_ns(datetime.fromisoformat(told))
    except ValueError:
        return None
