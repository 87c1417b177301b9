"""The FX source port: rates with their source and its own time, never a constant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from karb_core.domain.market import FxRate
from karb_core.ports.account import Secrets
from karb_core.ports.clock import Clock

EmitRate = Callable[[FxRate], None]


class FxSource(Protocol):
    """What a rate's seat is asked for at entries, and the rates themselves; in a backtest those come from the dataset.

    max_age_ns: the oldest that may stand while the rate's market is open; when_closed_ns: while it is not, None to
    refuse then. is_open follows from the clock alone. run: until it is cancelled, each rate as it becomes known.
    past: rates from a time (inclusive) to a time (exclusive), oldest first; empty where the source has none.
    """

    def max_age_ns(self) -> int: ...
    def when_closed_ns(self) -> int | None: ...
    def is_open(self, at_ns: int) -> bool: ...
    async def run(self, emit: EmitRate, clock: Clock) -> None: ...
    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]: ...


@runtime_checkable
class OpensSource(Protocol):
    """A source that is asked with a key. open_source: asks nothing yet. Errors: `SecretUnset`."""

    def open_source(self, secrets: Secrets) -> FxSource: ...
