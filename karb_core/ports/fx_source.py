"""The FX source port: rates with their source and its own time, never a constant."""

from __future__ import annotations

from typing import Protocol


class FxSource(Protocol):
    """What a rate's seat is asked for at entries. Rates themselves come as events, in a backtest from the dataset.

    max_age_ns: the oldest that may stand while the rate's market is open; when_closed_ns: while it is not, None to
    refuse then. is_open follows from the clock alone.
    """

    def max_age_ns(self) -> int: ...
    def when_closed_ns(self) -> int | None: ...
    def is_open(self, at_ns: int) -> bool: ...
