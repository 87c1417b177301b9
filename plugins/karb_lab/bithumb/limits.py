"""How many calls Bithumb takes in a second, by category. Source: Bithumb's page on rate limits of October 2026."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus

from karb_core.ports import Clock
from karb_lab.korean.refused import Refused

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_PUBLIC = 150  # karb: constant because Bithumb's page states it
_PRIVATE = 140  # karb: constant because Bithumb's page states it
_SEVERAL = 20  # karb: constant because Bithumb's page states it

#: Calls in one second.
GROUPS = {
    "market": _PUBLIC,
    "candle": _PUBLIC,
    "trade": _PUBLIC,
    "ticker": _PUBLIC,
    "orderbook": _PUBLIC,
    "order": _PRIVATE,
    "cancel": _PRIVATE,
    "other": _PRIVATE,
    "several": _SEVERAL,
}


class Limits:
    """Windows of the venue's own seconds. Nothing is said of what is left. `who`: the address that asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._window = 0
        self._used: defaultdict[tuple[str, str], int] = defaultdict(int)

    def take(self, group: str, who: str) -> None:
        """Counts one call. Errors: `Refused` 429 beyond the limit."""
        window = self._clock.now_ns() // _SECOND_NS
        if window != self._window:
            self._window = window
            self._used.clear()
        self._used[group, who] += 1
        if self._used[group, who] > GROUPS[group]:
            raise too_many()


def too_many() -> Refused:
    """Edge: its name is a number; Bithumb's page of errors gives it none."""
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.TOO_MANY_REQUESTS.value, "Too many requests")
