"""The premium of the last hour, so that a page that is opened has a line to draw."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_EVERY_NS = 5_000_000_000  # karb: constant because a chart of an hour shows no finer step
_KEPT = 720  # karb: constant because it bounds memory: an hour of such steps


@dataclass(slots=True)
class History:
    """A point is when it was, and the premium at both rates, as text; None where one was not known."""

    _points: dict[tuple[str, str], deque[tuple[str, str | None, str | None]]] = field(init=False, default_factory=dict)
    _last_ns: int = field(init=False, default=0)

    def take(self, markets: Iterable[Mapping[str, Any]], now_ns: int) -> None:
        """Edge: what comes sooner than a step after the last is not kept."""
        if now_ns - self._last_ns < _EVERY_NS:
            return
        self._last_ns = now_ns
        for market in markets:
            kept = self._points.setdefault((market["strategy"], market["pair"]), deque(maxlen=_KEPT))
            kept.append((market["as_of"], market["premium"].get("premium"), market["premium"].get("money")))

    def told(self) -> list[dict[str, object]]:
        return [
            {"strategy": s, "pair": p, "points": [list(each) for each in kept]} for (s, p), kept in self._points.items()
        ]
